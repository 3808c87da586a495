/*
 * Copyright 2026-present the iam-datasource authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.github.iamdatasource.endpoint;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RdsHostname}.
 */
class RdsHostnameTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			# instances
			orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com,                         eu-west-1
			ORDERS.C1A2B3C4D5E6.EU-WEST-1.RDS.AMAZONAWS.COM,                         eu-west-1
			orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com.,                        eu-west-1
			orders.c1a2b3c4d5e6.ap-southeast-7.rds.amazonaws.com,                    ap-southeast-7
			# Aurora cluster, reader and custom endpoints
			orders.cluster-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com,                 us-east-1
			orders.cluster-ro-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com,              us-east-1
			reports.cluster-custom-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com,         us-east-1
			# RDS Proxy and its own endpoints
			pooled.proxy-c1a2b3c4d5e6.us-west-2.rds.amazonaws.com,                   us-west-2
			readers.endpoint.proxy-c1a2b3c4d5e6.us-west-2.rds.amazonaws.com,         us-west-2
			# other partitions
			orders.c1a2b3c4d5e6.rds.cn-north-1.amazonaws.com.cn,                     cn-north-1
			orders.cluster-c1a2b3c4d5e6.rds.cn-northwest-1.amazonaws.com.cn,         cn-northwest-1
			orders.c1a2b3c4d5e6.us-gov-west-1.rds.amazonaws.com,                     us-gov-west-1
			orders.c1a2b3c4d5e6.rds.us-gov-east-1.amazonaws.com,                     us-gov-east-1
			orders.c1a2b3c4d5e6.rds.us-iso-east-1.c2s.ic.gov,                        us-iso-east-1
			orders.c1a2b3c4d5e6.rds.us-isob-east-1.sc2s.sgov.gov,                    us-isob-east-1
			orders.c1a2b3c4d5e6.eusc-de-east-1.rds.amazonaws.eu,                     eusc-de-east-1
			""")
	void knowsTheRegionOfAnRdsName(String hostname, String region) {
		assertThat(RdsHostname.parse(hostname)).map(RdsHostname::region).contains(region);
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders.global-c1a2b3c4d5e6.global.rds.amazonaws.com" })
	void knowsAGlobalWriterEndpointThatNamesNoRegion(String hostname) {
		assertThat(RdsHostname.parse(hostname)).get().extracting(RdsHostname::region).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "127.0.0.1", "::1", "db.example.com", "rds.amazonaws.com",
			"eu-west-1.rds.amazonaws.com", "orders.eu-west-1.rds.amazonaws.com",
			"orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com.example.com",
			"orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.org", "orders.c1a2b3c4d5e6.eu-west.rds.amazonaws.com",
			"orders.c1a2b3c4d5e6.eu-west-1.ec2.amazonaws.com", "orders_c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			"orders.c1a2b3c4d5e6.eu-west-1xrds.amazonaws.com", "" })
	void knowsWhatIsNoRdsName(String hostname) {
		assertThat(RdsHostname.parse(hostname)).isEmpty();
	}

}

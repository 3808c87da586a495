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
package io.github.iamdatasource.emulator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RdsEndpointTests {

	@ParameterizedTest
	@CsvSource({ "eu-west-1,aws", "ap-southeast-12,aws", "mx-central-1,aws", "cn-northwest-1,aws-cn",
			"us-gov-east-1,aws-us-gov", "us-iso-east-1,aws-iso", "us-isob-east-1,aws-iso-b", "eu-isoe-west-1,aws-iso-e",
			"us-isof-south-1,aws-iso-f", "eusc-de-east-1,aws-eusc" })
	void arnIsInTheRegionsPartition(String region, String partition) {
		RdsEndpoint endpoint = new RdsEndpoint("localhost", 5432, region, "123456789012", "cluster-ABC");
		assertThat(endpoint.dbUserArn("app"))
			.isEqualTo("arn:" + partition + ":rds-db:" + region + ":123456789012:dbuser:cluster-ABC/app");
	}

	@ParameterizedTest
	@CsvSource({ "abc123.dsql.us-east-1.on.aws,us-east-1,aws", "abc123.dsql-fnh4.us-east-1.on.aws,us-east-1,aws",
			"abc123.dsql.cn-north-1.on.amazonwebservices.com.cn,cn-north-1,aws-cn" })
	void resourceOfDsqlIsTheClusterThatTheHostNames(String hostname, String region, String partition) {
		RdsEndpoint endpoint = new RdsEndpoint(hostname, 5432, region, "123456789012", "db-ABC");
		assertThat(endpoint.resourceArn("app"))
			.isEqualTo("arn:" + partition + ":dsql:" + region + ":123456789012:cluster/abc123");
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "orders.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com", "dsql.us-east-1.on.aws" })
	void resourceOfOthersIsTheUser(String hostname) {
		RdsEndpoint endpoint = new RdsEndpoint(hostname, 5432, "us-east-1", "123456789012", "db-ABC");
		assertThat(endpoint.resourceArn("app")).isEqualTo(endpoint.dbUserArn("app"));
	}

	@Test
	void wrongFormsAreExplained() {
		assertWrong("ORDERS.example.com", 1, "eu-west-1", "123456789012", "db-A", "host name 'ORDERS.example.com'");
		assertWrong("", 1, "eu-west-1", "123456789012", "db-A", "host name ''");
		assertWrong("localhost", 65536, "eu-west-1", "123456789012", "db-A", "port 65536");
		assertWrong("localhost", 1, "Ireland", "123456789012", "db-A", "looks like eu-west-1");
		assertWrong("localhost", 1, "eu-west-1", "1234-5678-9012", "db-A", "12 digits");
		assertWrong("localhost", 1, "eu-west-1", "123456789012", "my-instance", "looks like db-");
	}

	private static void assertWrong(String hostname, int port, String region, String account, String resourceId,
			String explanation) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RdsEndpoint(hostname, port, region, account, resourceId))
			.withMessageContaining(explanation);
	}

}

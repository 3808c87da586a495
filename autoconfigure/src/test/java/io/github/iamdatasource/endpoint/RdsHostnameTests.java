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

import java.util.Optional;

import io.github.iamdatasource.endpoint.RdsHostname.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.EndpointTag;
import software.amazon.awssdk.regions.PartitionEndpointKey;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RdsHostname}.
 */
class RdsHostnameTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					# instances
					orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com                     | INSTANCE       | eu-west-1      | aws
					a.b.eu-west-1.rds.amazonaws.com                                     | INSTANCE       | eu-west-1      | aws
					orders-green-x1y2z3.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com        | INSTANCE       | eu-west-1      | aws
					orders-old1.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com                | INSTANCE       | eu-west-1      | aws
					orders.c1a2b3c4d5e6.us-east-1.rds-fips.amazonaws.com                | INSTANCE       | us-east-1      | aws
					endpoint.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com                   | INSTANCE       | eu-west-1      | aws
					# as people write them
					ORDERS.C1A2B3C4D5E6.EU-WEST-1.RDS.AMAZONAWS.COM                     | INSTANCE       | eu-west-1      | aws
					orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com.                    | INSTANCE       | eu-west-1      | aws
					'  orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com  '               | INSTANCE       | eu-west-1      | aws
					# Aurora and Multi-AZ DB clusters
					orders.cluster-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com             | CLUSTER        | us-east-1      | aws
					orders.cluster-ro-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com          | READER         | us-east-1      | aws
					reports.cluster-custom-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com     | CUSTOM         | us-east-1      | aws
					orders.shardgrp-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com            | SHARD_GROUP    | us-east-1      | aws
					# RDS Proxy
					pooled.proxy-c1a2b3c4d5e6.us-west-2.rds.amazonaws.com               | PROXY          | us-west-2      | aws
					readers.endpoint.proxy-c1a2b3c4d5e6.us-west-2.rds.amazonaws.com     | PROXY_ENDPOINT | us-west-2      | aws
					# Aurora global databases: no region in the name
					orders.global-c1a2b3c4d5e6.global.rds.amazonaws.com                 | GLOBAL_WRITER  |                |
					Orders.Global-C1A2B3C4D5E6.Global.RDS.AmazonAWS.com.                | GLOBAL_WRITER  |                |
					orders.global-c1a2b3c4d5e6.global.rds.amazonaws.com.cn              | GLOBAL_WRITER  |                |
					orders.global-c1a2b3c4d5e6.rds.global.amazonaws.com.cn              | GLOBAL_WRITER  |                |
					# Aurora DSQL, and by a private link
					vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws                    | DSQL_CLUSTER   | us-east-1      | aws
					VFTMKYDWXVXYS6ASBSC6IH2THE.dsql.eu-west-2.on.aws.                   | DSQL_CLUSTER   | eu-west-2      | aws
					vftmkydwxvxys6asbsc6ih2the.dsql-fnh4.us-east-1.on.aws               | DSQL_CLUSTER   | us-east-1      | aws
					vftmkydwxvxys6asbsc6ih2the.dsql.us-gov-west-1.on.aws                | DSQL_CLUSTER   | us-gov-west-1  | aws-us-gov
					vftmkydwxvxys6asbsc6ih2the.dsql.eusc-de-east-1.on.amazonwebservices.eu    | DSQL_CLUSTER | eusc-de-east-1 | aws-eusc
					vftmkydwxvxys6asbsc6ih2the.dsql.cn-north-1.on.amazonwebservices.com.cn    | DSQL_CLUSTER | cn-north-1     | aws-cn
					# China: the service before the region, and formerly after it
					orders.c1a2b3c4d5e6.rds.cn-north-1.amazonaws.com.cn                 | INSTANCE       | cn-north-1     | aws-cn
					orders.c1a2b3c4d5e6.cn-north-1.rds.amazonaws.com.cn                 | INSTANCE       | cn-north-1     | aws-cn
					orders.cluster-c1a2b3c4d5e6.rds.cn-northwest-1.amazonaws.com.cn     | CLUSTER        | cn-northwest-1 | aws-cn
					orders.cluster-ro-c1a2b3c4d5e6.rds.cn-northwest-1.amazonaws.com.cn  | READER         | cn-northwest-1 | aws-cn
					readers.endpoint.proxy-c1a2b3c4d5e6.rds.cn-north-1.amazonaws.com.cn | PROXY_ENDPOINT | cn-north-1     | aws-cn
					# other partitions
					orders.c1a2b3c4d5e6.us-gov-west-1.rds.amazonaws.com                 | INSTANCE       | us-gov-west-1  | aws-us-gov
					orders.cluster-c1a2b3c4d5e6.rds.us-gov-east-1.amazonaws.com         | CLUSTER        | us-gov-east-1  | aws-us-gov
					orders.c1a2b3c4d5e6.rds.us-iso-east-1.c2s.ic.gov                    | INSTANCE       | us-iso-east-1  | aws-iso
					orders.cluster-c1a2b3c4d5e6.rds.us-isob-east-1.sc2s.sgov.gov        | CLUSTER        | us-isob-east-1 | aws-iso-b
					orders.c1a2b3c4d5e6.eu-isoe-west-1.rds.cloud.adc-e.uk               | INSTANCE       | eu-isoe-west-1 | aws-iso-e
					orders.c1a2b3c4d5e6.us-isof-south-1.rds.csp.hci.ic.gov              | INSTANCE       | us-isof-south-1 | aws-iso-f
					orders.c1a2b3c4d5e6.eusc-de-east-1.rds.amazonaws.eu                 | INSTANCE       | eusc-de-east-1 | aws-eusc
					# what there may be one day
					orders.c1a2b3c4d5e6.ap-southeast-77.rds.amazonaws.com               | INSTANCE       | ap-southeast-77 | aws
					orders.c1a2b3c4d5e6.zz-north-1.rds.amazonaws.com                    | INSTANCE       | zz-north-1     | aws
					orders.lake-house-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com          | OTHER          | eu-west-1      | aws
					""")
	void knowsWhatAnRdsNameLeadsTo(String hostname, Kind kind, @Nullable String region, @Nullable String partition) {
		RdsHostname name = RdsHostname.parse(hostname).orElseThrow();
		assertThat(name.kind()).isEqualTo(kind);
		assertThat(name.region()).isEqualTo(region);
		assertThat(name.partition()).isEqualTo(partition);
		assertThat(name.hostname()).isLowerCase().doesNotContain(" ").doesNotEndWith(".");
	}

	@ParameterizedTest
	@ValueSource(strings = {
			// no names
			"", " ", ".", "..", "localhost", "127.0.0.1", "10.1.2.3.", "::1", "[::1]", "[2001:db8::1]", "fe80::1%eth0",
			// names of somebody else's
			"db.example.com", "orders", "orders.rds", "my_db",
			// parts of names
			"rds.amazonaws.com", ".rds.amazonaws.com", "eu-west-1.rds.amazonaws.com",
			"orders.eu-west-1.rds.amazonaws.com", "rds.eu-west-1.amazonaws.com", "amazonaws.com",
			"orders.c1a2b3c4d5e6.eu-west-1.rds", "orders.c1a2b3c4d5e6.rds.amazonaws.com", "on.aws",
			"dsql.us-east-1.on.aws", "vftmkydwxvxys6asbsc6ih2the.us-east-1.on.aws",
			// look-alikes
			"x.rds.amazonaws.com.evil.example", "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com.evil.example",
			"evilrds.amazonaws.com", "orders.c1a2b3c4d5e6.eu-west-1.evilrds.amazonaws.com",
			"orders.c1a2b3c4d5e6.eu-west-1xrds.amazonaws.com", "orders.c1a2b3c4d5e6.eu-west-1.rds.evilamazonaws.com",
			"orders.c1a2b3c4d5e6.eu-west-1.rds-amazonaws.com", "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.org",
			"orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.co", "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.ru",
			"orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com.ru",
			"vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.amazonwebservices.ru",
			"orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.cm", "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com.evil",
			"orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws",
			"vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws.evil.example",
			"vftmkydwxvxys6asbsc6ih2the.evildsql.us-east-1.on.aws", "vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.evil",
			// other names of AWS
			"orders.c1a2b3c4d5e6.eu-west-1.ec2.amazonaws.com", "ec2-203-0-113-9.eu-west-1.compute.amazonaws.com",
			"orders.c1a2b3c4d5e6.eu-west-1.redshift.amazonaws.com", "rds.eu-west-1.api.aws", "dsql.us-east-1.api.aws",
			"vpce-07acca8bd8980c621-nruuwp08.dsql-fnh4.us-east-1.vpce.amazonaws.com",
			// regions that are none
			"orders.c1a2b3c4d5e6.eu-west.rds.amazonaws.com", "orders.c1a2b3c4d5e6.eu-west-1a.rds.amazonaws.com",
			"orders.c1a2b3c4d5e6.ireland.rds.amazonaws.com", "orders.c1a2b3c4d5e6.global.rds.amazonaws.com",
			"orders.cluster-c1a2b3c4d5e6.global.rds.amazonaws.com", "x.global-c1a2b3.eu-west-1.rds.amazonaws.com",
			"vftmkydwxvxys6asbsc6ih2the.dsql.global.on.aws",
			// one label too many
			"a.orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", "x.endpoint.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			"x.endpoint.cluster-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", "a.b.dsql.us-east-1.on.aws",
			// what no label may be
			"or_ders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", "orders_c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			"-orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", "orders-.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			"or--ders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", "*.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			"orders..c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com..",
			"or ders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", "orders.-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			"o123456789012345678901234567890123456789012345678901234567890123.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			// no ASCII, even if it looks like it or its lower case is
			"bücher.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", "\u043Erders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			"boo\u212As.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", "xn--bcher-kva.c1a2b3.eu-west-1.rds.amazonaws.com",
			"orders\u3002c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			// more than a name
			"orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com:5432", "https://orders.c1a2.eu-west-1.rds.amazonaws.com",
			"orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com/", "x@orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			"orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com\nevil.example" })
	void knowsWhatIsNoRdsName(String hostname) {
		assertThat(RdsHostname.parse(hostname)).isEmpty();
	}

	@Test
	void longestLabelIsOf63Letters() {
		String label = "o".repeat(63);
		assertThat(RdsHostname.parse(label + ".c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com")).isPresent();
	}

	@ParameterizedTest
	@CsvSource({ "eu-west-1, aws", "cn-north-1, aws-cn", "us-gov-west-1, aws-us-gov", "us-iso-east-1, aws-iso",
			"us-isob-east-1, aws-iso-b", "eu-isoe-west-1, aws-iso-e", "us-isof-south-1, aws-iso-f",
			"eusc-de-east-1, aws-eusc" })
	void suffixesAreThoseOfTheAwsSdk(String region, String partition) {
		PartitionMetadata metadata = PartitionMetadata.of(partition);
		assertThat(PartitionMetadata.of(Region.of(region)).id()).isEqualTo(partition);
		String dualStack = metadata.dnsSuffix(PartitionEndpointKey.builder().tags(EndpointTag.of("dualstack")).build());
		assertThat(dualStack).startsWith("api.");
		assertThat(RdsHostname.parse("orders.c1a2b3c4d5e6." + region + ".rds." + metadata.dnsSuffix())).isPresent();
		assertThat(RdsHostname.parse("orders.c1a2b3c4d5e6.rds." + region + "." + metadata.dnsSuffix())).isPresent();
		assertThat(RdsHostname.parse("vftmkydwx.dsql." + region + ".on." + dualStack.substring("api.".length())))
			.isPresent();
	}

	@Test
	void everyRegionOfTheAwsSdkIsOne() {
		assertThat(Region.regions()).filteredOn((region) -> !region.isGlobalRegion())
			.isNotEmpty()
			.allSatisfy((region) -> assertThat(
					RdsHostname.parse("orders.c1a2b3c4d5e6." + region.id() + ".rds.amazonaws.com"))
				.map(RdsHostname::region)
				.isEqualTo(Optional.of(region.id())));
	}

}

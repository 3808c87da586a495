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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DatabaseEndpoint}.
 */
class DatabaseEndpointTests {

	@Test
	void hostnameIsAsTheServerKnowsIt() {
		DatabaseEndpoint endpoint = new DatabaseEndpoint(" Orders.Example.COM. ", 5432, "eu-west-1", "App");
		assertThat(endpoint.hostAndPort()).isEqualTo("orders.example.com:5432");
		assertThat(endpoint.username()).isEqualTo("App");
	}

	@ParameterizedTest
	@CsvSource({ "eu-west-1, aws", "cn-north-1, aws-cn", "us-gov-west-1, aws-us-gov", "xx-newest-1, aws" })
	void policyResourceIsInTheRegionsPartition(String region, String partition) {
		assertThat(new DatabaseEndpoint("h", 5432, region, "app").policyResource())
			.isEqualTo("arn:" + partition + ":rds-db:" + region + ":<account>:dbuser:<resource id>/app");
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "my_db", "db.example.com", "db.example.com.", "DB-1.example.com", "10.1.2.3",
			"127.1", "::1", "[::1]", "2001:db8::1", "fe80::1%eth0", "::ffff:10.1.2.3" })
	void knowsWhatCanBeAHost(String text) {
		assertThat(DatabaseEndpoint.isHostname(text)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ".", "a..b", ".a", "a b", "db:5432", "[::1", "::1]", "[db]", "bücher.example.com",
			"x/y", "a@b", "o12345678901234567890123456789012345678901234567890123456789012345.example.com" })
	void knowsWhatCannotBeAHost(String text) {
		assertThat(DatabaseEndpoint.isHostname(text)).isFalse();
	}

	@Test
	void nameIsNoLongerThan253Letters() {
		String name = "a.".repeat(126) + "b";
		assertThat(DatabaseEndpoint.isHostname(name)).isTrue();
		assertThat(DatabaseEndpoint.isHostname(name + "c")).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "'', 5432, r, u, hostname", "https://h, 5432, r, u, hostname", "a b, 5432, r, u, hostname",
			"h, 0, r, u, port", "h, 65536, r, u, port", "h, 1, ' ', u, region", "h, 1, r, ' ', username" })
	void refusesWhatCannotBeSignedFor(String hostname, int port, String region, String username, String named) {
		assertThatIllegalArgumentException().isThrownBy(() -> new DatabaseEndpoint(hostname, port, region, username))
			.withMessageContaining("'" + named + "'");
	}

}

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

import java.time.Duration;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link DatabaseEndpoint}.
 */
class DatabaseEndpointTests {

	private static final String DSQL = "vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws";

	@Test
	void hostnameIsAsTheServerKnowsIt() {
		DatabaseEndpoint endpoint = new DatabaseEndpoint(" Orders.Example.COM. ", 5432, "eu-west-1", "App");
		assertThat(endpoint.hostAndPort()).isEqualTo("orders.example.com:5432");
		assertThat(endpoint.username()).isEqualTo("App");
	}

	@ParameterizedTest
	@CsvSource({ "h, 5432, h:5432, h:5432", "h, 443, h:443, h", "10.1.2.3, 5432, 10.1.2.3:5432, 10.1.2.3:5432",
			"::1, 5432, [::1]:5432, [::1]:5432", "[::1], 5432, [::1]:5432, [::1]:5432",
			DSQL + ", 5432, " + DSQL + ":5432, " + DSQL })
	void tokenStartsWithTheHostAndThePortUnlessItGoesWithoutSaying(String hostname, int port, String shown,
			String signed) {
		DatabaseEndpoint endpoint = new DatabaseEndpoint(hostname, port, "us-east-1", "app");
		assertThat(endpoint.hostAndPort()).isEqualTo(shown);
		assertThat(endpoint.signingHost()).isEqualTo(signed);
	}

	@Test
	void rdsIsAskedToConnectTheUser() {
		DatabaseEndpoint endpoint = new DatabaseEndpoint("orders.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com", 5432,
				"us-east-1", "admin");
		assertThat(endpoint.service()).isEqualTo(TokenService.RDS);
		assertThat(endpoint.service().signingName()).isEqualTo("rds-db");
		assertThat(endpoint.service().longestSession()).isEmpty();
		assertThat(endpoint.request()).containsOnly(entry("Action", "connect"), entry("DBUser", "admin"));
		assertThat(endpoint.policyAction()).isEqualTo("rds-db:connect");
	}

	@ParameterizedTest
	@CsvSource({ "app, DbConnect", "admin, DbConnectAdmin", "Admin, DbConnect" })
	void dsqlIsAskedToConnectAnybodyOrTheAdministrator(String username, String action) {
		DatabaseEndpoint endpoint = new DatabaseEndpoint(DSQL.toUpperCase(Locale.ROOT) + ".", 5432, "us-east-1",
				username);
		assertThat(endpoint.service()).isEqualTo(TokenService.DSQL);
		assertThat(endpoint.service().signingName()).isEqualTo("dsql");
		assertThat(endpoint.service().longestSession()).contains(Duration.ofHours(1));
		assertThat(endpoint.request()).containsOnly(entry("Action", action));
		assertThat(endpoint.policyAction()).isEqualTo("dsql:" + action);
		assertThat(endpoint.policyResource(null))
			.isEqualTo("arn:aws:dsql:us-east-1:<account>:cluster/vftmkydwxvxys6asbsc6ih2the");
	}

	@ParameterizedTest
	@CsvSource({ "eu-west-1, aws", "cn-north-1, aws-cn", "us-gov-west-1, aws-us-gov", "xx-newest-1, aws" })
	void policyResourceIsInTheRegionsPartition(String region, String partition) {
		assertThat(new DatabaseEndpoint("h", 5432, region, "app").policyResource(null))
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

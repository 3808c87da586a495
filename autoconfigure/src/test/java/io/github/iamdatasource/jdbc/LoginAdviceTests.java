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
package io.github.iamdatasource.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.token.CallerIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

public class LoginAdviceTests {

	private static final String SUFFIX = ".eu-west-1.rds.amazonaws.com";

	private static final CallerIdentity CALLER = new CallerIdentity(
			"arn:aws:sts::123456789012:assumed-role/orders/blue", null, null);

	@Test
	void policyCanBePasted() {
		assertThat(JsonParserFactory.getJsonParser().parseMap(advice("orders.c1a2b3c4d5e6" + SUFFIX, "app").policy()))
			.isEqualTo(Map.of("Version", "2012-10-17", "Statement", List.of(Map.of("Effect", "Allow", "Action",
					"rds-db:connect", "Resource", "arn:aws:rds-db:eu-west-1:123456789012:dbuser:<resource id>/app"))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\"b", "a\\", "a\\\"b" })
	void policyIsJsonWhateverTheUserIsCalled(String username) {
		Map<String, Object> policy = JsonParserFactory.getJsonParser()
			.parseMap(advice("orders.c1a2b3c4d5e6" + SUFFIX, username).policy());
		assertThat(policy.get("Statement")).asString().contains("/" + username);
	}

	@Test
	void userOfPostgreSqlIsQuoted() {
		assertThat(DatabaseUsers.POSTGRESQL.statements("Orders \"App\"")).containsExactly(
				"CREATE USER \"Orders \"\"App\"\"\";",
				"-- or, if there is one: ALTER ROLE \"Orders \"\"App\"\"\" LOGIN;",
				"GRANT rds_iam TO \"Orders \"\"App\"\"\";");
	}

	@Test
	void userOfMySqlIsQuoted() {
		assertThat(DatabaseUsers.MYSQL.statements("a'b\\")).containsExactly(
				"CREATE USER 'a''b\\\\'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS';",
				"-- or, if there is one: ALTER USER 'a''b\\\\'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS';",
				"ALTER USER 'a''b\\\\'@'%' REQUIRE SSL;");
	}

	/**
	 * With {@code rds_iam} a user's password no longer works, which the proxy signs in
	 * with.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "orders.proxy-c1a2b3c4d5e6" + SUFFIX, "read.endpoint.proxy-c1a2b3c4d5e6" + SUFFIX })
	void nothingIsGrantedBehindAProxy(String host) {
		LoginAdvice advice = advice(host, "app");
		assertThat(advice.sql()).isEmpty();
		assertThat(advice.userToCheck()).contains("that the proxy has a secret for the database user 'app'");
		assertThat(advice.whatElseToCheck()).contains("that the proxy requires IAM authentication");
		assertThat(advice.resourceIdCommand()).contains("describe-db-proxies").contains("prx-");
	}

	@Test
	void roleIsLinkedInDsql() {
		LoginAdvice advice = advice("vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws", "app");
		assertThat(advice.sql()).containsExactly("CREATE ROLE \"app\" WITH LOGIN;",
				"AWS IAM GRANT \"app\" TO 'arn:aws:iam::123456789012:role/orders';");
		assertThat(advice.resourceIdCommand()).isNull();
		assertThat(advice.whatElseToCheck()).doesNotContain("iam-db-auth-error", "enabled");
	}

	@Test
	void roleIsLeftToBeFilledInIfNobodyKnowsIt() {
		assertThat(new LoginAdvice(endpoint("vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws", "app"), null,
				DatabaseUsers.POSTGRESQL)
			.sql()).last().isEqualTo("AWS IAM GRANT \"app\" TO 'arn:aws:iam::<account>:role/<role>';");
	}

	private static LoginAdvice advice(String host, String username) {
		return new LoginAdvice(endpoint(host, username), CALLER, DatabaseUsers.POSTGRESQL);
	}

	private static DatabaseEndpoint endpoint(String host, String username) {
		return new DatabaseEndpoint(host, 5432, host.contains("us-east-1") ? "us-east-1" : "eu-west-1", username);
	}

	/**
	 * Return the commands for each kind of endpoint that there is one for.
	 */
	public static List<String> commands() {
		return List
			.of("orders.c1a2b3c4d5e6", "orders.cluster-c1a2b3c4d5e6", "orders.cluster-ro-c1a2b3c4d5e6",
					"orders.cluster-custom-c1a2b3c4d5e6", "orders.proxy-c1a2b3c4d5e6",
					"read.endpoint.proxy-c1a2b3c4d5e6", "orders.shardgrp-c1a2b3c4d5e6")
			.stream()
			.map((name) -> Objects.requireNonNull(advice(name + SUFFIX, "app").resourceIdCommand()))
			.toList();
	}

}

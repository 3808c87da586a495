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

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Each driver logs in, or is refused as by RDS.
 */
@ExtendWith(SharedRds.class)
@SharedRds.With(Engine.MARIADB)
class MySqlLoginTests {

	@ParameterizedTest
	@EnumSource
	void goodTokenLogsInAsThatUser(MySqlClients client, Rds rds) throws Exception {
		long before = rds.emulator().accepted();
		try (Connection connection = client.connect(rds, "app")) {
			assertThat(LoginTests.query(connection, "SELECT CONCAT(CURRENT_USER(), ' ', DATABASE())"))
				.isEqualTo("app@% orders");
			assertThat(connection.getMetaData().getDatabaseProductVersion()).startsWith("11.4.");
			assertThat(LoginTests.query(connection, "SELECT @@character_set_client")).isEqualTo("utf8mb4");
		}
		assertThat(rds.emulator().accepted()).isEqualTo(before + 1);
	}

	@ParameterizedTest
	@EnumSource
	void userWithAnUnusualNameLogsIn(MySqlClients client, Rds rds) throws Exception {
		try (Connection connection = client.connect(rds, "Other User")) {
			assertThat(LoginTests.query(connection, "SELECT CURRENT_USER()")).isEqualTo("Other User@%");
		}
	}

	@ParameterizedTest
	@EnumSource
	void userMayCreateTablesInTheDatabaseOnly(MySqlClients client, Rds rds) throws Exception {
		try (Connection connection = client.connect(rds, "app"); Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE made_by_app (id int)");
			statement.execute("DROP TABLE made_by_app");
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> statement.execute("SELECT * FROM mysql.global_priv"));
			assertThat(refused.getErrorCode()).isEqualTo(1142);
		}
	}

	@ParameterizedTest
	@EnumSource
	void thirtyTwoLogInAtOnce(MySqlClients client, Rds rds) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(32);
		try {
			List<Callable<String>> logins = new ArrayList<>();
			for (int i = 0; i < 32; i++) {
				String user = (i % 2 == 0) ? "app" : "Other User";
				logins.add(() -> {
					try (Connection connection = client.connect(rds, user)) {
						return user + "=" + LoginTests.query(connection, "SELECT CURRENT_USER() WHERE SLEEP(0.1) = 0");
					}
				});
			}
			List<String> results = new ArrayList<>();
			for (Future<String> login : threads.invokeAll(logins)) {
				results.add(login.get());
			}
			assertThat(results).hasSize(32).containsOnly("app=app@%", "Other User=Other User@%");
		}
		finally {
			threads.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource
	void wrongTokenIsRefusedAsByRds(MySqlClients client, Rds rds) {
		String token = Tokens.sign(AwsBasicCredentials.create(Tokens.ACCESS_KEY, "NeverLogThisEither"), "eu-west-1",
				rds.emulator().hostname(), rds.emulator().port(), "app");
		assertRefused(rds, Rejection.SIGNATURE_MISMATCH, () -> client.connect(rds, "app", token), "app");
	}

	@ParameterizedTest
	@EnumSource
	void passwordIsRefusedAsByRds(MySqlClients client, Rds rds) {
		assertRefused(rds, Rejection.MALFORMED_TOKEN, () -> client.connect(rds, "app", "password"), "app");
	}

	@ParameterizedTest
	@EnumSource
	void tokenOfAnotherUserIsRefused(MySqlClients client, Rds rds) {
		assertRefused(rds, Rejection.WRONG_USER, () -> client.connect(rds, "Other User", rds.token("app")),
				"Other User");
	}

	@ParameterizedTest
	@EnumSource
	void tokenForAnotherPortIsRefused(MySqlClients client, Rds rds) {
		String token = Tokens.sign(Tokens.CREDENTIALS, "eu-west-1", rds.emulator().hostname(), 3306, "app");
		assertRefused(rds, Rejection.WRONG_PORT, () -> client.connect(rds, "app", token), "app");
	}

	@ParameterizedTest
	@EnumSource
	void userWithoutPermissionIsRefused(MySqlClients client, Rds rds) {
		assertRefused(rds, Rejection.POLICY_DENIES, () -> client.connect(rds, "forbidden"), "forbidden");
	}

	@ParameterizedTest
	@EnumSource
	void userWhoDoesNotExistIsRefused(MySqlClients client, Rds rds) {
		assertRefused(rds, Rejection.UNKNOWN_DATABASE_USER, () -> client.connect(rds, "unknown"), "unknown");
	}

	@ParameterizedTest
	@EnumSource
	void unknownDatabaseIsTheServersOwnError(MySqlClients client, Rds rds) {
		String url = rds.emulator().jdbcUrl(client.subprotocol()).replaceAll("orders$", "missing");
		SQLException refused = catchThrowableOfType(SQLException.class,
				() -> client.connectTo(rds, url, "app", rds.token("app")));
		assertThat(refused.getErrorCode()).isEqualTo(1044);
		assertThat(refused.getSQLState()).isEqualTo("42000");
	}

	@ParameterizedTest
	@EnumSource
	void plaintextIsRefused(MySqlClients client, Rds rds) {
		long before = rds.emulator().rejected(Rejection.PLAINTEXT);
		SQLException refused = catchThrowableOfType(SQLException.class,
				() -> client.connect(rds, "app", "never sent", "sslMode", "DISABLED"));
		assertThat(refused.getMessage())
			.contains("Connections using insecure transport are prohibited while " + "--require_secure_transport=ON.");
		assertThat(refused.getErrorCode()).isEqualTo(3159);
		assertThat(refused.getSQLState()).isEqualTo("HY000");
		assertThat(rds.emulator().rejected(Rejection.PLAINTEXT)).isEqualTo(before + 1);
	}

	private static void assertRefused(Rds rds, Rejection rejection, ThrowingCallable login, String user) {
		long before = rds.emulator().rejected(rejection);
		SQLException refused = catchThrowableOfType(SQLException.class, login);
		assertThat(refused.getMessage())
			.contains("Access denied for user '" + user + "'@'127.0.0.1' (using password: YES)");
		assertThat(refused.getErrorCode()).isEqualTo(1045);
		assertThat(refused.getSQLState()).isEqualTo("28000");
		assertThat(rds.emulator().rejected(rejection)).isEqualTo(before + 1);
	}

}

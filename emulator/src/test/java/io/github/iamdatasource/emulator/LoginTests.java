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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@ExtendWith(SharedRds.class)
class LoginTests {

	@Test
	void goodTokenLogsInAsThatUser(Rds rds) throws Exception {
		long before = rds.emulator().accepted();
		try (Connection connection = rds.connect("app")) {
			assertThat(query(connection, "SELECT current_user || ' ' || session_user || ' ' || current_database()"))
				.isEqualTo("app app orders");
			assertThat(query(connection, "SELECT pg_has_role('rds_iam', 'member')")).isEqualTo("t");
			assertThat(query(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).isEqualTo("f");
		}
		assertThat(rds.emulator().accepted()).isEqualTo(before + 1);
	}

	@Test
	void userWithAnUnusualNameLogsIn(Rds rds) throws Exception {
		try (Connection connection = rds.connect("Other User")) {
			assertThat(query(connection, "SELECT current_user")).isEqualTo("Other User");
		}
	}

	@Test
	void firstUserOwnsTheDatabaseAndAllMayCreateTables(Rds rds) throws Exception {
		try (Connection connection = rds.connect("app"); Statement statement = connection.createStatement()) {
			assertThat(query(connection, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'orders'"))
				.isEqualTo("app");
			statement.execute("CREATE TABLE made_by_app (id int)");
			statement.execute("DROP TABLE made_by_app");
			statement.execute("CREATE SCHEMA made_by_app");
			statement.execute("DROP SCHEMA made_by_app");
		}
		try (Connection connection = rds.connect("Other User"); Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE made_by_other (id int)");
			statement.execute("DROP TABLE made_by_other");
		}
	}

	@Test
	void lettersHaveUpperAndLowerCase(Rds rds) throws Exception {
		try (Connection connection = rds.connect("app")) {
			assertThat(query(connection, "SELECT upper('grüße')")).isEqualTo("GRÜSSE".replace("SS", "ß"));
		}
	}

	@Test
	void twentyLogInAtOnce(Rds rds) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(20);
		try {
			List<Callable<String>> logins = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				String user = (i % 2 == 0) ? "app" : "Other User";
				logins.add(() -> {
					try (Connection connection = rds.connect(user)) {
						return user + "=" + query(connection, "SELECT current_user FROM pg_sleep(0.2)");
					}
				});
			}
			List<String> results = new ArrayList<>();
			for (Future<String> login : threads.invokeAll(logins)) {
				results.add(login.get());
			}
			assertThat(results).hasSize(20).containsOnly("app=app", "Other User=Other User");
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void wrongTokenIsRefusedAsByRds(Rds rds) {
		String token = Tokens.sign(AwsBasicCredentials.create(Tokens.ACCESS_KEY, "NeverLogThisEither"), "eu-west-1",
				rds.emulator().hostname(), rds.emulator().port(), "app");
		assertRefused(rds, Rejection.SIGNATURE_MISMATCH, () -> rds.connect("app", token), "app");
	}

	@Test
	void passwordIsRefusedAsByRds(Rds rds) {
		assertRefused(rds, Rejection.MALFORMED_TOKEN, () -> rds.connect("app", "password"), "app");
	}

	@Test
	void tokenOfAnotherUserIsRefused(Rds rds) {
		assertRefused(rds, Rejection.WRONG_USER, () -> rds.connect("Other User", rds.token("app")), "Other User");
	}

	@Test
	void tokenForAnotherPortIsRefused(Rds rds) {
		String token = Tokens.sign(Tokens.CREDENTIALS, "eu-west-1", rds.emulator().hostname(), 5432, "app");
		assertRefused(rds, Rejection.WRONG_PORT, () -> rds.connect("app", token), "app");
	}

	@Test
	void userWithoutPermissionIsRefused(Rds rds) {
		assertRefused(rds, Rejection.POLICY_DENIES, () -> rds.connect("forbidden"), "forbidden");
	}

	@Test
	void userWhoDoesNotSignInWithTokensIsAskedForAPasswordAsByRds(Rds rds) {
		long before = rds.emulator().rejected(Rejection.UNKNOWN_DATABASE_USER);
		SQLException refused = catchThrowableOfType(SQLException.class, () -> rds.connect("unknown"));
		ServerErrorMessage message = ((PSQLException) refused).getServerErrorMessage();
		assertThat(message.getMessage()).isEqualTo("password authentication failed for user \"unknown\"");
		assertThat(refused.getSQLState()).isEqualTo("28P01");
		assertThat(rds.emulator().rejected(Rejection.UNKNOWN_DATABASE_USER)).isEqualTo(before + 1);
	}

	@Test
	void plaintextIsRefusedBeforeAPasswordIsAskedFor(Rds rds) {
		long before = rds.emulator().rejected(Rejection.PLAINTEXT);
		SQLException refused = catchThrowableOfType(SQLException.class,
				() -> rds.connect("app", "never sent", "sslmode", "disable"));
		assertThat(refused.getMessage()).contains("FATAL: no pg_hba.conf entry for host \"127.0.0.1\", user \"app\", "
				+ "database \"orders\", no encryption");
		assertThat(refused.getSQLState()).isEqualTo("28000");
		assertThat(rds.emulator().rejected(Rejection.PLAINTEXT)).isEqualTo(before + 1);
	}

	@Test
	void unknownDatabaseIsTheServersOwnError(Rds rds) {
		String url = rds.emulator().jdbcUrl().replaceAll("orders$", "missing");
		SQLException refused = catchThrowableOfType(SQLException.class,
				() -> rds.connectTo(url, "app", rds.token("app")));
		assertThat(refused.getMessage()).contains("FATAL: database \"missing\" does not exist");
		assertThat(refused.getSQLState()).isEqualTo("3D000");
	}

	@Test
	void rejectionsAreCountedByReason(Rds rds) {
		catchThrowableOfType(SQLException.class, () -> rds.connect("app", "password"));
		Map<Rejection, Long> rejections = rds.emulator().rejections();
		assertThat(rejections.get(Rejection.MALFORMED_TOKEN)).isPositive();
		assertThat(rejections).doesNotContainKey(Rejection.WRONG_ACTION);
		assertThat(rejections.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(rds.emulator().rejected());
	}

	private static void assertRefused(Rds rds, Rejection rejection, ThrowingCallable login, String user) {
		long before = rds.emulator().rejected(rejection);
		SQLException refused = catchThrowableOfType(SQLException.class, login);
		ServerErrorMessage message = ((PSQLException) refused).getServerErrorMessage();
		assertThat(message.getSeverity()).isEqualTo("FATAL");
		assertThat(message.getMessage()).isEqualTo("PAM authentication failed for user \"" + user + "\"");
		assertThat(refused.getSQLState()).isEqualTo("28000");
		assertThat(rds.emulator().rejected(rejection)).isEqualTo(before + 1);
	}

	static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

}

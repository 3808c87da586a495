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

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.mysql.cj.jdbc.JdbcConnection;
import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * After the login the front is not noticed, but by who wants to be another user.
 */
@ExtendWith(SharedRds.class)
@SharedRds.With(Engine.MARIADB)
class MySqlSessionTests {

	private static final int BIG = 20 * 1024 * 1024;

	@ParameterizedTest
	@EnumSource
	void bigPacketsGoBothWays(MySqlClients client, Rds rds) throws Exception {
		byte[] bytes = new byte[BIG];
		// The command that changes the user.
		Arrays.fill(bytes, (byte) 0x11);
		try (Connection connection = client.connect(rds, "app");
				PreparedStatement statement = connection.prepareStatement("SELECT ?")) {
			statement.setBytes(1, bytes);
			try (ResultSet result = statement.executeQuery()) {
				result.next();
				assertThat(Arrays.equals(result.getBytes(1), bytes)).isTrue();
			}
			assertThat(LoginTests.query(connection, "SELECT 1")).isEqualTo("1");
		}
	}

	@ParameterizedTest
	@EnumSource
	void localFileIsLoaded(MySqlClients client, Rds rds, @TempDir Path folder) throws Exception {
		int lines = 200_000;
		Path file = Files.writeString(folder.resolve("lines"), ("\21".repeat(20) + "\n").repeat(lines));
		try (Connection connection = client.connect(rds, "app", rds.token("app"), "allowLoadLocalInfile", "true",
				"allowLocalInfile", "true"); Statement statement = connection.createStatement()) {
			statement.execute("CREATE TEMPORARY TABLE loaded (line varchar(100))");
			statement.execute("LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE loaded");
			assertThat(LoginTests.query(connection, "SELECT COUNT(*) FROM loaded WHERE LENGTH(line) = 20"))
				.isEqualTo(Integer.toString(lines));
		}
	}

	@ParameterizedTest
	@EnumSource
	void optionsReachTheServer(MySqlClients client, Rds rds) throws Exception {
		try (Connection connection = client.connect(rds, "app", rds.token("app"), "allowMultiQueries", "true",
				"sessionVariables", "wait_timeout=1234", "useAffectedRows", "true");
				Statement statement = connection.createStatement()) {
			assertThat(LoginTests.query(connection, "SELECT @@wait_timeout")).isEqualTo("1234");
			assertThat(statement.execute("SELECT 'first'; SELECT 'grüße €'")).isTrue();
			assertThat(statement.getMoreResults()).isTrue();
			try (ResultSet result = statement.getResultSet()) {
				result.next();
				assertThat(result.getString(1)).isEqualTo("grüße €");
			}
			statement.execute("CREATE TEMPORARY TABLE unchanged AS SELECT 1 AS id");
			assertThat(statement.executeUpdate("UPDATE unchanged SET id = 1")).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void runningQueryCanBeCancelled(MySqlClients client, Rds rds) throws Exception {
		try (Connection connection = client.connect(rds, "app");
				Connection observer = client.connect(rds, "app");
				Statement statement = connection.createStatement()) {
			CompletableFuture<SQLException> outcome = CompletableFuture
				.supplyAsync(() -> catchThrowableOfType(SQLException.class,
						() -> statement.execute("CREATE TEMPORARY TABLE slept SELECT SLEEP(300)")));
			await().atMost(Duration.ofSeconds(20))
				.until(() -> LoginTests
					.query(observer,
							"SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'CREATE TEMPORARY %'")
					.equals("1"));
			statement.cancel();
			assertThat(outcome.get(20, TimeUnit.SECONDS).getMessage()).containsPattern("interrupted|cancelled");
			assertThat(LoginTests.query(connection, "SELECT 1")).isEqualTo("1");
		}
	}

	@Test
	void sessionCanBeReset(Rds rds) throws Exception {
		try (Connection connection = MySqlClients.MARIADB.connect(rds, "app", rds.token("app"), "useResetConnection",
				"true"); Statement statement = connection.createStatement()) {
			statement.execute("SET @kept = 'no'");
			connection.unwrap(org.mariadb.jdbc.Connection.class).reset();
			assertThat(LoginTests.query(connection, "SELECT @kept")).isNull();
			assertThat(LoginTests.query(connection, "SELECT CURRENT_USER()")).isEqualTo("app@%");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql_native_password", "mysql_clear_password" })
	void userIsChangedWithTheOthersToken(String plugin, Rds rds) throws Exception {
		long before = rds.emulator().accepted();
		try (Connection connection = MySqlClients.CONNECTOR_J.connect(rds, "app", rds.token("app"),
				"defaultAuthenticationPlugin", plugin); Statement statement = connection.createStatement()) {
			statement.execute("SET @kept = 'no'");
			for (String user : new String[] { "Other User", "app", "app" }) {
				connection.unwrap(JdbcConnection.class).changeUser(user, rds.token(user));
				assertThat(LoginTests.query(connection, "SELECT CONCAT(CURRENT_USER(), ' ', DATABASE())"))
					.isEqualTo(user + "@% orders");
				assertThat(LoginTests.query(connection, "SELECT @kept")).isNull();
			}
			assertThat(LoginTests.query(connection, "SELECT REPEAT('x', " + BIG + ")")).hasSize(BIG);
		}
		assertThat(rds.emulator().accepted()).isEqualTo(before + 4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql_native_password", "mysql_clear_password" })
	void userIsNotChangedWithAWrongToken(String plugin, Rds rds) throws Exception {
		long before = rds.emulator().rejected(Rejection.WRONG_USER);
		try (Connection connection = MySqlClients.CONNECTOR_J.connect(rds, "app", rds.token("app"),
				"defaultAuthenticationPlugin", plugin)) {
			JdbcConnection changing = connection.unwrap(JdbcConnection.class);
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> changing.changeUser("Other User", rds.token("app")));
			assertThat(refused.getMessage())
				.contains("Access denied for user 'Other User'@'127.0.0.1' (using password: YES)");
			assertThat(refused.getErrorCode()).isEqualTo(1045);
			assertThat(refused.getSQLState()).isEqualTo("28000");
			// Servers hang up.
			assertThat(connection.isValid(1)).isFalse();
		}
		assertThat(rds.emulator().rejected(Rejection.WRONG_USER)).isEqualTo(before + 1);
	}

	@Test
	void userIsNotChangedToOneWhoMayNot(Rds rds) throws Exception {
		try (Connection connection = MySqlClients.CONNECTOR_J.connect(rds, "app")) {
			JdbcConnection changing = connection.unwrap(JdbcConnection.class);
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> changing.changeUser("forbidden", rds.token("forbidden")));
			assertThat(refused.getErrorCode()).isEqualTo(1045);
		}
	}

	@ParameterizedTest
	@EnumSource
	void sessionThatIsKilledEnds(MySqlClients client, Rds rds) throws Exception {
		try (Connection connection = client.connect(rds, "app"); Connection killer = client.connect(rds, "app")) {
			String id = LoginTests.query(connection, "SELECT CONNECTION_ID()");
			try (Statement statement = killer.createStatement()) {
				statement.execute("KILL " + id);
			}
			assertThat(connection.isValid(1)).isFalse();
		}
	}

	@Test
	void clientThatGoesAwayEndsItsSession(Rds rds) throws Exception {
		try (Connection observer = MySqlClients.MARIADB.connect(rds, "app")) {
			String query;
			try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
				query = "SELECT COUNT(*) FROM information_schema.processlist WHERE id = "
						+ client.login("app", rds.token("app"));
				assertThat(LoginTests.query(observer, query)).isEqualTo("1");
			}
			await().atMost(Duration.ofSeconds(20)).until(() -> LoginTests.query(observer, query).equals("0"));
		}
	}

	@Test
	void clientThatHasNoMoreToSayStillGetsItsAnswer(Rds rds) throws Exception {
		try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
			client.login("app", rds.token("app"));
			client.sendText(0, "\3SELECT 'answer' WHERE SLEEP(0.5) = 0");
			client.socket().shutdownOutput();
			// How many columns, which, and the end of them.
			client.read();
			client.read();
			client.read();
			assertThat(new String(client.read(), StandardCharsets.UTF_8)).isEqualTo("\6answer");
		}
	}

}

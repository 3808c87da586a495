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
package io.github.iamdatasource.emulator.mysql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

import com.mysql.cj.jdbc.JdbcConnection;
import io.github.iamdatasource.emulator.embedded.EmbeddedMariaDb;
import io.github.iamdatasource.emulator.embedded.EmbeddedMySql;
import io.github.iamdatasource.emulator.embedded.EmbeddedServer;
import io.github.iamdatasource.emulator.embedded.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Logs in to real servers by each of the methods that they may want.
 */
class ServerLoginTests {

	private static EmbeddedServer server;

	@BeforeAll
	static void start() throws Exception {
		server = Servers.startOrSkip(EmbeddedMySql::start);
		try (AdminConnection admin = open(server.admin(), server.adminPassword())) {
			for (String plugin : new String[] { "mysql_native_password", "caching_sha2_password", "sha256_password" }) {
				admin.execute("CREATE USER " + plugin + " IDENTIFIED WITH " + plugin + " BY 'behind'");
				admin.execute("CREATE USER " + plugin + "_none IDENTIFIED WITH " + plugin);
			}
		}
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
		}
	}

	/** The second time some servers know the user already, and want another proof. */
	@ParameterizedTest
	@ValueSource(strings = { "mysql_native_password", "caching_sha2_password" })
	void logsInByTheMethodThatTheServerWants(String plugin) throws Exception {
		for (int i = 0; i < 2; i++) {
			try (AdminConnection connection = open(plugin, "behind")) {
				assertThat(connection.returnsRows("SELECT 1 FROM DUAL WHERE CURRENT_USER() = '" + plugin + "@%'"))
					.isTrue();
				assertThat(connection.returnsRows("SELECT 1 FROM DUAL WHERE FALSE")).isFalse();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql_native_password", "caching_sha2_password" })
	void logsInWithoutAPassword(String plugin) throws Exception {
		open(plugin + "_none", null).close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql_native_password", "caching_sha2_password", "nobody" })
	void errorOfTheServerIsTold(String user) {
		SQLException refused = catchThrowableOfType(SQLException.class, () -> open(user, "wrong"));
		assertThat(refused.getMessage()).startsWith("Access denied for user '" + user + "'");
		assertThat(refused.getErrorCode()).isEqualTo(1045);
		assertThat(refused.getSQLState()).isEqualTo("28000");
	}

	@Test
	void otherMethodIsExplained() {
		SQLException refused = catchThrowableOfType(SQLException.class, () -> open("sha256_password", "behind"));
		assertThat(refused.getMessage()).isEqualTo("The server does not answer as it should: The server behind asks "
				+ "for the authentication plugin sha256_password, which the emulator does not know");
	}

	@Test
	void errorOfAStatementIsTold() throws Exception {
		try (AdminConnection connection = open("mysql_native_password", "behind")) {
			SQLException refused = catchThrowableOfType(SQLException.class, () -> connection.execute("SELEC 1"));
			assertThat(refused.getErrorCode()).isEqualTo(1064);
			assertThat(refused.getSQLState()).isEqualTo("42000");
		}
	}

	/** What the front does as well. */
	@Test
	void serversHangUpOnWhomTheyDoNotMakeAnotherUser() throws Exception {
		assertHangsUp(server);
		try (EmbeddedServer mariaDb = EmbeddedMariaDb.start()) {
			assertHangsUp(mariaDb);
		}
	}

	private static void assertHangsUp(EmbeddedServer other) throws Exception {
		try (Connection connection = DriverManager.getConnection(
				"jdbc:mysql://127.0.0.1:" + other.port() + "/?sslMode=DISABLED&allowPublicKeyRetrieval=true",
				other.admin(), other.adminPassword())) {
			JdbcConnection changing = connection.unwrap(JdbcConnection.class);
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> changing.changeUser(other.admin(), "wrong"));
			assertThat(refused.getErrorCode()).isEqualTo(1045);
			assertThat(connection.isValid(1)).isFalse();
		}
	}

	private static AdminConnection open(String user, String password) throws SQLException {
		return AdminConnection.open(EmbeddedServer.HOST, server.port(), user, password);
	}

}

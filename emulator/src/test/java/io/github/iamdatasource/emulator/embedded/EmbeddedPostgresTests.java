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
package io.github.iamdatasource.emulator.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class EmbeddedPostgresTests {

	private static EmbeddedPostgres postgres;

	@BeforeAll
	static void start() throws Exception {
		postgres = EmbeddedPostgres.start();
	}

	@AfterAll
	static void stop() {
		postgres.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgres", "replication", "template1" })
	void nobodyLogsInWithoutAPassword(String database) {
		String url = url() + database + (database.equals("replication") ? "?replication=true" : "");
		SQLException refused = catchThrowableOfType(SQLException.class,
				() -> DriverManager.getConnection(url, "postgres", null));
		assertThat(refused.getSQLState()).isEqualTo("08004");
		assertThat(refused.getMessage()).contains("password");
	}

	@Test
	void wrongPasswordIsRefused() {
		SQLException refused = catchThrowableOfType(SQLException.class,
				() -> DriverManager.getConnection(url() + "postgres", "postgres", "postgres"));
		assertThat(refused.getSQLState()).isEqualTo("28P01");
	}

	@Test
	void noRuleTrustsAnybody() throws Exception {
		assertThat(query("SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
			.isEqualTo("scram-sha-256");
	}

	@Test
	void listensOnTheLoopbackOnly() throws Exception {
		assertThat(query("SHOW listen_addresses")).isEqualTo("127.0.0.1");
		assertThat(query("SHOW unix_socket_directories")).isEmpty();
	}

	@Test
	void folderIsPrivateAndKeepsNoPassword() throws Exception {
		Path data = Path.of(query("SHOW data_directory"));
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.getParent())))
			.isEqualTo("rwx------");
		assertThat(data.resolveSibling("password")).doesNotExist();
		assertThat(Files.readString(data.resolveSibling("postgres.log")).contains(postgres.adminPassword())).isFalse();
	}

	/** PostgreSQL tells itself, as the shell it runs is given what it has itself. */
	@Test
	void environmentIsNotInherited() throws Exception {
		try (Connection connection = DriverManager.getConnection(url() + "postgres", "postgres",
				postgres.adminPassword()); Statement statement = connection.createStatement()) {
			statement.execute("CREATE TEMPORARY TABLE variables (name text)");
			statement.execute("COPY variables FROM PROGRAM 'env | sed s/=.*//'");
			try (ResultSet names = statement.executeQuery("SELECT name FROM variables")) {
				List<String> inherited = new ArrayList<>();
				while (names.next()) {
					inherited.add(names.getString(1));
				}
				assertThat(inherited).contains("PATH")
					.allMatch((name) -> name
						.matches("PATH|HOME|TMPDIR|LANG|LC_.*|(DY)?LD_LIBRARY_PATH|PG.*" + "|PWD|OLDPWD|SHLVL|_"));
			}
		}
	}

	/** After the server's start, as the JDK itself asks for the name when it starts. */
	@Test
	void windowsIsExplained(@TempDir Path folder) {
		String name = System.getProperty("os.name");
		System.setProperty("os.name", "Windows 11");
		try {
			assertThatIOException().isThrownBy(() -> PostgresBinaries.unpack(folder))
				.withMessageStartingWith("The embedded PostgreSQL runs on Linux and macOS only: run this in WSL, or ");
		}
		finally {
			System.setProperty("os.name", name);
		}
		assertThat(folder).isEmptyDirectory();
	}

	private static String query(String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url() + "postgres", "postgres",
				postgres.adminPassword());
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

	private static String url() {
		return "jdbc:postgresql://" + EmbeddedPostgres.HOST + ":" + postgres.port() + "/";
	}

}

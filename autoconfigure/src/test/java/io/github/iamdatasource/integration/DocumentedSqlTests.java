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
package io.github.iamdatasource.integration;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.documentation.Page;
import io.github.iamdatasource.documentation.Page.Block;
import io.github.iamdatasource.emulator.BackendServer;
import io.github.iamdatasource.emulator.EmulatorException;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.MySqlBackend;
import io.github.iamdatasource.emulator.PostgresBackend;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The statements of the documentation are run on the servers that they are for, and the
 * users whom they create sign in, by the policy of the README.
 * <p>
 * No server here knows {@code AWSAuthenticationPlugin}, which only RDS has. Its name is
 * all that the servers have against those statements; with that of another plugin they
 * are run as they are.
 */
class DocumentedSqlTests {

	private static final String RDS_PLUGIN = "AWSAuthenticationPlugin AS 'RDS'";

	private static final int PLUGIN_NOT_LOADED = 1524;

	private static final Pattern CREATED = Pattern.compile("CREATE USER '?(\\w+)'?");

	private static final Map<Engine, BackendServer> SERVERS = new EnumMap<>(Engine.class);

	@TempDir
	private Path folder;

	@AfterAll
	static void stop() {
		SERVERS.values().forEach((server) -> server.stop().run());
		SERVERS.clear();
	}

	static Stream<Block> forPostgreSql() {
		return blocks().filter((block) -> !isForMySql(block));
	}

	static Stream<Block> forMySql() {
		return blocks().filter(DocumentedSqlTests::isForMySql);
	}

	private static Stream<Block> blocks() {
		return Page.guide().stream().flatMap((page) -> page.blocks("sql").stream());
	}

	/** Who is told to have another password, or none, is so in the manner of MySQL. */
	private static boolean isForMySql(Block block) {
		return block.text().contains("AWSAuthenticationPlugin") || block.text().contains("mysql.user");
	}

	@ParameterizedTest
	@MethodSource("forPostgreSql")
	void isRunByPostgreSqlWhoseNewUserSignsIn(Block block) throws Exception {
		BackendServer server = server(Engine.POSTGRESQL);
		List<String> created = created(block);
		try (Connection connection = connect(Engine.POSTGRESQL, server, "orders");
				Statement statement = connection.createStatement()) {
			for (String user : created) {
				if (hasRows(statement, "SELECT FROM pg_roles WHERE rolname = '" + user + "'")) {
					statement.execute("DROP OWNED BY " + user);
					statement.execute("DROP USER " + user);
				}
			}
			statement.execute(block.text());
			for (String user : created) {
				assertThat(hasRows(statement, "SELECT FROM pg_roles WHERE rolname = '" + user
						+ "' AND rolcanlogin AND pg_has_role(rolname, 'rds_iam', 'USAGE')"))
					.isTrue();
			}
		}
		signIn(Engine.POSTGRESQL, server, created, "select current_user");
	}

	@ParameterizedTest
	@MethodSource("forMySql")
	void isRunByMariaDbWhoseNewUserSignsIn(Block block) throws Exception {
		runAndSignIn(Engine.MARIADB, block);
	}

	@ParameterizedTest
	@MethodSource("forMySql")
	void isRunByMySqlWhoseNewUserSignsIn(Block block) throws Exception {
		runAndSignIn(Engine.MYSQL, block);
	}

	private void runAndSignIn(Engine engine, Block block) throws Exception {
		BackendServer server = server(engine);
		List<String> created = created(block);
		try (Connection connection = connect(engine, server, "orders");
				Statement statement = connection.createStatement()) {
			for (String user : created) {
				statement.execute("DROP USER IF EXISTS '" + user + "'");
			}
			for (String sql : block.text().split(";\\s*")) {
				if (sql.contains(RDS_PLUGIN)) {
					// An error in the syntax would be another one.
					assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute(sql))
						.returns(PLUGIN_NOT_LOADED, SQLException::getErrorCode);
				}
				statement.execute(sql.replace(RDS_PLUGIN, "mysql_native_password"));
			}
			for (String user : created) {
				assertThat(
						hasRows(statement, "SELECT 1 FROM mysql.user WHERE User = '" + user + "' AND ssl_type = 'ANY'"))
					.isTrue();
				// The emulator encrypts in front of this server.
				statement.execute("ALTER USER '" + user + "' REQUIRE NONE");
			}
		}
		signIn(engine, server, created, "select substring_index(current_user(), '@', 1)");
	}

	@Test
	void errorInTheSyntaxIsFound() throws Exception {
		try (Connection connection = connect(Engine.MARIADB, server(Engine.MARIADB), "orders");
				Statement statement = connection.createStatement()) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> statement.execute("CREATE USER 'app' IDENTIFIED BY PLUGIN " + RDS_PLUGIN))
				.doesNotReturn(PLUGIN_NOT_LOADED, SQLException::getErrorCode);
		}
	}

	private void signIn(Engine engine, BackendServer server, List<String> users, String whoAmI) throws IOException {
		for (String user : users) {
			try (RdsIamEmulator rds = RdsIamEmulator.of(engine)
				.backend((engine == Engine.POSTGRESQL)
						? PostgresBackend.server(server.host(), server.port(), server.adminUser(),
								server.adminPassword())
						: MySqlBackend.server(server.host(), server.port(), server.adminUser(), server.adminPassword()))
				.hostname(OrdersDatabase.HOSTNAME)
				.region("eu-west-1")
				.account("123456789012")
				.resourceId("db-ABCDEFGHIJKL01234")
				.database("orders")
				.user(user)
				.principal(IamPrincipal.withKeys(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY)
					.allowed(documentedResource()))
				.start();
					ConfigurableApplicationContext context = Application.unconfigured()
						.with("iam.datasource.url", rds.jdbcUrl())
						.with("iam.datasource.username", user)
						.with("iam.datasource.tls.ca-certificates",
								rds.writeCaCertificate(this.folder.resolve("ca.pem")).toString())
						.run()) {
				assertThat(context.getBean(JdbcTemplate.class).queryForObject(whoAmI, String.class)).isEqualTo(user);
				assertThat(rds.accepted()).isPositive();
			}
		}
	}

	/** What the policy of the README allows. */
	private static String documentedResource() {
		Map<String, Object> policy = JsonParserFactory.getJsonParser()
			.parseMap(Page.of("README.md").blocks("json").get(0).text());
		return String.valueOf(((Map<?, ?>) ((List<?>) policy.get("Statement")).get(0)).get("Resource"));
	}

	private static List<String> created(Block block) {
		return CREATED.matcher(block.text()).results().map((match) -> match.group(1)).distinct().toList();
	}

	private static boolean hasRows(Statement statement, String query) throws SQLException {
		try (ResultSet result = statement.executeQuery(query)) {
			return result.next();
		}
	}

	private static BackendServer server(Engine engine) throws SQLException {
		BackendServer running = SERVERS.get(engine);
		if (running != null) {
			return running;
		}
		BackendServer started;
		try {
			started = backend(engine);
		}
		catch (EmulatorException ex) {
			throw OrdersDatabases.skippedOr(engine, ex);
		}
		SERVERS.put(engine, started);
		boolean postgres = engine == Engine.POSTGRESQL;
		try (Connection connection = connect(engine, started, postgres ? "postgres" : "mysql");
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE DATABASE orders");
			if (postgres) {
				// What RDS has from the beginning.
				statement.execute("CREATE ROLE rds_iam NOLOGIN");
			}
		}
		return started;
	}

	private static BackendServer backend(Engine engine) {
		return switch (engine) {
			case POSTGRESQL -> PostgresBackend.embedded().start();
			case MARIADB -> MySqlBackend.embeddedMariaDb().start();
			case MYSQL -> MySqlBackend.embeddedMySql().start();
		};
	}

	private static Connection connect(Engine engine, BackendServer server, String database) throws SQLException {
		String kind = (engine == Engine.POSTGRESQL) ? "postgresql" : "mariadb";
		return DriverManager.getConnection(
				"jdbc:" + kind + "://" + server.host() + ":" + server.port() + "/" + database, server.adminUser(),
				Objects.requireNonNull(server.adminPassword()));
	}

}

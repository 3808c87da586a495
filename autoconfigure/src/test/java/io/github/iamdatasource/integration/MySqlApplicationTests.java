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

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.iamdatasource.emulator.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What applications do with MySQL and MariaDB besides signing in.
 */
@ExtendWith(OrdersDatabases.Resolver.class)
class MySqlApplicationTests {

	/** MariaDB's driver has a better way for batches if the server is MariaDB. */
	private static final String NO_BULK = "?useBulkStmtsForInserts=false";

	private final OrdersDatabases databases;

	MySqlApplicationTests(OrdersDatabases databases) {
		this.databases = databases;
	}

	static Stream<Combination> combinations() {
		return Stream.of(TestedDriver.MYSQL, TestedDriver.MARIADB)
			.flatMap(Combination::of)
			.filter((combination) -> combination.pool() == Pool.HIKARI);
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void migratesBeforeTheFirstConnectionOfTheApplication(Combination combination) {
		String driver = combination.driver().name().toLowerCase();
		try (ConfigurableApplicationContext context = application(combination, "").with("spring.flyway.enabled", "true")
			.with("spring.flyway.locations", "classpath:db/migration-mysql")
			.with("spring.flyway.placeholders.driver", driver)
			// Other tests have tables in the same database.
			.with("spring.flyway.table", "migrations_by_" + driver)
			.with("spring.flyway.baseline-on-migrate", "true")
			.with("spring.flyway.baseline-version", "0")
			.run()) {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			assertThat(jdbc.update("insert into migrated_by_" + driver + " (item) values ('tea')")).isOne();
			assertThat(jdbc.queryForObject("select installed_by from migrations_by_" + driver + " where version = '1'",
					String.class))
				.startsWith("app");
		}
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void transactionsCommitAndRollBack(Combination combination) {
		try (ConfigurableApplicationContext context = application(combination, "").run()) {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			jdbc.execute("create table if not exists transferred (id int)");
			jdbc.update("delete from transferred");
			TransactionTemplate transaction = new TransactionTemplate(context.getBean(JdbcTransactionManager.class));
			transaction.executeWithoutResult((status) -> jdbc.update("insert into transferred values (1)"));
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
					jdbc.update("insert into transferred values (2)");
					throw new IllegalStateException("roll back");
				}));
			assertThat(jdbc.queryForList("select id from transferred", Integer.class)).containsExactly(1);
		}
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void urlHasTheDriverRewriteBatches(Combination combination) throws SQLException {
		assertThat(status(combination, NO_BULK, "Com_insert")).isEqualTo(3);
		assertThat(status(combination, NO_BULK + "&rewriteBatchedStatements=true", "Com_insert")).isEqualTo(1);
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void urlHasTheDriverPrepareStatementsOnTheServer(Combination combination) throws SQLException {
		assertThat(status(combination, NO_BULK, "Com_stmt_prepare")).isZero();
		assertThat(status(combination, NO_BULK + "&useServerPrepStmts=true", "Com_stmt_prepare")).isPositive();
	}

	/** MariaDB keeps none unless it is started with its performance schema. */
	@ParameterizedTest
	@CsvSource({ "MYSQL", "MARIADB" })
	void urlHasTheDriverSendAttributesOfTheConnection(TestedDriver driver) throws SQLException {
		Combination combination = new Combination(driver, Engine.MYSQL, Pool.HIKARI);
		try (ConfigurableApplicationContext context = application(combination,
				"?connectionAttributes=team:orders,stage:test")
			.run()) {
			assertThat(context.getBean(JdbcTemplate.class)
				.queryForList(
						"select attr_value from performance_schema.session_account_connect_attrs "
								+ "where processlist_id = connection_id() and attr_name in ('team', 'stage')",
						String.class))
				.containsExactlyInAnyOrder("orders", "test");
		}
	}

	@Test
	void mariaDbDriverTakesAUrlForMySqlThatPermitsIt() throws SQLException {
		OrdersDatabase database = this.databases.of(Engine.MARIADB);
		try (ConfigurableApplicationContext context = Application.signingIn(database)
			.with("iam.datasource.url", database.rds().jdbcUrl("mysql") + "?permitMysqlScheme&useServerPrepStmts=true")
			.run(); Connection connection = context.getBean(DataSource.class).getConnection()) {
			assertThat(connection.getMetaData().getDriverName()).isEqualTo("MariaDB Connector/J");
			assertThat(CompatibilityCheck.query(connection, CompatibilityCheck.user(Engine.MARIADB))).isEqualTo("app");
		}
	}

	private Application application(Combination combination, String parameters) {
		OrdersDatabase database = this.databases.of(combination.engine());
		return CompatibilityCheck.application(combination, database)
			.with("iam.datasource.url", combination.driver().url(database) + parameters);
	}

	/**
	 * Execute a batch, and have the server tell what came of it.
	 */
	private int status(Combination combination, String parameters, String variable) throws SQLException {
		try (ConfigurableApplicationContext context = application(combination, parameters).run();
				Connection connection = context.getBean(DataSource.class).getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("create table if not exists batched (id int)");
			int before = status(statement, variable);
			try (PreparedStatement insert = connection.prepareStatement("insert into batched (id) values (?)")) {
				for (int id : List.of(1, 2, 3)) {
					insert.setInt(1, id);
					insert.addBatch();
				}
				insert.executeBatch();
			}
			return status(statement, variable) - before;
		}
	}

	private static int status(Statement statement, String variable) throws SQLException {
		try (ResultSet result = statement.executeQuery("show session status like '" + variable + "'")) {
			result.next();
			return result.getInt(2);
		}
	}

}

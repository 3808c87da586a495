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
package io.github.iamdatasource.stack;

import io.github.iamdatasource.emulator.Engine;
import liquibase.integration.spring.SpringLiquibase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What changes the schema, with the application's own data source or as a user of its
 * own.
 */
@ExtendWith(Databases.Resolver.class)
class MigrationTests {

	private final Database database;

	MigrationTests(Databases databases) {
		this.database = databases.of(Engine.POSTGRESQL);
	}

	@Test
	void flywayMigratesAtStartUpAndLater() throws Exception {
		try (RunningApplication application = Application.on(this.database)
			.with(Library.FLYWAY)
			.with("spring.flyway.schemas", "flyway")
			.with("spring.flyway.clean-disabled", "false")
			.run()) {
			assertThat(owner(application, "flyway_orders")).isEqualTo("app");
			Flyway flyway = application.bean(Flyway.class);
			application.throughout(() -> {
				flyway.clean();
				assertThat(flyway.migrate().migrationsExecuted).isEqualTo(1);
			});
			assertThat(owner(application, "flyway_orders")).isEqualTo("app");
		}
	}

	@Test
	void liquibaseMigratesAtStartUpAndLater() throws Exception {
		try (RunningApplication application = Application.on(this.database)
			.with(Library.LIQUIBASE)
			.with("spring.liquibase.change-log", "classpath:db/changelog/orders.sql")
			.with("spring.liquibase.analytics-enabled", "false")
			.run()) {
			assertThat(owner(application, "liquibase_orders")).isEqualTo("app");
			SpringLiquibase liquibase = application.bean(SpringLiquibase.class);
			application.throughout(() -> {
				application.bean(JdbcTemplate.class)
					.execute("drop table liquibase_orders; delete from databasechangelog");
				liquibase.afterPropertiesSet();
			});
			assertThat(owner(application, "liquibase_orders")).isEqualTo("app");
		}
	}

	@Test
	void liquibaseMigratesAsAUserOfItsOwn() throws Exception {
		try (RunningApplication application = Application.on(this.database)
			.with(Library.LIQUIBASE)
			.with("iam.datasource.migration.username", "ddl")
			.with("spring.liquibase.change-log", "classpath:db/changelog/ddl.sql")
			.with("spring.liquibase.database-change-log-table", "ddl_log")
			.with("spring.liquibase.database-change-log-lock-table", "ddl_lock")
			.with("spring.liquibase.analytics-enabled", "false")
			.run()) {
			assertThat(owner(application, "ddl_orders")).isEqualTo("ddl");
			assertThat(owner(application, "ddl_log")).isEqualTo("ddl");
			assertThat(application.bean(JdbcTemplate.class).queryForObject("select current_user", String.class))
				.isEqualTo("app");
		}
	}

	private static String owner(RunningApplication application, String table) {
		return application.bean(JdbcTemplate.class)
			.queryForObject("select tableowner from pg_tables where tablename = ?", String.class, table);
	}

}

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

import javax.sql.DataSource;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A migration as a database user of its own.
 */
class MigrationUserTests {

	private static final String MIGRATION = "iam.datasource.migration.username";

	@TempDir
	private static Path folder;

	private static OrdersDatabase database;

	@BeforeAll
	static void start() throws IOException {
		RdsIamEmulator rds = RdsIamEmulator.of(Engine.POSTGRESQL)
			.hostname(OrdersDatabase.HOSTNAME)
			.region("eu-west-1")
			.database("orders")
			.user("ddl")
			.user("app")
			.principal(IamPrincipal.withKeys(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY)
				.allowedToConnectAs("app")
				.allowedToConnectAs("ddl"))
			.principal(IamPrincipal.withKeys(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY)
				.allowedToConnectAs("app"))
			.start();
		Path caFile = folder.resolve("ca.pem");
		rds.writeCaCertificate(caFile);
		database = new OrdersDatabase(rds, caFile);
	}

	@AfterAll
	static void stop() throws IOException {
		database.close();
	}

	@Test
	void flywayMigratesAsItsOwnUserAndTheApplicationSignsInAsItself() {
		try (ConfigurableApplicationContext context = application().with(MIGRATION, "ddl").run()) {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			assertThat(jdbc.queryForList(
					"select tableowner from pg_tables where tablename in ('orders', " + "'flyway_schema_history')",
					String.class))
				.isNotEmpty()
				.containsOnly("ddl");
			assertThat(jdbc.queryForObject("select current_user", String.class)).isEqualTo("app");
			// There is one that the application gets, and it is Spring Boot's own.
			assertThat(context.getBeanProvider(DataSource.class).getIfUnique()).isSameAs(context.getBean("dataSource"));
		}
	}

	@Test
	void nothingIsKeptFreshForTheMigrationOnceItIsOverAndYetFlywayCanBeAsked() throws Exception {
		try (ConfigurableApplicationContext context = application().with(MIGRATION, "ddl").run()) {
			DataSource migration = context.getBean("migrationDataSource", DataSource.class);
			assertThat(migration).hasFieldOrPropertyWithValue("open", null);
			assertThat(context.getBean(Flyway.class).info().applied()).isNotEmpty();
			assertThat(new JdbcTemplate(migration).queryForObject("select current_user", String.class))
				.isEqualTo("ddl");
			assertThat(migration).hasFieldOrPropertyWithValue("open", null);
		}
	}

	@Test
	void healthTellsOfTheApplicationsOwn() {
		try (ConfigurableApplicationContext context = application().with(MIGRATION, "ddl").run()) {
			IndicatedHealthDescriptor health = (IndicatedHealthDescriptor) context.getBean(HealthEndpoint.class)
				.healthForPath("iamDataSource");
			assertThat(health.getDetails()).containsEntry("username", "app");
		}
	}

	@Test
	void applicationsUserIsTheOneWithoutTheProperty() {
		try (ConfigurableApplicationContext context = application().with("spring.flyway.schemas", "own").run()) {
			assertThat(context.containsBean("migrationDataSource")).isFalse();
			assertThat(context.getBean(JdbcTemplate.class)
				.queryForObject(
						"select tableowner from pg_tables where schemaname = 'own' and tablename = 'flyway_schema_history'",
						String.class))
				.isEqualTo("app");
		}
	}

	@Test
	void userThatTheDatabaseDoesNotHaveIsNamed() {
		FailureAnalysis analysis = ReportedAnalyses.ofFailing(application().with(MIGRATION, "owner"));
		assertThat(analysis.getDescription())
			.startsWith("The database has no user 'owner' who signs in with tokens: it did not ask for one.");
		assertThat(analysis.getAction()).contains("GRANT rds_iam TO \"owner\"");
	}

	@Test
	void userWhomThePolicyDoesNotAllowIsNamed() {
		FailureAnalysis analysis = ReportedAnalyses.ofFailing(application().with(MIGRATION, "ddl")
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY)));
		assertThat(analysis.getDescription()).contains("did not accept the token as a login of user 'ddl'");
		assertThat(analysis.getAction()).contains(":dbuser:<resource id>/ddl");
	}

	@Test
	void nameWithMoreThanANameIsToldByItsOwnProperty() {
		assertThat(ReportedAnalyses.ofFailing(application().with(MIGRATION, "'ddl'@'%'")).getDescription())
			.contains("more than a name had been written into iam.datasource.migration.username");
	}

	@ParameterizedTest
	@CsvSource({ "url, jdbc:postgresql://elsewhere/orders", "user, ddl", "password, NeverLogThis" })
	void dataSourceOfFlywaysOwnIsRefused(String property, String value) {
		ReportedAnalyses.assertFails(application().with("spring.flyway." + property, value),
				"Property: spring.flyway." + property, "signs in with a password and not with a token",
				"set iam.datasource.migration.username", "@FlywayDataSource");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.flyway.user", "spring.flyway.url" })
	void nobodyMindsASettingOfWhatIsSwitchedOff(String property) {
		application().with("spring.flyway.enabled", "false").with(property, "anything").run().close();
	}

	private static Application application() {
		return Application.signingIn(database).with("spring.flyway.enabled", "true");
	}

}

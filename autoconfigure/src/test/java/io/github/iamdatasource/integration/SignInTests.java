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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.LoginAttempt;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An application signs in through its pool to a real PostgreSQL.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class SignInTests {

	private final OrdersDatabase database;

	SignInTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void signsInAsTheDatabaseUser() {
		long accepted = this.database.rds().accepted();
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			assertThat(query(context, "select current_user")).isEqualTo("app");
			assertThat(query(context, "show server_version")).startsWith("18");
			assertThat(this.database.rds().accepted()).isGreaterThan(accepted);
		}
	}

	@Test
	void signsInWithSessionCredentials() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with(TestCredentials.session(Instant.now().plusSeconds(600)))
			.run()) {
			assertThat(query(context, "select current_user")).isEqualTo("app");
			assertThat(dataSource(context).getTokenSource().snapshot().expiresAt())
				.isBefore(Instant.now().plusSeconds(601));
		}
	}

	@Test
	void isSpringBootsOwnPoolWithItsOwnSettings() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with("spring.datasource.hikari.maximum-pool-size", "7")
			.with("spring.datasource.name", "orders")
			.run()) {
			HikariDataSource pool = context.getBean("dataSource", HikariDataSource.class);
			assertThat(pool.getMaximumPoolSize()).isEqualTo(7);
			assertThat(pool.getPoolName()).isEqualTo("orders");
			assertThat(pool.getJdbcUrl()).isEqualTo(this.database.rds().jdbcUrl());
			assertThat(pool.getUsername()).isEqualTo("app");
			assertThat(pool.getPassword()).isEmpty();
			assertThat(pool.getDataSource()).isSameAs(dataSource(context));
			assertThat(context.getBeansOfType(DataSource.class)).containsOnlyKeys("dataSource");
		}
	}

	@Test
	void allConnectionsShareOneToken() throws Exception {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			long accepted = this.database.rds().accepted();
			Instant signedAt = dataSource(context).getTokenSource().snapshot().signedAt();
			List<Connection> connections = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				connections.add(context.getBean(DataSource.class).getConnection());
			}
			assertThat(this.database.rds().accepted() - accepted).isGreaterThanOrEqualTo(5);
			assertThat(dataSource(context).getTokenSource().snapshot().signedAt()).isEqualTo(signedAt);
			for (Connection connection : connections) {
				connection.close();
			}
		}
	}

	@Test
	void tunnelIsVerifiedAgainstTheSigningHost() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with("iam.datasource.url", "jdbc:postgresql://localhost:" + this.database.rds().port() + "/orders")
			.with("iam.datasource.hostname", OrdersDatabase.HOSTNAME)
			.run()) {
			assertThat(query(context, "select current_user")).isEqualTo("app");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sslmode=verify-full", "ssl=true", "sslNegotiation=direct",
			"ApplicationName=orders&reWriteBatchedInserts=true&loginTimeout=5" })
	void urlKeepsItsParameters(String parameters) {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with("iam.datasource.url", this.database.rds().jdbcUrl() + "?" + parameters)
			.run()) {
			String name = query(context, "show application_name");
			assertThat(context.getBean(HikariDataSource.class).getJdbcUrl()).isEqualTo(this.database.rds().jdbcUrl());
			assertThat(name).isEqualTo(parameters.contains("ApplicationName") ? "orders" : "PostgreSQL JDBC Driver");
		}
	}

	@Test
	void urlMayNameTheCertificateAuthority() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.without("iam.datasource.tls.ca-certificates")
			.with("iam.datasource.url", this.database.rds().jdbcUrl() + "?sslrootcert=" + this.database.caFile())
			.run()) {
			assertThat(query(context, "select current_user")).isEqualTo("app");
		}
	}

	@Test
	void transactionsRollBack() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			jdbc.execute("create table if not exists rolled_back (id int)");
			TransactionTemplate transaction = new TransactionTemplate(context.getBean(JdbcTransactionManager.class));
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
					jdbc.update("insert into rolled_back values (1)");
					throw new IllegalStateException("roll back");
				}));
			assertThat(query(context, "select count(*) from rolled_back")).isEqualTo("0");
		}
	}

	@Test
	void flywayMigratesAsTheDatabaseUser() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with("spring.flyway.enabled", "true")
			.with("spring.flyway.default-schema", "migrated")
			.run()) {
			assertThat(query(context,
					"select tableowner from pg_tables where schemaname = 'migrated' and tablename = 'migrated_order'"))
				.isEqualTo("app");
		}
	}

	@Test
	void lazyConnectionFetchKeepsWorking() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with("spring.datasource.connection-fetch", "lazy")
			.run()) {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(LazyConnectionDataSourceProxy.class);
			assertThat(query(context, "select current_user")).isEqualTo("app");
		}
	}

	@Test
	void remembersTheNewestLogin() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			assertThat(dataSource(context).snapshot().lastLogin()).isNull();
			query(context, "select 1");
			LoginAttempt login = dataSource(context).snapshot().lastLogin();
			assertThat(login).isNotNull();
			assertThat(login.outcome()).isEqualTo(Outcome.SUCCEEDED);
			assertThat(login.failure() == null).isTrue();
		}
	}

	@Test
	void signsInAsNobodyElse() throws Exception {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			assertThatExceptionOfType(java.sql.SQLException.class)
				.isThrownBy(() -> dataSource(context).getConnection("auditor", null))
				.withMessageContaining("iam.datasource.username");
			try (Connection connection = dataSource(context).getConnection(null, null)) {
				assertThat(connection.isValid(5)).isTrue();
			}
		}
	}

	private static IamDataSource dataSource(ConfigurableApplicationContext context) {
		return context.getBean(IamJdbcConnectionDetails.class).getDataSource();
	}

	private static String query(ConfigurableApplicationContext context, String sql) {
		return context.getBean(JdbcTemplate.class).queryForObject(sql, String.class);
	}

}

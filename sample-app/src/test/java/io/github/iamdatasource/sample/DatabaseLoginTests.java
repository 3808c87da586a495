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
package io.github.iamdatasource.sample;

import java.sql.SQLException;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for who the service is in its database.
 */
@OrdersTest
class DatabaseLoginTests {

	private final JdbcClient jdbcClient;

	DatabaseLoginTests(@Autowired JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	@Test
	void sessionsBelongToTheIamUser() {
		assertThat(this.jdbcClient.sql("SELECT session_user || ' ' || current_user").query(String.class).single())
			.isEqualTo("orders_app orders_app");
	}

	@Test
	void userCanDoNoMoreThanOnRds() {
		assertThat(this.jdbcClient.sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
			.query(Boolean.class)
			.single()).isFalse();
	}

	@Test
	void flywayCreatedTheSchemaAsThatUser() {
		assertThat(this.jdbcClient
			.sql("SELECT version || ' ' || installed_by || ' ' || success FROM flyway_schema_history")
			.query(String.class)
			.list()).containsExactly("1 orders_app true");
	}

	@Test
	void passwordIsNoWayIn(@Value("${iam.datasource.url}") String url) {
		Properties login = new Properties();
		login.put("user", "orders_app");
		login.put("password", "orders_app");
		login.put("sslmode", "require");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> new Driver().connect(url, login).close())
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("28000"));
	}

}

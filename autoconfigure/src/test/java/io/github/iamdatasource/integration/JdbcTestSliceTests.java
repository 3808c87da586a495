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

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Slices of an application that is configured to sign in with IAM tokens.
 */
class JdbcTestSliceTests {

	@Nested
	@JdbcTest(properties = { "iam.datasource.username=app",
			"iam.datasource.url=jdbc:postgresql://" + OrdersDatabase.HOSTNAME + "/orders" })
	@ContextConfiguration(classes = App.class)
	class WithAnEmbeddedDatabase {

		@Test
		void neitherSignsInNorNeedsCredentials(@Autowired JdbcTemplate jdbc) {
			assertThat(jdbc.queryForObject("select h2version()", String.class)).startsWith("2.");
		}

	}

	@Nested
	@JdbcTest(properties = { "iam.datasource.username=app", "iam.datasource.migration.username=ddl",
			"iam.datasource.url=jdbc:postgresql://" + OrdersDatabase.HOSTNAME + "/orders" })
	@ImportAutoConfiguration(FlywayAutoConfiguration.class)
	@ContextConfiguration(classes = App.class)
	class WithAnEmbeddedDatabaseToMigrate {

		@Test
		void migratesNoOther(@Autowired JdbcTemplate jdbc) {
			assertThat(jdbc.queryForObject("select count(*) from \"flyway_schema_history\"", Long.class)).isPositive();
		}

	}

	@Nested
	@JdbcTest
	@ContextConfiguration(classes = App.class)
	class WithNoPropertiesAtAll {

		@Test
		void needsNone(@Autowired JdbcTemplate jdbc) {
			assertThat(jdbc.queryForObject("select h2version()", String.class)).startsWith("2.");
		}

	}

	@Nested
	@ExtendWith(OrdersDatabase.Resolver.class)
	// No idle connections: the context outlives the test, and its pool would go on to log
	// in during the next ones.
	@JdbcTest(properties = { "iam.datasource.username=app", "spring.datasource.hikari.minimum-idle=0" })
	@AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
	@ContextConfiguration(classes = { App.class, Credentials.class })
	class WithTheRealDatabase {

		@DynamicPropertySource
		static void database(DynamicPropertyRegistry registry) {
			OrdersDatabase database = OrdersDatabase.Resolver.started();
			registry.add("iam.datasource.url", database.rds()::jdbcUrl);
			registry.add("iam.datasource.tls.ca-certificates", database.caFile()::toString);
		}

		@Test
		void signsIn(@Autowired JdbcTemplate jdbc, @Autowired IamJdbcConnectionDetails details) {
			assertThat(jdbc.queryForObject("select current_user", String.class)).isEqualTo("app");
			assertThat(details.getDataSource().snapshot().lastLogin()).isNotNull();
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

	@Configuration(proxyBeanMethods = false)
	static class Credentials {

		@Bean
		AwsCredentialsProvider credentialsProvider() {
			return TestCredentials.user();
		}

	}

}

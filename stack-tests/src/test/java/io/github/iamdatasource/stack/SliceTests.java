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

import java.util.Objects;

import javax.sql.DataSource;

import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase.Replace;
import org.springframework.boot.jooq.test.autoconfigure.JooqTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Slices of an application that is configured to sign in. Those that replace its database
 * find no credentials.
 */
@ExtendWith(Databases.Resolver.class)
@DirtiesContext
@ContextConfiguration(classes = Application.Empty.class)
@TestPropertySource(properties = { "iam.datasource.username=app", "iam.datasource.credentials.identify-caller=false",
		"spring.datasource.hikari.minimum-idle=0", "spring.sql.init.schema-locations=classpath:db/jdbc-orders.sql",
		"spring.flyway.enabled=false", "spring.liquibase.enabled=false" })
class SliceTests {

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		Database database = Databases.Resolver.postgres();
		registry.add("iam.datasource.url", database.rds()::jdbcUrl);
		registry.add("iam.datasource.tls.ca-certificates", database.caFile()::toString);
	}

	@Nested
	@DataJpaTest
	class JpaWithAnEmbeddedDatabase {

		@Test
		void doesNotSignIn(@Autowired JpaOrders orders, @Autowired DataSource dataSource) {
			orders.save(new JpaOrder("tea"));
			assertThat(orders.countByItem("tea")).isOne();
			assertThat(orders.user()).isNotEqualTo("app");
			assertThat(PooledIamDataSource.under(dataSource)).isNull();
		}

	}

	@Nested
	@DataJpaTest(properties = "spring.jpa.hibernate.ddl-auto=create-drop")
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	@ContextConfiguration(classes = Credentials.class)
	class JpaWithTheRealDatabase {

		@Test
		void signsIn(@Autowired JpaOrders orders, @Autowired DataSource dataSource) {
			orders.save(new JpaOrder("tea"));
			assertThat(orders.countByItem("tea")).isOne();
			assertThat(orders.user()).isEqualTo("app");
			assertSignedIn(dataSource);
		}

	}

	@Nested
	@DataJdbcTest
	class DataJdbcWithAnEmbeddedDatabase {

		@Test
		void doesNotSignIn(@Autowired JdbcOrders orders, @Autowired DataSource dataSource) {
			orders.save(new JdbcOrder(null, "tea"));
			assertThat(orders.user()).isNotEqualTo("app");
			assertThat(PooledIamDataSource.under(dataSource)).isNull();
		}

	}

	@Nested
	@DataJdbcTest(properties = "spring.sql.init.mode=always")
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	@ContextConfiguration(classes = Credentials.class)
	class DataJdbcWithTheRealDatabase {

		@Test
		void signsIn(@Autowired JdbcOrders orders, @Autowired DataSource dataSource) {
			orders.save(new JdbcOrder(null, "tea"));
			assertThat(orders.user()).isEqualTo("app");
			assertSignedIn(dataSource);
		}

	}

	@Nested
	@JooqTest
	@AutoConfigureTestDatabase
	class JooqWithAnEmbeddedDatabase {

		@Test
		void doesNotSignIn(@Autowired DSLContext jooq, @Autowired DataSource dataSource) {
			assertThat(jooq.dialect().family()).isEqualTo(SQLDialect.H2);
			assertThat(jooq.fetchValue("select current_user")).isNotEqualTo("app");
			assertThat(PooledIamDataSource.under(dataSource)).isNull();
		}

	}

	/** The real one is what this slice has by default. */
	@Nested
	@JooqTest
	@ContextConfiguration(classes = Credentials.class)
	class JooqWithTheRealDatabase {

		@Test
		void signsIn(@Autowired DSLContext jooq, @Autowired DataSource dataSource) {
			assertThat(jooq.dialect().family()).isEqualTo(SQLDialect.POSTGRES);
			assertThat(jooq.fetchValue("select current_user")).isEqualTo("app");
			assertSignedIn(dataSource);
		}

	}

	private static void assertSignedIn(DataSource dataSource) {
		assertThat(Objects.requireNonNull(PooledIamDataSource.under(dataSource)).snapshot().lastLogin()).isNotNull();
	}

	@Configuration(proxyBeanMethods = false)
	static class Credentials {

		@Bean
		AwsCredentialsProvider credentialsProvider() {
			return new Keys(Databases.Resolver.postgres().rds());
		}

	}

}

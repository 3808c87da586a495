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

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.test.autoconfigure.TestDatabaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the application has of its own wins over the starter.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class BackOffTests {

	private final OrdersDatabase database;

	BackOffTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void dataSourceOfTheApplicationWins() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database, OwnDataSource.class).run()) {
			assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("ownDataSource"));
			assertBackedOff(context);
		}
	}

	@Test
	void connectionDetailsOfTheApplicationWin() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database, OwnConnectionDetails.class)
			.run()) {
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			assertThat(pool.getJdbcUrl()).isEqualTo("jdbc:h2:mem:own");
			assertThat(pool.getDataSource()).isNull();
			assertBackedOff(context);
		}
	}

	@Test
	void disabledLeavesPlainSpringBoot() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with("iam.datasource.enabled", "false")
			.with("spring.datasource.url", "jdbc:h2:mem:plain")
			.with("spring.datasource.username", "sa")
			.run()) {
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			assertThat(pool.getJdbcUrl()).isEqualTo("jdbc:h2:mem:plain");
			assertThat(pool.getDataSource()).isNull();
			assertBackedOff(context);
		}
	}

	@Test
	void disabledNeedsNoPropertiesAtAll() {
		try (ConfigurableApplicationContext context = Application.unconfigured()
			.with("iam.datasource.enabled", "false")
			.run()) {
			assertThat(context.getBean(HikariDataSource.class).getJdbcUrl()).startsWith("jdbc:h2:mem:");
			assertBackedOff(context);
		}
	}

	@Test
	void testThatBringsItsOwnDatabaseNeedsNoPropertiesEvenWithActuator() {
		try (ConfigurableApplicationContext context = Application.unconfigured(TestDatabaseAutoConfiguration.class)
			.with("spring.test.database.replace", "any")
			.run()) {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(EmbeddedDatabase.class);
			assertThat(context.getBean(HealthEndpoint.class).health().getStatus()).isEqualTo(Status.UP);
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("iamDataSource").getStatus())
				.isEqualTo(Status.UNKNOWN);
		}
	}

	private static void assertBackedOff(ConfigurableApplicationContext context) {
		assertThat(context.getBeansOfType(IamDataSourceAutoConfiguration.class)).isEmpty();
		assertThat(context.getBeansOfType(IamJdbcConnectionDetails.class)).isEmpty();
		assertThat(context.containsBean("iamDataSourceHealthContributor")).isFalse();
		assertThat(context.containsBean("dbHealthContributor")).isTrue();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		DataSource ownDataSource() {
			return new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConnectionDetails {

		@Bean
		JdbcConnectionDetails ownConnectionDetails() {
			return new JdbcConnectionDetails() {

				@Override
				public String getUsername() {
					return "sa";
				}

				@Override
				public String getPassword() {
					return "";
				}

				@Override
				public String getJdbcUrl() {
					return "jdbc:h2:mem:own";
				}

			};
		}

	}

}

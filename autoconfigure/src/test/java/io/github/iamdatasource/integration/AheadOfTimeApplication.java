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

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Injects an additional data source by its name. Of its own, as what is generated for it
 * is found by its name.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(AheadOfTimeApplication.Repositories.class)
class AheadOfTimeApplication {

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = SpringApplication.run(AheadOfTimeApplication.class, args)) {
			Repositories repositories = context.getBean(Repositories.class);
			System.out.println("from generated artifacts: " + AotDetector.useGeneratedArtifacts());
			System.out.println("primary: " + user(context.getBean(JdbcTemplate.class)) + ", reports: "
					+ user(new JdbcTemplate(repositories.reports)));
			System.out.println("health: "
					+ ((CompositeHealthDescriptor) context.getBean(HealthEndpoint.class).healthForPath("iamDataSource"))
						.getComponents()
						.keySet());
			System.out.println("pool of reports: " + ((HikariDataSource) repositories.reports).getMaximumPoolSize());
		}
	}

	private static String user(JdbcTemplate jdbc) {
		return jdbc.queryForObject("select current_user", String.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Repositories {

		private final DataSource reports;

		Repositories(DataSource primary, @Qualifier("reports") DataSource reports) {
			if (primary == reports) {
				throw new IllegalStateException("They are the same");
			}
			this.reports = reports;
		}

	}

}

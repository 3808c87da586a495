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

import javax.sql.DataSource;

import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import io.github.iamdatasource.emulator.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications with more than one context.
 */
@ExtendWith(Databases.Resolver.class)
class ContextHierarchyTests {

	private final Database database;

	private final Keys keys;

	ContextHierarchyTests(Databases databases) {
		this.database = databases.of(Engine.POSTGRESQL);
		this.keys = new Keys(this.database.rds());
	}

	@AfterEach
	void forgetKeys() {
		this.keys.forget();
	}

	@Test
	void childUsesTheDataSourceOfItsParentAndLeavesItOpen() {
		try (ConfigurableApplicationContext parent = application().run()) {
			try (ConfigurableApplicationContext child = application().parent(parent).run()) {
				assertThat(child.getBeanNamesForType(DataSource.class)).isEmpty();
				assertThat(child.getBeanNamesForType(IamJdbcConnectionDetails.class)).isEmpty();
				assertThat(child.getBean(DataSource.class)).isSameAs(parent.getBean(DataSource.class));
				assertThat(user(child)).isEqualTo("app");
			}
			PooledIamDataSource.replaceConnections(parent.getBean(DataSource.class));
			assertThat(user(parent)).isEqualTo("app");
		}
	}

	@Test
	void childOfABuilderUsesTheDataSourceOfItsParent() {
		try (ConfigurableApplicationContext child = application().child(Child.class)
			.web(WebApplicationType.NONE)
			.run()) {
			assertThat(child.getBeanNamesForType(DataSource.class)).isEmpty();
			assertThat(user(child)).isEqualTo("app");
		}
	}

	@Test
	void siblingsHaveOneEach() {
		try (ConfigurableApplicationContext parent = new SpringApplicationBuilder(Parent.class)
			.web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "spring.docker.compose.enabled=false")
			.run(); ConfigurableApplicationContext first = application().parent(parent).run()) {
			try (ConfigurableApplicationContext second = application().parent(parent).run()) {
				assertThat(user(second)).isEqualTo("app");
				assertThat(second.getBean(DataSource.class)).isNotSameAs(first.getBean(DataSource.class));
			}
			PooledIamDataSource.replaceConnections(first.getBean(DataSource.class));
			assertThat(user(first)).isEqualTo("app");
		}
	}

	@Test
	void childHasAnotherOfItsOwn() {
		try (ConfigurableApplicationContext parent = application().run()) {
			try (ConfigurableApplicationContext child = application().sources(Own.class).parent(parent).run()) {
				assertThat(JdbcClient.create(child.getBean(DataSource.class))
					.sql("select h2version()")
					.query(String.class)
					.single()).startsWith("2.");
				assertThat(child.getBeanNamesForType(IamJdbcConnectionDetails.class)).isEmpty();
			}
			PooledIamDataSource.replaceConnections(parent.getBean(DataSource.class));
			assertThat(user(parent)).isEqualTo("app");
		}
	}

	private SpringApplicationBuilder application() {
		return Application.on(this.database).builder(this.keys);
	}

	private static String user(ConfigurableApplicationContext context) {
		return String.valueOf(context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class Parent {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Child {

	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		DataSource own() {
			return new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2).generateUniqueName(true).build();
		}

	}

}

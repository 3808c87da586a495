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

import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.autoconfigure.InvalidIamDataSourceException;
import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connection pools that are missing.
 */
class PoolMissingTests {

	private static final String HIKARI = "com.zaxxer.hikari.HikariDataSource";

	private static final String TOMCAT = "org.apache.tomcat.jdbc.pool.DataSource";

	private static final String DBCP2 = "org.apache.commons.dbcp2.BasicDataSource";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(IamDataSourceAutoConfiguration.class,
				DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
		.withPropertyValues("iam.datasource.url=jdbc:postgresql://" + OrdersDatabase.HOSTNAME + "/orders",
				"iam.datasource.username=app")
		.withBean("credentials", AwsCredentialsProvider.class, TestCredentials::user);

	@Test
	void saysThatThereIsNoPool() {
		without(HIKARI, TOMCAT, DBCP2).withUserConfiguration(StartupFailureTests.NeedsDatabase.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidIamDataSourceException.class)
				.hasMessageContaining("no connection pool on the class path")
				.hasMessageContaining("spring-boot-starter-jdbc")
				.hasMessageContaining("tomcat-jdbc")
				.hasMessageContaining("commons-dbcp2")
				.hasMessageContaining(IamDataSource.class.getName()));
	}

	@Test
	void saysThatThereIsNoPoolWhateverTypeIsSet() {
		without(HIKARI, TOMCAT, DBCP2).withPropertyValues("spring.datasource.type=" + HIKARI)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidIamDataSourceException.class)
				.hasMessageContaining("Property 'spring.datasource.type' with value '" + HIKARI + "'"));
	}

	@Test
	void disabledNeedsNoPool() {
		without(HIKARI, TOMCAT, DBCP2).withPropertyValues("iam.datasource.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void noneIsNeededWithoutAPool() {
		without(HIKARI, TOMCAT, DBCP2).withPropertyValues("spring.datasource.type=" + IamDataSource.class.getName())
			.run((context) -> assertThat(context).getBean("dataSource").isInstanceOf(IamDataSource.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { HIKARI, TOMCAT, DBCP2 })
	void oneIsEnough(String pool) {
		String[] others = Stream.of(HIKARI, TOMCAT, DBCP2)
			.filter((other) -> !other.equals(pool))
			.toArray(String[]::new);
		without(others).run((context) -> {
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(dataSource.getClass().getName()).isEqualTo(pool);
			assertThat(PooledIamDataSource.under(dataSource))
				.isSameAs(context.getBean(IamJdbcConnectionDetails.class).getDataSource());
		});
	}

	private ApplicationContextRunner without(String... pools) {
		return this.runner.withClassLoader(new FilteredClassLoader(pools));
	}

}

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

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.InvalidIamDataSourceException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Classes that are missing.
 */
class HikariMissingTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(IamDataSourceAutoConfiguration.class,
				DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
		.withPropertyValues("iam.datasource.url=jdbc:postgresql://" + OrdersDatabase.HOSTNAME + "/orders",
				"iam.datasource.username=app");

	@Test
	void saysThatThereIsNoPool() {
		this.runner.withClassLoader(new FilteredClassLoader(HikariDataSource.class))
			.withUserConfiguration(StartupFailureTests.NeedsDatabase.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidIamDataSourceException.class)
				.hasMessageContaining("no HikariCP on the class path")
				.hasMessageContaining("spring-boot-starter-jdbc"));
	}

	@Test
	void disabledNeedsNoPool() {
		this.runner.withClassLoader(new FilteredClassLoader(HikariDataSource.class))
			.withPropertyValues("iam.datasource.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

}

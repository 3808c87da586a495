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
package io.github.iamdatasource.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.JdbcUrl;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Holds Spring Boot's properties of its own data source against those of the IAM data
 * source that is put under it.
 */
final class BootProperties {

	/** What migrates a database, and where Spring Boot configures it. */
	private static final Map<String, String> MIGRATIONS = Map.of("Flyway",
			"org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration", "Liquibase",
			"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration");

	private BootProperties() {
	}

	/**
	 * Let nobody believe in a property that has no effect.
	 * @throws InvalidIamDataSourceException if two of them contradict each other, or the
	 * pool is not supported
	 */
	static void requireConsistent(IamDataSourceProperties properties, DataSourceProperties bootProperties,
			Environment environment) {
		requireSupportedPool(bootProperties);
		requireOneUrl(properties.getUrl(), bootProperties.getUrl());
		MIGRATIONS.forEach((tool, autoConfiguration) -> {
			String prefix = "spring." + tool.toLowerCase(Locale.ROOT) + ".";
			if (ClassUtils.isPresent(autoConfiguration, null)
					&& environment.getProperty(prefix + "enabled", Boolean.class, true)) {
				requireMigrationWithToken(tool, prefix, environment);
			}
		});
	}

	/**
	 * Spring Boot would make the tool a data source with a password.
	 */
	private static void requireMigrationWithToken(String tool, String prefix, Environment environment) {
		for (String property : List.of("url", "user", "password")) {
			String value = environment.getProperty(prefix + property);
			if (StringUtils.hasText(value)) {
				throw new InvalidIamDataSourceException(prefix + property,
						property.equals("password") ? "(set)" : JdbcUrl.redact(value),
						"With it, Spring Boot makes " + tool
								+ " a data source of its own, which signs in with a password "
								+ "and not with a token.",
						"Remove it: " + tool
								+ " uses the IAM data source. To migrate as a database user of its own, set "
								+ "iam.datasource.migration.username. To migrate with a password all the same, define a "
								+ "@" + tool + "DataSource bean.");
			}
		}
	}

	private static void requireSupportedPool(DataSourceProperties bootProperties) {
		Class<?> type = bootProperties.getType();
		if (type != null && type != IamDataSource.class && !ConnectionPool.TYPES.contains(type.getName())) {
			throw new InvalidIamDataSourceException("spring.datasource.type", type.getName(),
					"This kind of data source is not supported.",
					"Remove the property, or set it to " + String.join(", ", ConnectionPool.TYPES)
							+ " or, to do without a pool and log in for each connection, "
							+ IamDataSource.class.getName() + ".");
		}
	}

	private static void requireOneUrl(@Nullable String url, @Nullable String bootUrl) {
		if (!StringUtils.hasText(bootUrl)) {
			return;
		}
		if (StringUtils.hasText(url)) {
			throw new InvalidIamDataSourceException("iam.datasource.url", JdbcUrl.redact(url),
					"There is a second URL in spring.datasource.url ('" + JdbcUrl.redact(bootUrl)
							+ "'), and only one of them can be meant.",
					"Remove spring.datasource.url to sign in with IAM tokens, or set iam.datasource.enabled=false to use "
							+ "spring.datasource.* with a password.");
		}
		throw new InvalidIamDataSourceException("iam.datasource.url", null, "It is needed to sign in with IAM tokens.",
				"Move the value of spring.datasource.url there, without user and password, or set "
						+ "iam.datasource.enabled=false to use spring.datasource.* with a password.");
	}

}

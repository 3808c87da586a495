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

import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.JdbcUrl;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.util.StringUtils;

/**
 * Holds Spring Boot's properties of its own data source against those of the IAM data
 * source that is put under it.
 */
final class BootProperties {

	private BootProperties() {
	}

	/**
	 * Let nobody believe in a property that has no effect.
	 * @throws InvalidIamDataSourceException if two of them contradict each other, or the
	 * pool is not supported
	 */
	static void requireConsistent(IamDataSourceProperties properties, DataSourceProperties bootProperties) {
		requireSupportedPool(bootProperties);
		requireOneUrl(properties.getUrl(), bootProperties.getUrl());
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

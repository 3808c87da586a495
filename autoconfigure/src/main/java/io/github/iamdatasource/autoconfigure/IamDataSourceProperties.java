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

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of the data source that signs in to Amazon RDS with IAM
 * authentication tokens.
 */
@ConfigurationProperties(IamDataSourceProperties.PREFIX)
public class IamDataSourceProperties extends IamDataSourceSettings {

	static final String PREFIX = "iam.datasource";

	/**
	 * Whether to sign in with IAM authentication tokens. When false, everything is as
	 * without this starter and 'spring.datasource.*' applies.
	 */
	private boolean enabled = true;

	/**
	 * Further data sources by their names, such as 'reports' for a bean
	 * 'reportsDataSource' with the qualifier 'reports'. Each takes the properties of
	 * 'iam.datasource' and, in 'hikari', those of its pool. It has the user and the
	 * credentials, token and tls properties of 'iam.datasource' unless any of such a
	 * group is set for itself.
	 */
	private final Map<String, Additional> additional = new LinkedHashMap<>();

	private final Migration migration = new Migration();

	public IamDataSourceProperties() {
		super(new Credentials(), new Token(), new Tls());
	}

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Map<String, Additional> getAdditional() {
		return this.additional;
	}

	public Migration getMigration() {
		return this.migration;
	}

	/**
	 * Properties of the migration of the database by Flyway or Liquibase.
	 */
	public static class Migration {

		/**
		 * Database user that Flyway and Liquibase sign in as, with a token for that user.
		 * By default that of the application.
		 */
		private @Nullable String username;

		public @Nullable String getUsername() {
			return this.username;
		}

		public void setUsername(@Nullable String username) {
			this.username = username;
		}

	}

	/**
	 * Settings of an additional data source.
	 */
	public static class Additional extends IamDataSourceSettings {

	}

}

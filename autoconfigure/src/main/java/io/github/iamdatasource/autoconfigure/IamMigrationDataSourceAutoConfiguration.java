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

import javax.sql.DataSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.flyway.autoconfigure.FlywayDataSource;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseDataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that lets Flyway and Liquibase
 * migrate the database as a user of their own.
 */
@AutoConfiguration(after = IamDataSourceAutoConfiguration.class,
		beforeName = { "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
				"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration" })
@ConditionalOnBean(IamJdbcConnectionDetails.class)
@ConditionalOnProperty("iam.datasource.migration.username")
public final class IamMigrationDataSourceAutoConfiguration {

	// Where one of the annotations is missing, so is who looks for it.
	@Bean(defaultCandidate = false)
	@FlywayDataSource
	@LiquibaseDataSource
	@ConditionalOnMissingBean(name = "migrationDataSource")
	DataSource migrationDataSource(ObjectProvider<DataSource> dataSource, IamDataSourceProperties properties,
			IamDataSourceFactory factory) {
		DataSource applications = dataSource.getIfUnique();
		if (applications != null && PooledIamDataSource.under(applications) == null) {
			// A test that brings its own database must not migrate the real one.
			return new DelegatingDataSource(applications);
		}
		EffectiveSettings settings = EffectiveSettings.ofPrimary(properties)
			.as("migrationDataSource",
					new Prefixed<>("iam.datasource.migration", properties.getMigration().getUsername()));
		return new MigrationDataSource(() -> factory.create(settings));
	}

}

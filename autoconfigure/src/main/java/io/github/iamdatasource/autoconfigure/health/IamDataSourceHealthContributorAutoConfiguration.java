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
package io.github.iamdatasource.autoconfigure.health;

import java.time.Clock;

import javax.sql.DataSource;

import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import io.github.iamdatasource.health.IamDataSourceHealthIndicator;
import io.github.iamdatasource.jdbc.IamDataSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the {@link IamDataSourceHealthIndicator}.
 */
@AutoConfiguration(after = { IamDataSourceAutoConfiguration.class, DataSourceAutoConfiguration.class })
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(IamJdbcConnectionDetails.class)
@ConditionalOnEnabledHealthIndicator("iam-datasource")
public final class IamDataSourceHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "iamDataSourceHealthIndicator", "iamDataSourceHealthContributor" })
	HealthContributor iamDataSourceHealthContributor(ObjectProvider<DataSource> dataSource) {
		IamDataSource found = PooledIamDataSource.under(dataSource.getIfUnique());
		if (found != null) {
			return new IamDataSourceHealthIndicator(found, Clock.systemUTC());
		}
		// As a test does that brings its own database.
		return (HealthIndicator) () -> Health.unknown().withDetail("reason", "Another data source is in use").build();
	}

}

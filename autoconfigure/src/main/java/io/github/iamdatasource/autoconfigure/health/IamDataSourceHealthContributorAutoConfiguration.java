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

import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.health.IamDataSourceHealthIndicator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the {@link IamDataSourceHealthIndicator}.
 */
@AutoConfiguration(after = IamDataSourceAutoConfiguration.class)
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(IamJdbcConnectionDetails.class)
@ConditionalOnEnabledHealthIndicator("iam-datasource")
public final class IamDataSourceHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "iamDataSourceHealthIndicator", "iamDataSourceHealthContributor" })
	HealthContributor iamDataSourceHealthContributor(IamJdbcConnectionDetails connectionDetails) {
		return new IamDataSourceHealthIndicator(connectionDetails.getDataSource(), Clock.systemUTC());
	}

}

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
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;

import io.github.iamdatasource.autoconfigure.IamAdditionalDataSourcesAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamDataSources;
import io.github.iamdatasource.autoconfigure.IamDataSources.Found;
import io.github.iamdatasource.autoconfigure.InvalidIamDataSourceException;
import io.github.iamdatasource.health.HealthSettings;
import io.github.iamdatasource.health.IamDataSourceHealthIndicator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of the {@link IamDataSourceHealthIndicator}.
 */
@AutoConfiguration(after = { IamDataSourceAutoConfiguration.class, IamAdditionalDataSourcesAutoConfiguration.class,
		DataSourceAutoConfiguration.class })
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(IamDataSources.class)
@ConditionalOnEnabledHealthIndicator("iam-datasource")
@EnableConfigurationProperties(IamDataSourceHealthProperties.class)
public final class IamDataSourceHealthContributorAutoConfiguration {

	private static final String PREFIX = "management.health.iam-datasource";

	@Bean
	@ConditionalOnMissingBean(name = { "iamDataSourceHealthIndicator", "iamDataSourceHealthContributor" })
	HealthContributor iamDataSourceHealthContributor(IamDataSources dataSources,
			IamDataSourceHealthProperties properties) {
		HealthSettings settings = settings(properties);
		SortedMap<String, Found> found = dataSources.find();
		return switch (found.size()) {
			// As in a test that brings its own database.
			case 0 ->
				(HealthIndicator) () -> Health.unknown().withDetail("reason", "Another data source is in use").build();
			case 1 -> indicator(found.get(found.firstKey()), settings);
			default -> CompositeHealthContributor.fromMap(found, (dataSource) -> indicator(dataSource, settings));
		};
	}

	private static HealthIndicator indicator(Found found, HealthSettings settings) {
		return new IamDataSourceHealthIndicator(found.physical(), settings, Clock.systemUTC());
	}

	private static HealthSettings settings(IamDataSourceHealthProperties properties) {
		Duration timeout = positive(PREFIX + ".timeout", properties.getTimeout());
		Duration interval = positive(PREFIX + ".probe.interval", properties.getProbe().getInterval());
		String status = properties.getRefreshFailingStatus();
		if (!StringUtils.hasText(status)) {
			throw new InvalidIamDataSourceException(PREFIX + ".refresh-failing-status", status,
					"The health has to have some status.",
					"Set it to a status such as WARNING, OUT_OF_SERVICE or UP, or remove it.");
		}
		return new HealthSettings(timeout, new Status(status.strip()),
				properties.getProbe().isEnabled() ? interval : null);
	}

	private static Duration positive(String property, Duration value) {
		if (value.compareTo(Duration.ZERO) <= 0) {
			throw new InvalidIamDataSourceException(property,
					DurationStyle.SIMPLE.print(value,
							(value.toMillis() % 1000 == 0) ? ChronoUnit.SECONDS : ChronoUnit.MILLIS),
					"It has to be longer than nothing.", "Set it to a duration such as 5s or 1m, or remove it.");
		}
		return value;
	}

}

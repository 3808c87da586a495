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
package io.github.iamdatasource.autoconfigure.metrics;

import java.time.Clock;

import io.github.iamdatasource.autoconfigure.IamAdditionalDataSourcesAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamDataSources;
import io.github.iamdatasource.metrics.IamDataSourceMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the {@link IamDataSourceMetrics}.
 */
@AutoConfiguration(
		after = { IamDataSourceAutoConfiguration.class, IamAdditionalDataSourcesAutoConfiguration.class,
				DataSourceAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ IamDataSources.class, MeterRegistry.class })
public final class IamDataSourceMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "iamDataSourceMetrics")
	MeterBinder iamDataSourceMetrics(IamDataSources dataSources) {
		return (registry) -> dataSources.find()
			.forEach((name, found) -> new IamDataSourceMetrics(found.physical(), IamDataSources.meterName(name),
					Clock.systemUTC())
				.bindTo(registry));
	}

}

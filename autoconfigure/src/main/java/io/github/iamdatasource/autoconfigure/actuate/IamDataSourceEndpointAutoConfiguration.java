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
package io.github.iamdatasource.autoconfigure.actuate;

import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;

import io.github.iamdatasource.actuate.IamDataSourceEndpoint;
import io.github.iamdatasource.actuate.OperatedDataSource;
import io.github.iamdatasource.autoconfigure.IamAdditionalDataSourcesAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamDataSources;
import io.github.iamdatasource.autoconfigure.PooledIamDataSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the {@link IamDataSourceEndpoint}.
 */
@AutoConfiguration(after = { IamDataSourceAutoConfiguration.class, IamAdditionalDataSourcesAutoConfiguration.class,
		DataSourceAutoConfiguration.class })
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(IamDataSources.class)
@ConditionalOnAvailableEndpoint(IamDataSourceEndpoint.class)
public final class IamDataSourceEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	IamDataSourceEndpoint iamDataSourceEndpoint(IamDataSources dataSources) {
		return new IamDataSourceEndpoint(() -> operated(dataSources), Clock.systemUTC());
	}

	private static Map<String, OperatedDataSource> operated(IamDataSources dataSources) {
		Map<String, OperatedDataSource> operated = new TreeMap<>();
		dataSources.find()
			.forEach((name, found) -> operated.put(name, new OperatedDataSource(found.physical(),
					() -> PooledIamDataSource.replaceConnections(found.bean()))));
		return operated;
	}

}

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

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.jdbc.IamDataSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Puts connection pools over data sources that Spring Boot knows nothing of.
 */
class HikariPools {

	private final Environment environment;

	HikariPools(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Put a pool over a data source.
	 * @param physical opens the connections, and is closed before the pool
	 * @param settings those of the data source, below whose prefix are those of the pool,
	 * such as {@code iam.datasource.additional.reports.hikari}
	 * @param name the name of the pool, unless the settings have another
	 * @return the pool, which has opened no connection yet
	 * @throws InvalidIamDataSourceException if there is a setting that has no effect
	 */
	HikariDataSource over(IamDataSource physical, EffectiveSettings settings, String name) {
		String prefix = settings.own().property("hikari");
		HikariDataSource pool = new HikariDataSource();
		ConnectionPool connectionPool = new HikariConnectionPool(pool);
		new IgnoredPoolSettings(this.environment).refuse(connectionPool, prefix, settings.names());
		pool.setPoolName(name);
		Binder.get(this.environment).bind(ConfigurationPropertyName.adapt(prefix, '.'), Bindable.ofInstance(pool));
		// For those who look at the pool only.
		pool.setJdbcUrl(physical.getUrl());
		pool.setUsername(physical.getEndpoint().username());
		connectionPool.use(physical);
		return pool;
	}

}

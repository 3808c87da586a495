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
import java.util.concurrent.CopyOnWriteArrayList;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.jdbc.IamDataSource;

import org.springframework.beans.factory.DisposableBean;

/**
 * Creates the data sources below {@code iam.datasource.additional}.
 */
class HikariDataSources implements DisposableBean {

	static final String BEAN_NAME = "iamAdditionalDataSources";

	private final IamDataSourceProperties properties;

	private final IamDataSourceFactory factory;

	private final HikariPools pools;

	private final List<IamDataSource> created = new CopyOnWriteArrayList<>();

	HikariDataSources(IamDataSourceProperties properties, IamDataSourceFactory factory, HikariPools pools) {
		this.properties = properties;
		this.factory = factory;
		this.pools = pools;
	}

	/**
	 * Create a data source. Called by the definitions of the beans.
	 * @param name its name in the properties
	 * @return a pool of its connections
	 */
	HikariDataSource create(String name) {
		AdditionalName additional = new AdditionalName(name);
		IamDataSourceSettings own = this.properties.getAdditional().get(name);
		EffectiveSettings settings = EffectiveSettings.ofPrimary(this.properties)
			.inheritedBy(additional.beanName(), additional.prefix(),
					(own != null) ? own : new IamDataSourceProperties.Additional());
		IamDataSource physical = this.factory.create(settings);
		this.created.add(physical);
		return this.pools.over(physical, settings, name);
	}

	/**
	 * End the refreshing of tokens, also for a pool that was not finished.
	 */
	@Override
	public void destroy() {
		this.created.forEach(IamDataSource::close);
	}

}

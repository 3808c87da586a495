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

import java.util.stream.Collectors;

import io.github.iamdatasource.endpoint.PropertyNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Settings of a connection pool that have no effect when an
 * {@link io.github.iamdatasource.jdbc.IamDataSource} opens its connections. Looked up
 * where they are set, as Spring Boot has overwritten some of them in the pool by now.
 */
class IgnoredPoolSettings {

	private final Environment environment;

	IgnoredPoolSettings(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Let nobody believe that such a setting is at work.
	 * @param pool the pool that is in use
	 * @param prefix where its settings come from, such as
	 * {@code spring.datasource.hikari}
	 * @param names says where to set instead what is needed
	 * @throws InvalidIamDataSourceException if there is one
	 */
	void refuse(ConnectionPool pool, String prefix, PropertyNames names) {
		for (String setting : pool.ignoredSettings()) {
			String property = prefix + "." + setting;
			String value = shownValue(ConfigurationPropertyName.adapt(property, '.'));
			if (value != null) {
				throw new InvalidIamDataSourceException(property, value,
						"It has no effect: the pool's connections are opened by the IAM data source, which does not "
								+ "look at it.",
						names.in("Remove it. The database and its user are those of iam.datasource.url and "
								+ "iam.datasource.username. What is meant for the driver is written into "
								+ "iam.datasource.url, like ?reWriteBatchedInserts=true."));
			}
		}
	}

	/**
	 * Look a property up.
	 * @return the names below it, or an ellipsis for its value, which may be secret, or
	 * {@code null} if it is not set
	 */
	private @Nullable String shownValue(ConfigurationPropertyName property) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source.getConfigurationProperty(property) != null) {
				return "…";
			}
			if (source instanceof IterableConfigurationPropertySource iterable) {
				String names = iterable.filter(property::isAncestorOf)
					.stream()
					.map((name) -> name.getLastElement(Form.ORIGINAL))
					.collect(Collectors.joining(", "));
				if (!names.isEmpty()) {
					return names;
				}
			}
		}
		return null;
	}

}

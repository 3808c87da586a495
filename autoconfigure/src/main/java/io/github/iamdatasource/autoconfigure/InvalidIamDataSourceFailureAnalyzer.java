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

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Explains an {@link InvalidIamDataSourceException}, with the place where the property
 * was set.
 */
class InvalidIamDataSourceFailureAnalyzer extends AbstractFailureAnalyzer<InvalidIamDataSourceException> {

	private final Environment environment;

	InvalidIamDataSourceFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidIamDataSourceException cause) {
		StringBuilder description = new StringBuilder("The IAM data source cannot be set up because of the property '")
			.append(cause.getProperty())
			.append("'. ")
			.append(cause.getProblem())
			.append(String.format("%n%n"));
		description.append("    Property: ").append(cause.getProperty());
		description.append(String.format("%n    Value: "))
			.append((cause.getValue() != null) ? cause.getValue() : "(not set)");
		String origin = origin(cause.getProperty());
		if (origin != null) {
			description.append(String.format("%n    Set in: ")).append(origin);
		}
		return new FailureAnalysis(description.toString(), cause.getAction(), cause);
	}

	private @Nullable String origin(String property) {
		// The name of a data source may be none that Spring Boot would give a property.
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty found = source.getConfigurationProperty(name);
			if (found == null && source instanceof IterableConfigurationPropertySource iterable) {
				// Of what is wrong as a whole.
				found = iterable.stream()
					.filter(name::isAncestorOf)
					.findFirst()
					.map(source::getConfigurationProperty)
					.orElse(null);
			}
			if (found != null) {
				return (found.getOrigin() != null) ? found.getOrigin().toString() : null;
			}
		}
		return null;
	}

}

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
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * What an additional data source is called: by its user, in properties and as a bean.
 *
 * @param value what follows {@code iam.datasource.additional}, such as
 * {@code read-models}
 */
record AdditionalName(String value) {

	static final String PREFIX = IamDataSourceProperties.PREFIX + ".additional";

	private static final ConfigurationPropertyName PREFIX_NAME = ConfigurationPropertyName.of(PREFIX);

	private static final Pattern VALID = Pattern.compile("[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*");

	/** What Spring Boot takes in the name of a property without brackets around it. */
	private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*");

	/**
	 * Return all names that the properties have, valid or not.
	 * @param environment where the properties are
	 */
	static List<AdditionalName> in(Environment environment) {
		Set<String> names = new TreeSet<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream()
					.filter(PREFIX_NAME::isAncestorOf)
					.map((name) -> name.getElement(PREFIX_NAME.getNumberOfElements(), Form.ORIGINAL))
					.forEach(names::add);
			}
		}
		// A variable of the environment cannot have the dashes and the case of the name.
		Set<String> better = names.stream()
			.filter((name) -> !name.equals(withoutForm(name)))
			.map(AdditionalName::withoutForm)
			.collect(Collectors.toSet());
		return names.stream().filter((name) -> !better.contains(name)).map(AdditionalName::new).toList();
	}

	private static String withoutForm(String name) {
		return PLAIN.matcher(name).matches() ? name.replace("-", "").toLowerCase(Locale.ROOT) : name;
	}

	boolean isValid() {
		return VALID.matcher(this.value).matches();
	}

	/**
	 * Return what the names of the data source's properties begin with.
	 * @return such as {@code iam.datasource.additional.read-models}
	 */
	String prefix() {
		return PLAIN.matcher(this.value).matches() ? PREFIX + "." + this.value : PREFIX + "[" + this.value + "]";
	}

	/**
	 * Return the name of the data source's bean.
	 * @return such as {@code readModelsDataSource}
	 */
	String beanName() {
		return StringUtils
			.uncapitalize(Stream.of(this.value.split("[-_]")).map(StringUtils::capitalize).reduce("", String::concat))
				+ "DataSource";
	}

}

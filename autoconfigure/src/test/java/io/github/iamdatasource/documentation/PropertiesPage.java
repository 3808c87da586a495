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
package io.github.iamdatasource.documentation;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.iamdatasource.autoconfigure.IamDataSourceProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The page that lists all properties, made from the configuration metadata of this
 * project.
 */
final class PropertiesPage {

	private static final Pattern PLACE = Pattern.compile("(?<=<!-- properties -->\n).*?(?=<!-- /properties -->)",
			Pattern.DOTALL);

	private final List<Map<String, Object>> properties;

	PropertiesPage(List<Map<String, Object>> properties) {
		this.properties = properties;
	}

	/**
	 * Create the page of what the compiler has found in this module, and not in those on
	 * the class path.
	 */
	static PropertiesPage ofThisProject() throws IOException {
		URI classes = URI
			.create(IamDataSourceProperties.class.getProtectionDomain().getCodeSource().getLocation().toString());
		return new PropertiesPage(
				ConfigurationKeys.properties(classes.resolve("META-INF/spring-configuration-metadata.json").toURL()));
	}

	/**
	 * Put the tables into a page.
	 * @param page with a place for them
	 */
	String render(String page) {
		Matcher place = PLACE.matcher(page);
		if (!place.find()) {
			throw new IllegalStateException("The page has no place for the properties");
		}
		Map<String, List<Map<String, Object>>> sections = this.properties.stream()
			.collect(Collectors.groupingBy(PropertiesPage::section, TreeMap::new, Collectors.toList()));
		return page.substring(0, place.start()) + sections.entrySet()
			.stream()
			.map((section) -> section(section.getKey(), section.getValue()))
			.collect(Collectors.joining("\n")) + page.substring(place.end());
	}

	private static String section(Map<String, Object> property) {
		String name = String.valueOf(property.get("name"));
		return name.startsWith("management.") ? "management" : name.substring(0, name.lastIndexOf('.'));
	}

	private static String section(String title, List<Map<String, Object>> properties) {
		return "## " + title + "\n\n| Property | Takes | Default | What |\n|---|---|---|---|\n" + properties.stream()
			.sorted((first, second) -> String.valueOf(first.get("name")).compareTo(String.valueOf(second.get("name"))))
			.map(PropertiesPage::row)
			.collect(Collectors.joining());
	}

	private static String row(Map<String, Object> property) {
		String type = String.valueOf(property.get("type"));
		Object defaultValue = property.get("defaultValue");
		return "| `" + property.get("name") + "` | " + takes(type) + " | "
				+ ((defaultValue != null) ? "`" + kebabCase(String.valueOf(defaultValue)) + "`" : "") + " | "
				+ String.valueOf(property.get("description")).replaceAll("(?<!\\w)'([^' ]+)'", "`$1`") + " |\n";
	}

	private static String takes(String type) {
		String simple = type.replaceFirst("<.*", "").replaceFirst(".*[.$]", "");
		return switch (simple) {
			case "Boolean" -> "`true` or `false`";
			case "Duration" -> "duration";
			case "Integer" -> "number";
			case "Map" -> "names and values";
			case "Path" -> "file";
			case "String" -> "text";
			case "URI" -> "URL";
			default ->
				constants(type).map((constant) -> "`" + kebabCase(constant) + "`").collect(Collectors.joining(", "));
		};
	}

	private static Stream<String> constants(String type) {
		Class<?> resolved = ClassUtils.resolveClassName(type, PropertiesPage.class.getClassLoader());
		@Nullable Object[] constants = resolved.getEnumConstants();
		if (constants == null) {
			throw new IllegalStateException("Nothing is said of what properties of type " + type + " take");
		}
		return Stream.of(constants).map((constant) -> ((Enum<?>) constant).name());
	}

	private static String kebabCase(String value) {
		return value.toLowerCase(Locale.ROOT).replace('_', '-');
	}

}

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

import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.ClassUtils;

/**
 * The properties that the configuration metadata on the class path tell of: ours, Spring
 * Boot's and those of whoever else has some.
 */
final class ConfigurationKeys {

	private static final List<String> METADATA = List.of("META-INF/spring-configuration-metadata.json",
			"META-INF/additional-spring-configuration-metadata.json");

	private static final Pattern MAP = Pattern.compile("java\\.util\\.Map<[^,]+,\\s*(.+)>");

	private final Map<String, String> types;

	private ConfigurationKeys(Map<String, String> types) {
		this.types = types;
	}

	static ConfigurationKeys ofClassPath() throws IOException {
		Map<String, String> types = new HashMap<>();
		for (String name : METADATA) {
			for (URL metadata : Collections.list(ConfigurationKeys.class.getClassLoader().getResources(name))) {
				properties(metadata).forEach((property) -> types.putIfAbsent(String.valueOf(property.get("name")),
						String.valueOf(property.get("type"))));
			}
		}
		return new ConfigurationKeys(types);
	}

	/**
	 * Read metadata.
	 * @param metadata where they are
	 * @return the properties in it
	 */
	static List<Map<String, Object>> properties(URL metadata) throws IOException {
		try (InputStream stream = metadata.openStream()) {
			String json = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			Object properties = JsonParserFactory.getJsonParser().parseMap(json).getOrDefault("properties", List.of());
			return ((List<?>) properties).stream().map(ConfigurationKeys::asMap).toList();
		}
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> asMap(Object value) {
		return (Map<String, Object>) value;
	}

	/**
	 * Check a property.
	 * @param key its name
	 * @param value its value
	 * @return what is wrong with it, or {@code null}
	 */
	@Nullable String problem(String key, Object value) {
		String name = key.replaceAll("\\[\\d+]", "");
		String type = this.types.get(name);
		if (type != null) {
			return valueProblem(name, type, value);
		}
		return isInMap(name) ? null : "There is no property '" + name + "'";
	}

	/**
	 * Return whether there is a property of this name, or one that begins so.
	 */
	boolean isKnown(String name) {
		return this.types.containsKey(name) || isInMap(name)
				|| this.types.keySet().stream().anyMatch((key) -> key.startsWith(name + "."));
	}

	/**
	 * Return whether an environment variable sets a property.
	 */
	boolean isKnownVariable(String variable) {
		return this.types.keySet()
			.stream()
			.anyMatch((key) -> key.replace("-", "").replace('.', '_').equalsIgnoreCase(variable));
	}

	private boolean isInMap(String name) {
		for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
			Matcher map = MAP.matcher(this.types.getOrDefault(name.substring(0, dot), ""));
			if (map.matches()) {
				return isInValue(map.group(1), name.substring(dot + 1));
			}
		}
		return false;
	}

	/** Of values that have properties themselves, the metadata tell nothing. */
	private static boolean isInValue(String valueType, String name) {
		Class<?> type = type(valueType);
		if (type == null || BeanUtils.isSimpleProperty(type) || type == Object.class) {
			return true;
		}
		String[] elements = name.split("\\.");
		for (int i = 1; i < elements.length; i++) {
			PropertyDescriptor property = BeanUtils.getPropertyDescriptor(type, camelCase(elements[i]));
			if (property == null) {
				return false;
			}
			type = property.getPropertyType();
		}
		return elements.length > 1 && (BeanUtils.isSimpleProperty(type) || Collection.class.isAssignableFrom(type));
	}

	private static String camelCase(String name) {
		return Pattern.compile("-(.)").matcher(name).replaceAll((match) -> match.group(1).toUpperCase());
	}

	private static @Nullable String valueProblem(String name, String typeName, Object value) {
		Class<?> type = type(typeName);
		if (type == null) {
			return null;
		}
		try {
			ApplicationConversionService.getSharedInstance().convert(value, type);
			return null;
		}
		catch (ConversionException ex) {
			return "'" + name + "' cannot be '" + value + "'";
		}
	}

	private static @Nullable Class<?> type(String name) {
		try {
			return ClassUtils.forName(name, ConfigurationKeys.class.getClassLoader());
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return null;
		}
	}

}

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
package io.github.iamdatasource.jdbc;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a JDBC URL, whose names most drivers take in any case.
 */
final class UrlParameters {

	private final Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

	/**
	 * Create an instance.
	 * @param parameters parameters as a driver has parsed them: one without a value may
	 * be {@code null}, and means as much as an empty one
	 */
	UrlParameters(Map<String, ? extends @Nullable String> parameters) {
		parameters.forEach((name, value) -> this.parameters.put(name, (value != null) ? value : ""));
	}

	/**
	 * Split what stands behind the question mark, decoding nothing.
	 */
	static UrlParameters split(String query) {
		Map<String, String> parameters = new TreeMap<>();
		for (String parameter : query.split("&")) {
			String[] nameAndValue = parameter.split("=", 2);
			if (!nameAndValue[0].isBlank()) {
				parameters.put(nameAndValue[0].strip(), (nameAndValue.length == 2) ? nameAndValue[1] : "");
			}
		}
		return new UrlParameters(parameters);
	}

	/**
	 * Refuse parameters under which a token, or the promise of TLS, would not hold.
	 * @param refused what to do instead, by the parameter's name
	 */
	void refuse(Map<String, String> refused) {
		// In the order of the parameters, so that one URL always gets one answer.
		this.parameters.keySet().forEach((parameter) -> refused.forEach((name, action) -> {
			if (name.equalsIgnoreCase(parameter)) {
				throw new InvalidSettingException("It has the parameter '" + name + "'.", action);
			}
		}));
	}

	@Nullable String get(String name) {
		return this.parameters.get(name);
	}

	/**
	 * Take a parameter out, as it is not for the driver.
	 * @return its value, or {@code null} if it is not there
	 */
	@Nullable String remove(String name) {
		return this.parameters.remove(name);
	}

	/**
	 * Take a parameter with several names out.
	 * @return the first value that is there, or {@code null}
	 */
	@Nullable String removeAny(String... names) {
		String found = null;
		for (String name : names) {
			String value = remove(name);
			found = (found != null) ? found : value;
		}
		return found;
	}

	/**
	 * Whether a value switches something on, in any driver's words.
	 */
	static boolean isTrue(String value) {
		return switch (value.strip().toLowerCase(Locale.ROOT)) {
			case "", "true", "1", "yes", "on" -> true;
			default -> false;
		};
	}

	Map<String, String> asMap() {
		return Map.copyOf(this.parameters);
	}

}

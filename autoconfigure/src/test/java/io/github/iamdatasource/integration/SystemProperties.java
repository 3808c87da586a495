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
package io.github.iamdatasource.integration;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Sets system properties, and puts them back after the test.
 */
final class SystemProperties implements AfterEachCallback {

	private final Map<String, @Nullable String> before = new LinkedHashMap<>();

	SystemProperties set(String name, Object value) {
		remember(name, System.setProperty(name, value.toString()));
		return this;
	}

	SystemProperties clear(String name) {
		remember(name, System.clearProperty(name));
		return this;
	}

	private void remember(String name, @Nullable String value) {
		if (!this.before.containsKey(name)) {
			this.before.put(name, value);
		}
	}

	@Override
	public void afterEach(ExtensionContext context) {
		this.before.forEach((name, value) -> {
			if (value != null) {
				System.setProperty(name, value);
			}
			else {
				System.clearProperty(name);
			}
		});
		this.before.clear();
	}

}

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

/**
 * Properties, and what their names begin with.
 *
 * @param prefix such as {@code iam.datasource.credentials}
 * @param value what they were bound to
 */
record Prefixed<T extends @Nullable Object>(String prefix, T value) {

	/**
	 * Return the whole name of a property.
	 * @param name what follows the prefix
	 * @return such as {@code iam.datasource.credentials.profile}
	 */
	String property(String name) {
		return this.prefix + "." + name;
	}

}

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

import java.time.Duration;

/**
 * Attempts to open a physical connection that ended in the same way.
 *
 * @param count how many
 * @param time how long they took together
 */
public record LoginCount(long count, Duration time) {

	static final LoginCount NONE = new LoginCount(0, Duration.ZERO);

	LoginCount plus(Duration took) {
		return new LoginCount(this.count + 1, this.time.plus(took));
	}

}

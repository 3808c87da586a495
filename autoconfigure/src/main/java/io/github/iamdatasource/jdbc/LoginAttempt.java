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

import java.sql.SQLException;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The newest attempt to open a physical connection.
 *
 * @param at when it ended
 * @param outcome how it ended
 * @param failure why it did not succeed, or {@code null} if it did
 */
public record LoginAttempt(Instant at, Outcome outcome, @Nullable SQLException failure) {

	/**
	 * How an attempt ended.
	 */
	public enum Outcome {

		/** The server took the token. */
		SUCCEEDED,

		/** The server answered, and did not take the token. */
		REJECTED,

		/**
		 * No answer about the token: no server, no trust in it, a time-out, an unknown
		 * database.
		 */
		FAILED,

		/** There was no token to log in with. */
		NO_TOKEN

	}

}

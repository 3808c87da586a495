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
package io.github.iamdatasource.token;

/**
 * How long to leave something alone that went wrong: twice as long each time, up to a
 * limit, and never quite as long as anybody else does.
 */
final class Backoff {

	static final long FIRST_MILLIS = 1000;

	static final long LONGEST_MILLIS = 30_000;

	/** How much of the delay is left to chance. */
	private static final double SPREAD = 0.2;

	private Backoff() {
	}

	/**
	 * Return how long to wait.
	 * @param failures how often it went wrong in a row, at least 1
	 * @param chance a random number from 0 to 1
	 * @return milliseconds
	 */
	static long delay(int failures, double chance) {
		// Beyond ten doublings the limit holds anyway.
		long doubled = FIRST_MILLIS << Math.min(failures - 1, 10);
		return Math.round(Math.min(doubled, LONGEST_MILLIS) * (1 - SPREAD * chance));
	}

}

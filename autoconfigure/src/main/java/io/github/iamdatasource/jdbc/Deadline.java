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
import java.util.concurrent.TimeUnit;

/**
 * By when a login has to be over, whatever its parts take.
 *
 * @param loginTimeout how many seconds there were, 0 if they are not limited
 * @param nanoTime when they are over
 */
record Deadline(int loginTimeout, long nanoTime) {

	/** How long to wait for a token if nothing else is said: as long as HikariCP does. */
	private static final int DEFAULT_SECONDS = 30;

	static Deadline in(int loginTimeout) {
		long seconds = (loginTimeout > 0) ? loginTimeout : DEFAULT_SECONDS;
		return new Deadline(loginTimeout, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
	}

	/**
	 * A login that ends, even if nothing limits others.
	 */
	static Deadline limited(int loginTimeout) {
		return in((loginTimeout > 0) ? loginTimeout : DEFAULT_SECONDS);
	}

	boolean isLimited() {
		return this.loginTimeout > 0;
	}

	boolean isOver() {
		return this.nanoTime - System.nanoTime() <= 0;
	}

	Duration remaining() {
		return Duration.ofNanos(Math.max(0, this.nanoTime - System.nanoTime()));
	}

	/**
	 * Return what is left for the driver.
	 * @return seconds, at least 1, or 0 if they are not limited
	 */
	int remainingSeconds() {
		return !isLimited() ? 0 : (int) Math.max(1, remaining().plusMillis(999).toSeconds());
	}

}

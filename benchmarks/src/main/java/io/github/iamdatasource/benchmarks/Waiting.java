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
package io.github.iamdatasource.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits for something that other threads do.
 */
final class Waiting {

	private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

	private Waiting() {
	}

	/**
	 * Wait until something has come about.
	 * @param what what it is, for the message if it does not
	 * @param condition whether it has
	 * @throws InterruptedException if this thread was interrupted
	 */
	static void until(String what, BooleanSupplier condition) throws InterruptedException {
		long begun = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - begun > LONGEST_NANOS) {
				throw new IllegalStateException("Waited in vain for this: " + what);
			}
			Thread.sleep(1);
		}
	}

}

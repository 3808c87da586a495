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

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits for threads, and gives up on what does not happen within
 * {@value #PATIENCE_SECONDS} seconds.
 */
final class Threads {

	static final int PATIENCE_SECONDS = 5;

	private Threads() {
	}

	/** Returns whether all threads that a {@link Refresher} started have ended. */
	static boolean areGone() {
		return await(() -> {
			Thread[] threads = new Thread[Thread.activeCount() + 100];
			int count = Thread.enumerate(threads);
			return Arrays.stream(threads, 0, count)
				.noneMatch((thread) -> thread.getName().startsWith("iam-datasource-"));
		});
	}

	/** Returns whether it happened in time. */
	static boolean await(BooleanSupplier event) {
		long begun = System.nanoTime();
		while (!event.getAsBoolean()) {
			if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
				return event.getAsBoolean();
			}
			Thread.yield();
		}
		return true;
	}

}

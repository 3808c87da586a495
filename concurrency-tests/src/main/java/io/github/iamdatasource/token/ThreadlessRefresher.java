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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;

/**
 * A refresher for one token source that leaves all work to the threads of the test, which
 * meet far more often than threads that have to be started first.
 */
final class ThreadlessRefresher extends Refresher {

	private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

	private volatile boolean holding;

	private volatile @Nullable Refreshable newest;

	private volatile @Nullable Refreshable entry;

	@Override
	void add(Refreshable refreshable) {
		this.newest = refreshable;
		this.entry = refreshable;
	}

	@Override
	void remove(Refreshable refreshable) {
		this.entry = null;
	}

	@Override
	void sign(Runnable signature) {
		if (this.holding) {
			this.held.add(signature);
		}
		else {
			signature.run();
			endInterruption();
		}
	}

	@Override
	public void wakeUp() {
	}

	boolean hasEntry() {
		return this.entry != null;
	}

	/** From now on signatures are made by {@link #signHeld()} and not at once. */
	void hold() {
		this.holding = true;
	}

	void signHeld() {
		for (Runnable signature = this.held.poll(); signature != null; signature = this.held.poll()) {
			signature.run();
		}
		endInterruption();
	}

	/** Does what the refresher's thread does all the time. */
	void refreshIfDue() {
		Refreshable refreshable = this.newest;
		if (refreshable != null) {
			refreshable.refreshIfDue();
		}
	}

	/** Closing interrupts the signature, not the thread that comes to make it here. */
	private static void endInterruption() {
		Thread.interrupted();
	}

}

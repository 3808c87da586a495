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

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Threads that sign tokens and end when there is nothing to sign. One is enough as long
 * as credentials are quick; another is added whenever all are held up, so that slow
 * credentials of one data source do not delay the others.
 */
final class SigningThreads {

	/** When a thread has not taken the next task for so long, it is held up. */
	static final long HELD_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private final ReentrantLock lock = new ReentrantLock();

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private int threads;

	private long lastTaken = System.nanoTime();

	/**
	 * Run a task soon, on another thread if all are held up.
	 * @param task a task that throws nothing
	 * @throws OutOfMemoryError if there is no thread and none can be had; the task is not
	 * run
	 */
	void execute(Runnable task) {
		this.lock.lock();
		try {
			this.tasks.add(task);
			addThreadIfNeeded();
			if (this.threads == 0) {
				this.tasks.remove(task);
				throw new OutOfMemoryError("No thread to sign a token with");
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Add a thread if tasks wait and all threads are held up.
	 * @return how many nanoseconds from now to call this again
	 */
	long relieve() {
		this.lock.lock();
		try {
			addThreadIfNeeded();
			return this.tasks.isEmpty() ? Long.MAX_VALUE : HELD_UP_NANOS;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void addThreadIfNeeded() {
		boolean heldUp = System.nanoTime() - this.lastTaken > HELD_UP_NANOS;
		if (!this.tasks.isEmpty() && (this.threads == 0 || heldUp)) {
			try {
				Refresher.newThread("iam-datasource-signing", this::work).start();
				this.threads++;
				this.lastTaken = System.nanoTime();
			}
			catch (OutOfMemoryError ex) {
				// The system gives no more threads: tried again by the next call.
			}
		}
	}

	private void work() {
		for (Runnable task = next(); task != null; task = next()) {
			task.run();
			// Meant for the task alone.
			Thread.interrupted();
		}
	}

	private @Nullable Runnable next() {
		this.lock.lock();
		try {
			this.lastTaken = System.nanoTime();
			Runnable task = this.tasks.poll();
			if (task == null) {
				this.threads--;
			}
			return task;
		}
		finally {
			this.lock.unlock();
		}
	}

}

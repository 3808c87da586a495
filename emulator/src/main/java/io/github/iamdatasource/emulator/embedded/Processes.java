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
package io.github.iamdatasource.emulator.embedded;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Waits for processes even when interrupted: a thread that is told to hurry must leave
 * neither a process behind, nor one that still writes into a folder about to be removed.
 */
final class Processes {

	private static final Duration LONGEST_KILL = Duration.ofSeconds(10);

	private static final long POLL_MILLIS = 10;

	private Processes() {
	}

	/**
	 * Waits for the end.
	 * @return whether the process has ended in time
	 */
	static boolean waitFor(Process process, Duration timeout) {
		return uninterruptibly((nanos) -> process.waitFor(nanos, TimeUnit.NANOSECONDS), timeout);
	}

	private static boolean uninterruptibly(Wait wait, Duration timeout) {
		boolean interrupted = false;
		long deadline = System.nanoTime() + timeout.toNanos();
		try {
			while (true) {
				try {
					return wait.atMost(deadline - System.nanoTime());
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Ends a process and those that it started, and waits until they have ended.
	 */
	static void kill(Process process) {
		// Those of a process that has ended are no longer known as its own.
		List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
		all.forEach(ProcessHandle::destroyForcibly);
		uninterruptibly((nanos) -> waitForAll(all, nanos), LONGEST_KILL);
	}

	// Asks again and again: ProcessHandle.onExit() would leave a thread in the common
	// pool.
	private static boolean waitForAll(List<ProcessHandle> processes, long nanos) throws InterruptedException {
		long deadline = System.nanoTime() + nanos;
		while (processes.stream().anyMatch(ProcessHandle::isAlive)) {
			if (System.nanoTime() >= deadline) {
				return false;
			}
			Thread.sleep(POLL_MILLIS);
		}
		return true;
	}

	private interface Wait {

		boolean atMost(long nanos) throws InterruptedException;

	}

}

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

import java.util.Arrays;

/**
 * The threads of this process.
 */
final class ThreadCount {

	private ThreadCount() {
	}

	/**
	 * Count threads that are alive. Cheap enough to be asked often: no thread is stopped.
	 * @param name their name
	 * @return how many there are
	 */
	static int of(String name) {
		ThreadGroup group = Thread.currentThread().getThreadGroup();
		while (group.getParent() != null) {
			group = group.getParent();
		}
		// What does not fit is left out.
		Thread[] threads = new Thread[2 * group.activeCount() + 16];
		int count = group.enumerate(threads);
		return (int) Arrays.stream(threads, 0, count).filter((thread) -> thread.getName().equals(name)).count();
	}

}

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
package io.github.iamdatasource.emulator.front;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Virtual threads where the JDK has them (21 and later), daemon threads elsewhere.
 */
final class EmulatorThreads {

	static final String PREFIX = "rds-iam-emulator-";

	private static final ThreadFactory FACTORY = factory();

	private EmulatorThreads() {
	}

	static Thread start(Runnable task) {
		Thread thread = FACTORY.newThread(task);
		thread.start();
		return thread;
	}

	/**
	 * By reflection, because the sources are compiled for Java 17.
	 */
	private static ThreadFactory factory() {
		try {
			Class<?> builderType = Class.forName("java.lang.Thread$Builder");
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			builder = builderType.getMethod("name", String.class, long.class).invoke(builder, PREFIX, 1L);
			return (ThreadFactory) builderType.getMethod("factory").invoke(builder);
		}
		catch (ReflectiveOperationException ex) {
			return platformThreads();
		}
	}

	static ThreadFactory platformThreads() {
		AtomicLong number = new AtomicLong();
		return (task) -> {
			Thread thread = new Thread(task, PREFIX + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

}

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
package io.github.iamdatasource.benchmarks.startup;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

import javax.management.JMException;

/**
 * What a JVM has taken so far. The JVM's management classes are first used after the
 * times were taken, and are the same in every variant.
 */
final class Footprint {

	private static final Path STATUS = Path.of("/proc/self/status");

	private Footprint() {
	}

	/**
	 * Tell all measurements.
	 * @param ready when the context was ready, in milliseconds since 1970
	 * @param connected when the first connection had answered, likewise
	 * @return {@code measured} and pairs of a name and a value, separated by semicolons
	 * @throws IOException if the resident memory could not be read
	 * @throws JMException if the JVM does not tell its classes
	 */
	static String line(long ready, long connected) throws IOException, JMException {
		int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		String names = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
			.map(ThreadInfo::getThreadName)
			.sorted()
			.collect(Collectors.joining(","));
		long started = ManagementFactory.getRuntimeMXBean().getStartTime();
		long residentKilobytes = residentKilobytes();
		System.gc();
		long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
		return "measured;ready=" + (ready - started) + ";connected=" + (connected - started) + ";classes=" + classes
				+ ";threads=" + threads.getThreadCount() + ";peakThreads=" + threads.getPeakThreadCount() + ";heap="
				+ heap / 1024 + ";resident=" + residentKilobytes + ";threadNames=" + names + ";"
				+ LoadedClasses.pairs();
	}

	/** Zero where the operating system is not Linux. */
	private static long residentKilobytes() throws IOException {
		if (!Files.exists(STATUS)) {
			return 0;
		}
		return Files.readAllLines(STATUS)
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElse(0);
	}

}

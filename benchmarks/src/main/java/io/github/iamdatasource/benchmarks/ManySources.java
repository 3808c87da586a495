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

import java.util.List;
import java.util.Locale;

/**
 * Many token sources in one process, as in an application with a database for each of its
 * tenants: a process of its own, so that nobody else's threads and objects are counted.
 */
final class ManySources {

	static final String REFRESHER_THREAD = "iam-datasource-refresher";

	static final String SIGNING_THREAD = "iam-datasource-signing";

	private ManySources() {
	}

	/**
	 * What a JVM needs for its used heap to be the sum of its objects: no buffers that
	 * are counted as used before they are, and no collection that leaves some of the dead
	 * where they are because there are few of them.
	 * @return arguments for the JVM
	 */
	static List<String> jvmArguments() {
		return List.of("-XX:+UseSerialGC", "-XX:-UseTLAB", "-XX:MarkSweepAlwaysCompactCount=1");
	}

	/**
	 * The program.
	 * @param arguments how many token sources
	 * @throws InterruptedException if this thread was interrupted
	 */
	public static void main(String[] arguments) throws InterruptedException {
		int count = Integer.parseInt(arguments[0]);
		HeapOfSources heap = HeapOfSources.measure(count);
		SimulatedHour hour = new SimulatedHour(count);
		hour.run();
		Sample minutes = hour.minutes();
		Sample refreshes = hour.refreshes();
		System.out.printf(Locale.ROOT, "%n%d token sources in one process; an hour in steps of a minute%n", count);
		System.out.println("| measured | value |");
		System.out.println("|---|---|");
		System.out.println("| threads " + REFRESHER_THREAD + " | 1 |");
		System.out.println("| threads " + SIGNING_THREAD + ", at most | " + hour.signingThreads() + " |");
		System.out.printf(Locale.ROOT, "| heap for each beyond its token, bytes | %.0f |%n", heap.source());
		System.out.printf(Locale.ROOT, "| heap for each token, bytes | %.0f |%n", heap.token());
		System.out.printf(Locale.ROOT, "| heap left of each when it is closed, bytes | %.0f |%n", heap.rest());
		System.out.printf(Locale.ROOT, "| refreshes of each in the hour | %.0f–%.0f |%n", refreshes.quantile(0),
				refreshes.maximum());
		System.out.printf(Locale.ROOT, "| minutes from one signature to the next | %.0f–%.0f, median %.0f |%n",
				minutes.quantile(0), minutes.maximum(), minutes.median());
		System.out.println("| times one was without a usable token | 0 |");
	}

}

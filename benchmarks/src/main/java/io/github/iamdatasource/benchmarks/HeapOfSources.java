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

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.Arrays;

import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.TokenSource;

/**
 * What each of many token sources takes of the heap. Weighed is what is there after a
 * garbage collection, in turn without any, with all, with nothing left of them but their
 * tokens, and with nothing left: that tells the token apart from the rest without knowing
 * how either is built, and counts in what each adds to something shared. A walk over the
 * objects would not: it leads from each source through its class loader into everything.
 *
 * @param source bytes for each source beyond its token
 * @param token bytes for each token
 * @param rest bytes for each source that are still there when it is closed and gone
 */
record HeapOfSources(double source, double token, double rest) {

	/** Enough for every class to be loaded. */
	private static final int WARM_UP = 16;

	/**
	 * Measure it, in a JVM with the right {@link ManySources#jvmArguments() arguments}.
	 * @param count how many token sources
	 * @return the result
	 * @throws InterruptedException if this thread was interrupted
	 */
	static HeapOfSources measure(int count) throws InterruptedException {
		ManyEndpoints endpoints = new ManyEndpoints();
		measure(endpoints, WARM_UP);
		return measure(endpoints, count);
	}

	private static HeapOfSources measure(ManyEndpoints endpoints, int count) throws InterruptedException {
		TokenSource[] sources = new TokenSource[count];
		AuthenticationToken[] tokens = new AuthenticationToken[count];
		long before = used();
		for (int i = 0; i < count; i++) {
			sources[i] = endpoints.tokens(i, endpoints.signer(i), Clock.systemUTC());
			sources[i].warmUp();
		}
		Waiting.until("all have a token", () -> Arrays.stream(sources).noneMatch((source) -> source.current() == null));
		long all = used();
		for (int i = 0; i < count; i++) {
			tokens[i] = sources[i].current();
			sources[i].close();
		}
		Arrays.fill(sources, null);
		long tokensAlone = used();
		Arrays.fill(tokens, null);
		long after = used();
		double token = (tokensAlone - after) / (double) count;
		return new HeapOfSources((all - before) / (double) count - token, token, (after - before) / (double) count);
	}

	private static long used() throws InterruptedException {
		Waiting.until("nothing is signed", () -> ThreadCount.of(ManySources.SIGNING_THREAD) == 0);
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}

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

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.DoubleStream;

/**
 * Threads that read a contender's token, pause, and read it again.
 */
final class TokenReaders implements AutoCloseable {

	private static final int WARM_UPS = 20_000;

	private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

	private final CountDownLatch warm;

	private final CountDownLatch go = new CountDownLatch(1);

	private final ExecutorService executor;

	private final List<Future<DoubleStream>> futures = new ArrayList<>();

	private volatile boolean ended;

	/**
	 * Start the threads, and read often enough for the code to be compiled.
	 * @param contender has a token by then
	 * @param threads how many
	 * @throws SQLException if the contender does not like what it is given
	 * @throws InterruptedException if this thread was interrupted
	 */
	TokenReaders(TokenContender contender, int threads) throws SQLException, InterruptedException {
		this.warm = new CountDownLatch(threads);
		this.executor = Executors.newFixedThreadPool(threads);
		for (int i = 0; i < threads; i++) {
			Callable<String> reader = contender.reader();
			this.futures.add(this.executor.submit(() -> run(reader)));
		}
		this.warm.await();
	}

	private DoubleStream run(Callable<String> reader) throws Exception {
		try {
			for (int i = 0; i < WARM_UPS; i++) {
				reader.call();
			}
		}
		finally {
			this.warm.countDown();
		}
		this.go.await();
		DoubleStream.Builder nanos = DoubleStream.builder();
		while (!this.ended) {
			long start = System.nanoTime();
			reader.call();
			nanos.add(System.nanoTime() - start);
			LockSupport.parkNanos(PAUSE_NANOS);
		}
		return nanos.build();
	}

	void begin() {
		this.go.countDown();
	}

	/**
	 * End it.
	 * @return how long each of them took, in nanoseconds
	 * @throws ExecutionException if one of them failed
	 * @throws InterruptedException if this thread was interrupted
	 */
	DoubleStream end() throws ExecutionException, InterruptedException {
		this.ended = true;
		DoubleStream all = DoubleStream.empty();
		for (Future<DoubleStream> future : this.futures) {
			all = DoubleStream.concat(all, future.get());
		}
		return all;
	}

	@Override
	public void close() {
		this.ended = true;
		this.executor.shutdownNow();
	}

}

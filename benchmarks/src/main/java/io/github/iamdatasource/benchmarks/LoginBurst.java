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

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many threads that all want a connection at the same moment, and keep it until all have
 * one.
 */
final class LoginBurst {

	private LoginBurst() {
	}

	/**
	 * Run one burst.
	 * @param threads how many
	 * @param login how each gets its connection
	 * @param afterLogins is run when all have theirs
	 * @return how long each waited for it, in milliseconds
	 * @throws InterruptedException if this thread was interrupted
	 * @throws SQLException if one of the connections could not be closed
	 */
	static double[] run(int threads, Login login, Runnable afterLogins) throws InterruptedException, SQLException {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		CountDownLatch ready = new CountDownLatch(threads);
		CountDownLatch go = new CountDownLatch(1);
		List<Future<Opened>> futures = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			futures.add(executor.submit(() -> {
				ready.countDown();
				go.await();
				long start = System.nanoTime();
				Connection connection = login.open();
				return new Opened(connection, (System.nanoTime() - start) / 1e6);
			}));
		}
		ready.await();
		go.countDown();
		try {
			return close(futures, afterLogins);
		}
		finally {
			executor.shutdown();
		}
	}

	private static double[] close(List<Future<Opened>> futures, Runnable afterLogins)
			throws InterruptedException, SQLException {
		List<Opened> all = new ArrayList<>();
		ExecutionException failure = null;
		for (Future<Opened> future : futures) {
			try {
				all.add(future.get());
			}
			catch (ExecutionException ex) {
				failure = ex;
			}
		}
		try {
			afterLogins.run();
		}
		finally {
			for (Opened opened : all) {
				opened.connection().close();
			}
		}
		if (failure != null) {
			throw new IllegalStateException("A login of the burst failed", failure.getCause());
		}
		return all.stream().mapToDouble(Opened::millis).toArray();
	}

	private record Opened(Connection connection, double millis) {

	}

}

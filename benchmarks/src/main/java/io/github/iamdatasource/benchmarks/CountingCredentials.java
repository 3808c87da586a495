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

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Credentials that take a while to resolve, as those of a slow metadata service do, and
 * that count how often they were asked for. The same for all contenders.
 */
final class CountingCredentials implements AwsCredentialsProvider {

	private static final long LONGEST_HOLD_SECONDS = 30;

	private final AtomicInteger lookUps = new AtomicInteger();

	private final AtomicInteger ended = new AtomicInteger();

	private volatile CountDownLatch held = new CountDownLatch(0);

	private volatile Duration delay = Duration.ZERO;

	@Override
	public AwsCredentials resolveCredentials() {
		this.lookUps.incrementAndGet();
		try {
			Thread.sleep(this.delay.toMillis());
			this.held.await(LONGEST_HOLD_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while resolving credentials", ex);
		}
		finally {
			this.ended.incrementAndGet();
		}
		return DatabaseAccess.credentials();
	}

	void delay(Duration delay) {
		this.delay = delay;
	}

	/**
	 * Let look-ups take longer than their time, until they are released: whoever does not
	 * wait for them does not notice. Those who do wait for half a minute.
	 */
	void hold() {
		this.held = new CountDownLatch(1);
	}

	void release() {
		this.held.countDown();
	}

	/**
	 * How often they were asked for.
	 * @return how many look-ups have begun since the start
	 */
	int lookUps() {
		return this.lookUps.get();
	}

	/**
	 * Whether somebody waits for them.
	 * @return whether a look-up is going on
	 */
	boolean areLookedUp() {
		// In this order, so that one that ends in between is not overlooked.
		int over = this.ended.get();
		return this.lookUps.get() > over;
	}

}

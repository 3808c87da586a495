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
import java.util.concurrent.atomic.AtomicInteger;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Credentials that take a while to resolve, as those of a slow metadata service do, and
 * that count how often they were asked for. The same for all contenders.
 */
final class CountingCredentials implements AwsCredentialsProvider {

	private final AtomicInteger lookUps = new AtomicInteger();

	private volatile Duration delay = Duration.ZERO;

	@Override
	public AwsCredentials resolveCredentials() {
		this.lookUps.incrementAndGet();
		try {
			Thread.sleep(this.delay.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while resolving credentials", ex);
		}
		return DatabaseAccess.credentials();
	}

	void delay(Duration delay) {
		this.delay = delay;
	}

	int lookUps() {
		return this.lookUps.get();
	}

}

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
package io.github.iamdatasource.token;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Signs what the test wants, when it wants, and remembers how it was asked.
 */
public final class ScriptedSigner implements TokenSigner {

	private final Clock clock;

	private final AtomicInteger attempts = new AtomicInteger();

	private final AtomicInteger signatures = new AtomicInteger();

	private final List<CredentialsFreshness> asked = new CopyOnWriteArrayList<>();

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private volatile Duration lifetime = AuthenticationToken.LIFETIME;

	private volatile @Nullable Throwable failure;

	private volatile @Nullable Semaphore gate;

	private final CountDownLatch interrupted = new CountDownLatch(1);

	public ScriptedSigner(Clock clock) {
		this.clock = clock;
	}

	@Override
	public AuthenticationToken sign(CredentialsFreshness freshness) {
		this.asked.add(freshness);
		this.threads.add(Thread.currentThread());
		this.attempts.incrementAndGet();
		Semaphore gate = this.gate;
		if (gate != null) {
			try {
				gate.acquire();
			}
			catch (InterruptedException ex) {
				this.interrupted.countDown();
				throw new IllegalStateException(ex);
			}
		}
		Throwable failure = this.failure;
		if (failure instanceof RuntimeException ex) {
			throw ex;
		}
		if (failure instanceof Error ex) {
			throw ex;
		}
		Instant now = this.clock.instant();
		return new AuthenticationToken("token " + this.signatures.incrementAndGet(), now, now.plus(this.lifetime),
				new SigningIdentity("MPLE", null, "application's credentials provider"));
	}

	public ScriptedSigner lifetime(Duration lifetime) {
		this.lifetime = lifetime;
		return this;
	}

	public ScriptedSigner failWith(@Nullable Throwable failure) {
		this.failure = failure;
		return this;
	}

	/** From now on each signature waits until it is let through. */
	public ScriptedSigner hold() {
		this.gate = new Semaphore(0);
		return this;
	}

	public void letThrough() {
		Semaphore gate = this.gate;
		this.gate = null;
		if (gate != null) {
			gate.release(1000);
		}
	}

	public int attempts() {
		return this.attempts.get();
	}

	public int signatures() {
		return this.signatures.get();
	}

	public List<CredentialsFreshness> asked() {
		return this.asked;
	}

	public List<Thread> threads() {
		return this.threads;
	}

	public CountDownLatch interrupted() {
		return this.interrupted;
	}

}

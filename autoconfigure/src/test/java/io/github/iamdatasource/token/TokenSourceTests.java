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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TokenSource}.
 */
class TokenSourceTests {

	private final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));

	private final AtomicInteger signatures = new AtomicInteger();

	@Test
	void signsNothingBeforeItIsAsked() {
		assertThat(source(Duration.ofMinutes(15)).snapshot()).isEqualTo(new TokenSnapshot(null, null, null));
		assertThat(this.signatures).hasValue(0);
	}

	@Test
	void keepsATokenUntilItIsAboutToExpire() {
		TokenSource source = source(Duration.ofMinutes(15));
		AuthenticationToken first = source.getToken();
		this.clock.advance(Duration.ofMinutes(14).minusNanos(1));
		assertThat(source.getToken()).isSameAs(first);
		this.clock.advance(Duration.ofNanos(1));
		assertThat(source.getToken()).isNotSameAs(first);
		assertThat(this.signatures).hasValue(2);
	}

	@Test
	void signsAnewWhenTheCredentialsEndBeforeTheToken() {
		TokenSource source = source(Duration.ofMinutes(3));
		AuthenticationToken first = source.getToken();
		this.clock.advance(Duration.ofMinutes(2));
		assertThat(source.getToken()).isNotSameAs(first);
	}

	@Test
	void handsOutATokenOfCredentialsThatAreAboutToEnd() {
		TokenSource source = source(Duration.ofSeconds(20));
		assertThat(source.getToken().remaining(this.clock.instant())).isEqualTo(Duration.ofSeconds(20));
	}

	@Test
	void signsAnewWhenTheClockWasSetBack() {
		TokenSource source = source(Duration.ofMinutes(15));
		AuthenticationToken first = source.getToken();
		this.clock.advance(Duration.ofHours(-1));
		assertThat(source.getToken()).isNotSameAs(first);
	}

	@Test
	void signsOnceHoweverManyAskAtOnce() throws Exception {
		int callers = 64;
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch entered = new CountDownLatch(callers);
		TokenSource source = new TokenSource(() -> {
			await(release);
			return sign(Duration.ofMinutes(15));
		}, this.clock);
		ExecutorService executor = Executors.newFixedThreadPool(callers);
		try {
			List<Future<AuthenticationToken>> results = new ArrayList<>();
			Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());
			for (int i = 0; i < callers; i++) {
				results.add(executor.submit(() -> {
					threads.add(Thread.currentThread());
					entered.countDown();
					return source.getToken();
				}));
			}
			assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
			Awaitility.await().until(() -> threads.stream().allMatch(TokenSourceTests::isWaiting));
			release.countDown();
			Set<AuthenticationToken> tokens = new HashSet<>();
			for (Future<AuthenticationToken> result : results) {
				tokens.add(result.get(30, TimeUnit.SECONDS));
			}
			assertThat(tokens).hasSize(1);
			assertThat(this.signatures).hasValue(1);
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void failureReachesAllWhoWaitAndTheNextCallerTriesAgain() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger attempts = new AtomicInteger();
		TokenSource source = new TokenSource(() -> {
			if (attempts.incrementAndGet() == 1) {
				await(release);
				throw new TokenSigningException("no credentials yet");
			}
			return sign(Duration.ofMinutes(15));
		}, this.clock);
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try {
			List<Future<AuthenticationToken>> results = new ArrayList<>();
			Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());
			for (int i = 0; i < 2; i++) {
				results.add(executor.submit(() -> {
					threads.add(Thread.currentThread());
					return source.getToken();
				}));
			}
			Awaitility.await()
				.until(() -> threads.size() == 2 && threads.stream().allMatch(TokenSourceTests::isWaiting));
			release.countDown();
			for (Future<AuthenticationToken> result : results) {
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> result.get(30, TimeUnit.SECONDS))
					.withCauseInstanceOf(TokenSigningException.class)
					.havingCause()
					.withMessage("no credentials yet");
			}
			assertThat(attempts).hasValue(1);
			assertThat(source.snapshot().lastFailure()).isNotNull();
			assertThat(source.getToken()).isNotNull();
			assertThat(source.snapshot().lastFailure()).isNull();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void snapshotTellsOfAFailureBesideTheOldToken() {
		AtomicInteger attempts = new AtomicInteger();
		TokenSource source = new TokenSource(() -> {
			if (attempts.incrementAndGet() > 1) {
				throw new TokenSigningException("gone");
			}
			return sign(Duration.ofMinutes(15));
		}, this.clock);
		Instant signedAt = source.getToken().signedAt();
		this.clock.advance(Duration.ofMinutes(20));
		assertThatExceptionOfType(TokenSigningException.class).isThrownBy(source::getToken);
		TokenSnapshot snapshot = source.snapshot();
		assertThat(snapshot.signedAt()).isEqualTo(signedAt);
		assertThat(snapshot.lastFailure()).isNotNull();
		assertThat(snapshot.lastFailure().at()).isEqualTo(this.clock.instant());
	}

	@Test
	void tokenThatIsAboutToExpireIsBetterThanNone() {
		AtomicInteger attempts = new AtomicInteger();
		TokenSource source = new TokenSource(() -> {
			if (attempts.incrementAndGet() > 1) {
				throw new TokenSigningException("not now");
			}
			return sign(Duration.ofMinutes(15));
		}, this.clock);
		AuthenticationToken first = source.getToken();
		this.clock.advance(Duration.ofMinutes(15));
		assertThat(source.getToken()).isSameAs(first);
		assertThat(source.snapshot().lastFailure()).isNotNull();
		this.clock.advance(Duration.ofNanos(1));
		assertThatExceptionOfType(TokenSigningException.class).isThrownBy(source::getToken).withMessage("not now");
	}

	@Test
	void discardedTokenIsNotHandedOutAgain() {
		TokenSource source = source(Duration.ofMinutes(15));
		AuthenticationToken first = source.getToken();
		source.discard(first);
		AuthenticationToken second = source.getToken();
		assertThat(second).isNotSameAs(first);
		source.discard(first);
		assertThat(source.getToken()).isSameAs(second);
	}

	@Test
	void whateverTheSignerThrowsIsASigningFailure() {
		TokenSource source = new TokenSource(() -> {
			throw new IllegalStateException("a secret that the signer was given");
		}, this.clock);
		assertThatExceptionOfType(TokenSigningException.class).isThrownBy(source::getToken)
			.withMessage("An authentication token could not be signed (java.lang.IllegalStateException)");
	}

	@Test
	void errorOfTheSignerDoesNotBlockTheNextCaller() {
		AtomicInteger attempts = new AtomicInteger();
		TokenSource source = new TokenSource(() -> {
			if (attempts.incrementAndGet() == 1) {
				throw new NoClassDefFoundError("software/amazon/awssdk/services/sts/StsClient");
			}
			return sign(Duration.ofMinutes(15));
		}, this.clock);
		assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(source::getToken);
		assertThat(source.getToken()).isNotNull();
	}

	@Test
	void waitingCallerCanBeInterrupted() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		TokenSource source = new TokenSource(() -> {
			await(release);
			return sign(Duration.ofMinutes(15));
		}, this.clock);
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try {
			Future<AuthenticationToken> signing = executor.submit(source::getToken);
			Awaitility.await().until(() -> release.getCount() == 1 && this.waiting.getCount() == 0);
			Thread[] waiter = new Thread[1];
			CountDownLatch started = new CountDownLatch(1);
			Future<Boolean> waiting = executor.submit(() -> {
				waiter[0] = Thread.currentThread();
				started.countDown();
				try {
					source.getToken();
					return false;
				}
				catch (TokenSigningException ex) {
					return Thread.currentThread().isInterrupted() && ex.getCause() instanceof InterruptedException;
				}
			});
			started.await();
			Awaitility.await().until(() -> isWaiting(waiter[0]));
			waiter[0].interrupt();
			assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
			release.countDown();
			assertThat(signing.get(30, TimeUnit.SECONDS)).isNotNull();
		}
		finally {
			executor.shutdownNow();
		}
	}

	private final CountDownLatch waiting = new CountDownLatch(1);

	private static boolean isWaiting(Thread thread) {
		return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
	}

	private TokenSource source(Duration lifetime) {
		return new TokenSource(() -> sign(lifetime), this.clock);
	}

	private AuthenticationToken sign(Duration lifetime) {
		Instant now = this.clock.instant();
		return new AuthenticationToken("token " + this.signatures.incrementAndGet(), now, now.plus(lifetime));
	}

	private void await(CountDownLatch latch) {
		this.waiting.countDown();
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link TokenSource}. Chance is even: a token is due after exactly ten
 * minutes, and each pause is a tenth shorter than the longest.
 */
class TokenSourceTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));

	private final ScriptedSigner signer = new ScriptedSigner(this.clock);

	private final Refresher refresher = new Refresher();

	private final TokenSource source = new TokenSource("app at orders:5432", this.signer, RefreshPolicy.DEFAULT,
			this.refresher, this.clock, () -> 0.5);

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		logger().addAppender(this.log);
	}

	@AfterEach
	void close() {
		logger().detachAppender(this.log);
		this.signer.letThrough();
		this.source.close();
		this.callers.shutdownNow();
	}

	@Test
	void signsNothingBeforeItIsAsked() {
		assertThat(this.source.current()).isNull();
		TokenSnapshot snapshot = this.source.snapshot();
		assertThat(snapshot.state()).isEqualTo(TokenState.ABSENT);
		assertThat(snapshot.signedAt()).isNull();
		assertThat(snapshot.lastFailure()).isNull();
		assertThat(this.signer.attempts()).isZero();
	}

	@Test
	void warmsUpInTheBackground() {
		this.signer.hold();
		this.source.warmUp();
		this.source.warmUp();
		assertThat(this.source.current()).isNull();
		this.signer.letThrough();
		assertThat(this.source.getToken(PATIENCE)).isSameAs(this.source.current());
		assertThat(this.signer.attempts()).isEqualTo(1);
	}

	@Test
	void handsOutTheSameTokenWithoutSigning() {
		AuthenticationToken first = this.source.getToken(PATIENCE);
		this.clock.advance(Duration.ofMinutes(9));
		assertThat(this.source.getToken(Duration.ZERO)).isSameAs(first).isSameAs(this.source.current());
		assertThat(this.signer.signatures()).isEqualTo(1);
	}

	@Test
	void signsAnewInTheBackgroundWhenTheTokenIsOldEnough() {
		AuthenticationToken first = this.source.getToken(PATIENCE);
		advance(Duration.ofMinutes(10).minusMillis(1));
		assertThat(this.source.current()).isSameAs(first);
		advance(Duration.ofMillis(1));
		Awaitility.await().until(() -> this.source.current() != first);
		assertThat(this.source.snapshot().counts().refreshes()).isEqualTo(1);
		assertThat(this.source.snapshot().counts().signatures()).isEqualTo(2);
		assertThat(this.signer.asked()).containsOnly(CredentialsFreshness.CACHED);
	}

	@Test
	void signsAnewEarlierWhenTheCredentialsEndEarlier() {
		this.signer.lifetime(Duration.ofMinutes(3));
		AuthenticationToken first = this.source.getToken(PATIENCE);
		advance(Duration.ofMinutes(2).minusMillis(1));
		assertThat(this.source.current()).isSameAs(first);
		advance(Duration.ofMillis(1));
		Awaitility.await().until(() -> this.source.current() != first);
	}

	@Test
	void goesOnRefreshingForeverWithoutBeingAsked() {
		this.source.getToken(PATIENCE);
		for (int i = 2; i < 10; i++) {
			int expected = i;
			advance(Duration.ofMinutes(10));
			Awaitility.await().until(() -> this.source.snapshot().counts().signatures() == expected);
		}
		assertThat(this.source.snapshot().counts().refreshes()).isEqualTo(8);
	}

	@Test
	void nobodyWaitsForASlowRefresh() {
		AuthenticationToken first = this.source.getToken(PATIENCE);
		this.signer.hold();
		advance(Duration.ofMinutes(12));
		Awaitility.await().until(() -> this.signer.attempts() == 2);
		assertThat(this.source.getToken(Duration.ZERO)).isSameAs(first);
		this.clock.advance(Duration.ofMinutes(2).plusSeconds(53));
		assertThat(this.source.getToken(Duration.ZERO)).isSameAs(first);
		this.signer.letThrough();
		Awaitility.await().until(() -> this.source.current() != first);
	}

	@Test
	void suspendedMachineNeverSendsAStaleToken() {
		AuthenticationToken first = this.source.getToken(PATIENCE);
		// Nobody wakes the refresher, as no time has passed for its thread.
		this.clock.advance(Duration.ofHours(8));
		assertThat(this.source.current()).isNull();
		assertThat(this.source.snapshot().state()).isEqualTo(TokenState.ABSENT);
		assertThat(this.source.getToken(PATIENCE)).isNotSameAs(first);
	}

	@Test
	void signsAnewWhenTheClockWasSetBackByMinutes() {
		AuthenticationToken first = this.source.getToken(PATIENCE);
		this.clock.advance(Duration.ofSeconds(-59));
		assertThat(this.source.getToken(PATIENCE)).isSameAs(first);
		advance(Duration.ofMinutes(-5));
		Awaitility.await().until(() -> this.source.current() != null && this.source.current() != first);
	}

	@Test
	void signsAnewWhenTheClockStepsForwardByMinutes() {
		AuthenticationToken first = this.source.getToken(PATIENCE);
		advance(Duration.ofMinutes(9));
		assertThat(this.source.getToken(Duration.ZERO)).isSameAs(first);
		advance(Duration.ofMinutes(5));
		Awaitility.await().until(() -> this.source.current() != first);
		assertThat(this.source.snapshot().counts().refreshes()).isEqualTo(1);
	}

	@Test
	void signsOnceHoweverManyAskAtOnce() throws Exception {
		this.signer.hold();
		List<Caller<AuthenticationToken>> all = callers(64, () -> this.source.getToken(PATIENCE));
		awaitAllWaiting(all);
		this.signer.letThrough();
		Set<AuthenticationToken> tokens = new HashSet<>();
		for (Caller<AuthenticationToken> caller : all) {
			tokens.add(caller.result());
		}
		assertThat(tokens).hasSize(1);
		assertThat(this.signer.attempts()).isEqualTo(1);
	}

	@Test
	void signsOnceForAllAtTheMomentOfExpiry() throws Exception {
		AuthenticationToken first = this.source.getToken(PATIENCE);
		this.clock.advance(Duration.ofMinutes(15));
		this.signer.hold();
		List<Caller<AuthenticationToken>> all = callers(64, () -> this.source.getToken(PATIENCE));
		awaitAllWaiting(all);
		this.signer.letThrough();
		for (Caller<AuthenticationToken> caller : all) {
			assertThat(caller.result()).isNotSameAs(first).isSameAs(this.source.current());
		}
		assertThat(this.signer.attempts()).isEqualTo(2);
	}

	@Test
	void failureReachesAllWhoWait() throws Exception {
		this.signer.hold().failWith(new TokenSigningException("no credentials yet"));
		List<Caller<AuthenticationToken>> all = callers(8, () -> this.source.getToken(PATIENCE));
		awaitAllWaiting(all);
		this.signer.letThrough();
		for (Caller<AuthenticationToken> caller : all) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(caller::result)
				.withCauseInstanceOf(TokenSigningException.class)
				.havingCause()
				.withMessage("no credentials yet");
		}
		assertThat(this.signer.attempts()).isEqualTo(1);
	}

	@Test
	void failureIsRememberedSoThatAPoolThatKeepsAskingDoesNotReachTheCredentials() {
		this.signer.failWith(new TokenSigningException("no credentials yet"));
		assertThatExceptionOfType(TokenSigningException.class).isThrownBy(() -> this.source.getToken(PATIENCE));
		for (int i = 0; i < 100; i++) {
			assertThatExceptionOfType(TokenSigningException.class).isThrownBy(() -> this.source.getToken(Duration.ZERO))
				.withMessage("no credentials yet (at 2026-01-01T00:00:00Z; tried again at 2026-01-01T00:00:00.900Z)")
				.withCauseInstanceOf(TokenSigningException.class);
		}
		assertThat(this.signer.attempts()).isEqualTo(1);
		assertThat(this.source.snapshot().state()).isEqualTo(TokenState.UNAVAILABLE);
	}

	@Test
	void triesAgainByItselfAndLessAndLessOften() {
		this.signer.failWith(new TokenSigningException("no credentials yet"));
		catchThrowable(() -> this.source.getToken(PATIENCE));
		long[] pauses = { 900, 1800, 3600, 7200, 14_400, 27_000, 27_000 };
		for (int i = 0; i < pauses.length; i++) {
			int attempts = i + 1;
			assertThat(this.source.snapshot().lastFailure()).isNotNull()
				.satisfies((failure) -> assertThat(failure.inARow()).isEqualTo(attempts));
			advance(Duration.ofMillis(pauses[i] - 1));
			assertThat(this.signer.attempts()).isEqualTo(attempts);
			advance(Duration.ofMillis(1));
			Awaitility.await().until(() -> this.source.snapshot().counts().failures() == attempts + 1);
		}
		this.signer.failWith(null);
		advance(Duration.ofSeconds(27));
		Awaitility.await().until(() -> this.source.current() != null);
		assertThat(this.source.snapshot().lastFailure()).isNull();
		assertThat(this.source.snapshot().counts().failures()).isEqualTo(8);
	}

	@Test
	void clockThatWasSetBackDoesNotProlongAPause() {
		this.signer.failWith(new TokenSigningException("no credentials yet"));
		catchThrowable(() -> this.source.getToken(PATIENCE));
		this.signer.failWith(null);
		this.clock.advance(Duration.ofMinutes(-10));
		assertThat(this.source.getToken(PATIENCE)).isNotNull();
	}

	@Test
	void goesOnWithTheTokenWhileRefreshingFails() {
		AuthenticationToken first = this.source.getToken(PATIENCE);
		this.signer.failWith(new TokenSigningException("gone"));
		advance(Duration.ofMinutes(10));
		Awaitility.await().until(() -> this.source.snapshot().counts().failures() == 1);
		assertThat(this.source.getToken(Duration.ZERO)).isSameAs(first);
		TokenSnapshot snapshot = this.source.snapshot();
		assertThat(snapshot.state()).isEqualTo(TokenState.REFRESH_FAILING);
		assertThat(snapshot.signedAt()).isEqualTo(first.signedAt());
		assertThat(snapshot.lastFailure()).isNotNull().satisfies((failure) -> {
			assertThat(failure.at()).isEqualTo(this.clock.instant());
			assertThat(failure.nextAttemptAt()).isEqualTo(this.clock.instant().plusMillis(900));
		});
	}

	@Test
	void tokenThatIsAboutToExpireIsBetterThanNone() {
		AuthenticationToken first = this.source.getToken(PATIENCE);
		this.signer.failWith(new TokenSigningException("not now"));
		this.clock.advance(Duration.ofMinutes(15).minusMillis(1));
		assertThat(this.source.current()).isNull();
		assertThat(this.source.getToken(PATIENCE)).isSameAs(first);
		assertThat(this.source.getToken(PATIENCE)).isSameAs(first);
		assertThat(this.signer.attempts()).isEqualTo(2);
		this.clock.advance(Duration.ofMillis(1));
		assertThatExceptionOfType(TokenSigningException.class).isThrownBy(() -> this.source.getToken(PATIENCE))
			.withMessageStartingWith("not now");
	}

	@Test
	void handsOutATokenOfCredentialsThatAreAboutToEnd() {
		this.signer.lifetime(Duration.ofSeconds(5));
		AuthenticationToken token = this.source.getToken(PATIENCE);
		assertThat(token.remaining(this.clock.instant())).isEqualTo(Duration.ofSeconds(5));
		assertThat(this.source.getToken(PATIENCE)).isSameAs(token);
		// Half of what is left.
		advance(Duration.ofMillis(2499));
		assertThat(this.source.getToken(PATIENCE)).isSameAs(token);
		advance(Duration.ofMillis(1));
		Awaitility.await().until(() -> this.signer.signatures() == 2);
	}

	@Test
	void credentialsThatAlwaysEndAtOnceAreAskedOnceASecondAtMost() {
		this.signer.lifetime(Duration.ofMillis(300));
		for (int second = 0; second < 10; second++) {
			this.source.getToken(PATIENCE);
			advance(Duration.ofMillis(250));
			this.source.getToken(PATIENCE);
			advance(Duration.ofMillis(750));
		}
		assertThat(this.signer.attempts()).isBetween(10, 12);
	}

	@Test
	void tokenThatHasExpiredWhenItIsSignedIsAFailure() {
		this.signer.lifetime(Duration.ZERO);
		assertThatExceptionOfType(TokenSigningException.class).isThrownBy(() -> this.source.getToken(PATIENCE))
			.withMessageContaining("had expired already, at 2026-01-01T00:00:00Z")
			.withMessageContaining("clock");
		assertThat(this.source.snapshot().state()).isEqualTo(TokenState.UNAVAILABLE);
	}

	@Test
	void saysOneLineForEachChangeAndNotForEachAttempt() {
		this.source.getToken(PATIENCE);
		advance(Duration.ofMinutes(10));
		Awaitility.await().until(() -> this.signer.signatures() == 2);
		assertThat(this.log.list).isEmpty();
		this.signer.failWith(new TokenSigningException("the role is gone."));
		for (int i = 1; i < 10; i++) {
			int failures = i;
			advance(Duration.ofMinutes(10));
			Awaitility.await().until(() -> this.source.snapshot().counts().failures() == failures);
		}
		this.signer.failWith(null);
		advance(Duration.ofMinutes(1));
		Awaitility.await().until(() -> this.signer.signatures() == 3 && this.log.list.size() == 3);
		assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly(
					"The token for app at orders:5432 could not be signed anew; logins go on with the one before, until "
							+ "2026-01-01T00:25:00Z. It is tried again meanwhile. the role is gone.",
					"No token for app at orders:5432 could be signed, and there is none left: logins fail until one can "
							+ "be. It is tried again meanwhile. the role is gone.",
					"The token for app at orders:5432 was signed anew after 9 failed attempts");
		assertThat(this.log.list).extracting(ILoggingEvent::getLevel)
			.containsExactly(Level.WARN, Level.WARN, Level.INFO);
	}

	@Test
	void rejectedTokenIsReplacedByOneOfNewCredentialsForAllAtOnce() throws Exception {
		AuthenticationToken rejected = this.source.getToken(PATIENCE);
		this.signer.hold();
		List<Caller<AuthenticationToken>> all = callers(8, () -> this.source.replace(rejected, PATIENCE));
		awaitAllWaiting(all);
		// Who does not know of it need not wait.
		assertThat(this.source.current()).isSameAs(rejected);
		this.signer.letThrough();
		Set<AuthenticationToken> tokens = new HashSet<>();
		for (Caller<AuthenticationToken> caller : all) {
			tokens.add(caller.result());
		}
		assertThat(tokens).hasSize(1).doesNotContain(rejected);
		assertThat(this.signer.asked()).containsExactly(CredentialsFreshness.CACHED, CredentialsFreshness.NEW);
		// Late ones get what is there.
		assertThat(this.source.replace(rejected, Duration.ZERO)).isSameAs(this.source.current());
	}

	@Test
	void isReplacedLessAndLessOftenWhileNewOnesAreRejected() {
		AuthenticationToken rejected = this.source.getToken(PATIENCE);
		// None that is as new as can be is replaced for ten seconds.
		long[] pauses = { 10_000, 10_000, 10_000, 10_000, 14_400, 27_000, 27_000 };
		for (long pause : pauses) {
			AuthenticationToken other = replacementOf(rejected);
			this.source.rejected(other);
			this.source.rejected(other);
			assertThat(this.source.replace(rejected, PATIENCE)).isNull();
			this.clock.advance(Duration.ofMillis(pause - 1));
			assertThat(this.source.replace(other, PATIENCE)).isNull();
			this.clock.advance(Duration.ofMillis(1));
			rejected = other;
		}
		this.source.accepted();
		AuthenticationToken other = replacementOf(rejected);
		this.source.rejected(other);
		this.clock.advance(Duration.ofSeconds(10));
		replacementOf(other);
		assertThat(this.signer.signatures()).isEqualTo(pauses.length + 3);
	}

	@Test
	void rejectionsThatComeAndGoDoNotAskForNewCredentialsEachTime() {
		AuthenticationToken token = this.source.getToken(PATIENCE);
		for (int i = 0; i < 100; i++) {
			AuthenticationToken other = this.source.replace(token, PATIENCE);
			token = (other != null) ? other : token;
			this.source.accepted();
			this.clock.advance(Duration.ofMillis(200));
		}
		// In twenty seconds.
		assertThat(this.signer.asked()).filteredOn((asked) -> asked == CredentialsFreshness.NEW).hasSize(2);
	}

	@Test
	void failureToReplaceATokenIsTold() {
		AuthenticationToken rejected = this.source.getToken(PATIENCE);
		this.signer.failWith(new TokenSigningException("no others"));
		catchThrowable(() -> this.source.replace(rejected, PATIENCE));
		assertThatExceptionOfType(TokenSigningException.class).isThrownBy(() -> this.source.replace(rejected, PATIENCE))
			.withMessageStartingWith("no others (at");
		assertThat(this.source.current()).isSameAs(rejected);
	}

	@Test
	void whateverTheSignerThrowsIsASigningFailureThatTellsNoSecret() {
		this.signer.failWith(new IllegalStateException("a secret that the signer was given"));
		assertThatExceptionOfType(TokenSigningException.class).isThrownBy(() -> this.source.getToken(PATIENCE))
			.withMessage("An authentication token could not be signed (java.lang.IllegalStateException)");
	}

	@Test
	void missingClassOfTheSignerIsNamed() {
		this.signer.failWith(new NoClassDefFoundError("software/amazon/awssdk/services/sts/StsClient"));
		assertThatExceptionOfType(TokenSigningException.class).isThrownBy(() -> this.source.getToken(PATIENCE))
			.withMessageContaining("software/amazon/awssdk/services/sts/StsClient");
		this.signer.failWith(null);
		advance(Duration.ofSeconds(1));
		Awaitility.await().until(() -> this.source.current() != null);
	}

	@Test
	void callerWaitsNoLongerThanItMay() {
		this.signer.hold();
		assertThatExceptionOfType(TokenSigningException.class)
			.isThrownBy(() -> this.source.getToken(Duration.ofMillis(50)))
			.withMessageContaining("have not come")
			.withMessageContaining("still waited for");
		assertThat(this.signer.attempts()).isEqualTo(1);
	}

	@Test
	void credentialsThatHangAreGivenUpAndAskedForAgain() throws Exception {
		this.signer.hold();
		Caller<AuthenticationToken> caller = callers(1, () -> this.source.getToken(PATIENCE)).get(0);
		awaitAllWaiting(List.of(caller));
		advance(Duration.ofSeconds(60).minusMillis(1));
		assertThat(this.source.snapshot().counts().failures()).isZero();
		advance(Duration.ofMillis(1));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(caller::result)
			.havingCause()
			.withMessageContaining("have not come for 60 s, and are no longer waited for");
		assertThat(this.source.snapshot().state()).isEqualTo(TokenState.UNAVAILABLE);
		assertThat(this.signer.interrupted().await(30, TimeUnit.SECONDS)).isTrue();
		this.signer.letThrough();
		advance(Duration.ofSeconds(1));
		Awaitility.await().until(() -> this.source.current() != null);
		assertThat(this.signer.attempts()).isEqualTo(2);
	}

	@Test
	void credentialsThatHangForEverTakeTwoThreadsAtMost() {
		AtomicInteger attempts = new AtomicInteger();
		CountDownLatch end = new CountDownLatch(1);
		try (TokenSource hanging = new TokenSource("test", (freshness) -> {
			attempts.incrementAndGet();
			while (end.getCount() > 0) {
				try {
					end.await();
				}
				catch (InterruptedException ex) {
					// Does not care.
				}
			}
			throw new TokenSigningException("too late");
		}, RefreshPolicy.DEFAULT, this.refresher, this.clock)) {
			hanging.warmUp();
			Awaitility.await().until(() -> {
				advance(Duration.ofMinutes(1));
				return hanging.snapshot().counts().failures() >= 20;
			});
			assertThat(attempts).hasValue(2);
			assertThatExceptionOfType(TokenSigningException.class).isThrownBy(() -> hanging.getToken(PATIENCE))
				.withMessageContaining("2 attempts to get them hang");
			end.countDown();
			Awaitility.await().until(() -> {
				advance(Duration.ofMinutes(1));
				return attempts.get() > 2;
			});
		}
	}

	@Test
	void tokenThatComesAfterItWasGivenUpIsNotUsed() {
		CountDownLatch late = new CountDownLatch(1);
		AtomicInteger attempts = new AtomicInteger();
		try (TokenSource slow = new TokenSource("test", (freshness) -> {
			boolean first = attempts.incrementAndGet() == 1;
			while (first && late.getCount() > 0) {
				try {
					late.await();
				}
				catch (InterruptedException ex) {
					// Does not care.
				}
			}
			return this.signer.sign(freshness);
		}, RefreshPolicy.DEFAULT, this.refresher, this.clock)) {
			slow.warmUp();
			Awaitility.await().until(() -> attempts.get() == 1);
			advance(Duration.ofMinutes(1));
			Awaitility.await().until(() -> slow.snapshot().counts().failures() == 1);
			advance(Duration.ofSeconds(1));
			Awaitility.await().until(() -> slow.current() != null);
			AuthenticationToken token = slow.current();
			late.countDown();
			Awaitility.await().until(() -> this.signer.signatures() == 2);
			Awaitility.await().until(() -> this.signer.threads().stream().noneMatch(Thread::isAlive));
			assertThat(slow.current()).isSameAs(token);
			assertThat(slow.snapshot().counts().signatures()).isEqualTo(1);
		}
	}

	@Test
	void anyPatienceIsFine() {
		assertThat(this.source.getToken(ChronoUnit.FOREVER.getDuration())).isNotNull();
	}

	@Test
	void waitingCallerCanBeInterrupted() throws Exception {
		this.signer.hold();
		Caller<Boolean> caller = callers(1, () -> {
			Throwable failure = catchThrowable(() -> this.source.getToken(PATIENCE));
			return Thread.currentThread().isInterrupted() && failure instanceof TokenSigningException
					&& failure.getCause() instanceof InterruptedException;
		}).get(0);
		awaitAllWaiting(List.of(caller));
		caller.thread.interrupt();
		assertThat(caller.result()).isTrue();
		this.signer.letThrough();
		// The signature went on for the others.
		assertThat(this.source.getToken(PATIENCE)).isNotNull();
		assertThat(this.signer.attempts()).isEqualTo(1);
	}

	@Test
	void callerThatIsInterruptedAlreadyGetsAUsableToken() {
		AuthenticationToken token = this.source.getToken(PATIENCE);
		Thread.currentThread().interrupt();
		assertThat(this.source.getToken(PATIENCE)).isSameAs(token);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void closingEndsASignatureAndTellsWhoWaits() throws Exception {
		this.signer.hold();
		List<Caller<AuthenticationToken>> all = callers(4, () -> this.source.getToken(PATIENCE));
		awaitAllWaiting(all);
		this.source.close();
		for (Caller<AuthenticationToken> caller : all) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(caller::result)
				.havingCause()
				.withMessageContaining("was closed");
		}
		assertThat(this.signer.interrupted().await(30, TimeUnit.SECONDS)).isTrue();
		Awaitility.await().until(() -> this.signer.threads().stream().noneMatch(Thread::isAlive));
		assertThat(this.log.list).isEmpty();
		assertThat(this.source.snapshot().state()).isEqualTo(TokenState.CLOSED);
	}

	@Test
	void closingDuringARefreshKeepsNoToken() {
		this.source.getToken(PATIENCE);
		this.signer.hold();
		advance(Duration.ofMinutes(10));
		Awaitility.await().until(() -> this.signer.attempts() == 2);
		this.source.close();
		this.signer.letThrough();
		Awaitility.await().until(() -> this.signer.threads().stream().noneMatch(Thread::isAlive));
		assertThat(this.source.current()).isNull();
		assertThatExceptionOfType(TokenSigningException.class).isThrownBy(() -> this.source.getToken(PATIENCE))
			.withMessageContaining("was closed");
		assertThatExceptionOfType(TokenSigningException.class)
			.isThrownBy(
					() -> this.source.replace(new ScriptedSigner(this.clock).sign(CredentialsFreshness.NEW), PATIENCE))
			.withMessageContaining("was closed");
		assertThat(this.source.snapshot().signedAt()).isNull();
		assertThat(this.log.list).isEmpty();
	}

	@Test
	void closingTwiceIsFine() {
		this.source.close();
		this.source.close();
		this.source.warmUp();
		assertThat(this.signer.attempts()).isZero();
	}

	@Test
	void signsWithTheContextClassLoaderOfItsApplication() {
		ClassLoader application = new ClassLoader(getClass().getClassLoader()) {
		};
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		List<ClassLoader> seen = new ArrayList<>();
		Thread.currentThread().setContextClassLoader(application);
		try (TokenSource ofApplication = new TokenSource("test", (freshness) -> {
			seen.add(Thread.currentThread().getContextClassLoader());
			return this.signer.sign(freshness);
		}, RefreshPolicy.DEFAULT, this.refresher, this.clock)) {
			ofApplication.getToken(PATIENCE);
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
		assertThat(seen).containsExactly(application);
	}

	@Test
	void snapshotTellsWhatWasSignedAndHolsNoToken() {
		AuthenticationToken token = this.source.getToken(PATIENCE);
		TokenSnapshot snapshot = this.source.snapshot();
		assertThat(snapshot.state()).isEqualTo(TokenState.USABLE);
		assertThat(snapshot.signedAt()).isEqualTo(token.signedAt());
		assertThat(snapshot.expiresAt()).isEqualTo(token.expiresAt());
		assertThat(snapshot.signedBy()).isEqualTo(token.signedBy());
		assertThat(snapshot.counts().signingTime()).isPositive();
		assertThat(snapshot.counts().failingTime()).isZero();
		assertThat(snapshot.toString()).doesNotContain(token.value());
	}

	private AuthenticationToken replacementOf(AuthenticationToken token) {
		AuthenticationToken other = this.source.replace(token, PATIENCE);
		assertThat(other).isNotNull().isNotSameAs(token);
		return other;
	}

	private void advance(Duration duration) {
		this.clock.advance(duration);
		this.refresher.wakeUp();
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger(TokenSource.class);
	}

	private <T> List<Caller<T>> callers(int count, Callable<T> call) {
		List<Caller<T>> callers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			callers.add(new Caller<>(this.callers, call));
		}
		return callers;
	}

	private static <T> void awaitAllWaiting(List<Caller<T>> callers) {
		Awaitility.await().until(() -> callers.stream().allMatch(Caller::isWaiting));
	}

	/**
	 * A thread that asks, and can be watched.
	 */
	private static final class Caller<T> {

		private final Future<T> future;

		private final CountDownLatch started = new CountDownLatch(1);

		private volatile Thread thread;

		Caller(ExecutorService executor, Callable<T> call) {
			this.future = executor.submit(() -> {
				this.thread = Thread.currentThread();
				this.started.countDown();
				return call.call();
			});
			try {
				assertThat(this.started.await(30, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		boolean isWaiting() {
			return this.thread.getState() == Thread.State.TIMED_WAITING;
		}

		T result() throws Exception {
			return this.future.get(30, TimeUnit.SECONDS);
		}

	}

}

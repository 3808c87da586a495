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

import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Refresher} and its {@link SigningThreads}.
 */
class RefresherTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));

	private final Refresher refresher = new Refresher();

	private final List<TokenSource> sources = new ArrayList<>();

	@AfterEach
	void close() {
		this.sources.forEach(TokenSource::close);
	}

	@Test
	void hasOneDaemonThreadWithANameForAThousandSources() {
		List<Thread> before = threads("iam-datasource-refresher");
		ScriptedSigner signer = new ScriptedSigner(this.clock);
		for (int i = 0; i < 1000; i++) {
			source(signer).getToken(PATIENCE);
		}
		List<Thread> added = new ArrayList<>(threads("iam-datasource-refresher"));
		added.removeAll(before);
		assertThat(added).containsExactly(this.refresher.thread()).allMatch(Thread::isDaemon);
	}

	@Test
	void refreshesAThousandSourcesInTime() {
		ScriptedSigner signer = new ScriptedSigner(this.clock);
		for (int i = 0; i < 1000; i++) {
			source(signer).getToken(PATIENCE);
		}
		for (int minute = 1; minute <= 60; minute++) {
			advance(Duration.ofMinutes(1));
			Awaitility.await().pollInterval(Duration.ofMillis(2)).until(this::nothingIsDue);
			assertThat(this.sources).allMatch((source) -> source.current() != null);
		}
		// Every 9 to 11 minutes, so five or six times in an hour.
		assertThat(this.sources).allSatisfy((source) -> {
			assertThat(source.snapshot().counts().refreshes()).isBetween(5L, 6L);
			assertThat(source.snapshot().counts().signatures()).isEqualTo(source.snapshot().counts().refreshes() + 1);
		});
	}

	@Test
	void needsNoThreadForEachSourceWhenManyAreDueAtOnce() {
		AtomicInteger most = new AtomicInteger();
		TokenSigner signer = new ScriptedSigner(this.clock);
		for (int i = 0; i < 500; i++) {
			source((freshness) -> {
				most.accumulateAndGet(threads("iam-datasource-signing").size(), Math::max);
				return signer.sign(freshness);
			}).warmUp();
		}
		Awaitility.await().until(() -> this.sources.stream().allMatch((source) -> source.current() != null));
		assertThat(most.get()).isBetween(1, 50);
	}

	@Test
	void slowCredentialsOfSomeDoNotDelayTheOthers() {
		ScriptedSigner slow = new ScriptedSigner(this.clock);
		ScriptedSigner quick = new ScriptedSigner(this.clock);
		for (int i = 0; i < 10; i++) {
			source(slow).getToken(PATIENCE);
		}
		TokenSource other = source(quick);
		AuthenticationToken first = other.getToken(PATIENCE);
		slow.hold();
		advance(Duration.ofMinutes(11));
		Awaitility.await().until(() -> slow.attempts() == 20);
		Awaitility.await().until(() -> other.current() != first);
		// And one that comes later.
		assertThat(source(quick).getToken(PATIENCE)).isNotNull();
		slow.letThrough();
		Awaitility.await().until(() -> slow.signatures() == 20);
		Awaitility.await().until(() -> threads("iam-datasource-signing").isEmpty());
	}

	@Test
	void noThreadIsLeftWhenTheLastSourceIsClosed() {
		TokenSource one = source(new ScriptedSigner(this.clock));
		TokenSource another = source(new ScriptedSigner(this.clock));
		one.getToken(PATIENCE);
		another.getToken(PATIENCE);
		Thread thread = this.refresher.thread();
		assertThat(thread).isNotNull();
		one.close();
		assertThat(this.refresher.thread()).isSameAs(thread);
		another.close();
		Awaitility.await().until(() -> !thread.isAlive());
		assertThat(this.refresher.thread()).isNull();
	}

	@Test
	void startsAgainAfterItsEnd() {
		TokenSource one = source(new ScriptedSigner(this.clock));
		one.getToken(PATIENCE);
		one.close();
		ScriptedSigner signer = new ScriptedSigner(this.clock);
		source(signer).getToken(PATIENCE);
		advance(Duration.ofMinutes(11));
		Awaitility.await().until(() -> signer.signatures() == 2);
	}

	@Test
	void wakesUpByItselfWhenATokenIsDue() {
		TokenSigner signer = (freshness) -> new AuthenticationToken("token", Instant.now(),
				Instant.now().plusSeconds(2), new SigningIdentity("MPLE", null, "application's credentials provider"));
		RefreshPolicy policy = new RefreshPolicy(Duration.ofMillis(300), Duration.ofMillis(500));
		TokenSource source = new TokenSource("test", signer, policy, this.refresher, Clock.systemUTC());
		this.sources.add(source);
		AuthenticationToken first = source.getToken(PATIENCE);
		Awaitility.await().until(() -> source.current() != first);
		assertThat(source.snapshot().counts().refreshes()).isPositive();
	}

	@Test
	void theTroubleOfOneIsNotThatOfTheOthers() {
		ScriptedSigner signer = new ScriptedSigner(this.clock);
		source(signer).getToken(PATIENCE);
		AtomicInteger thrown = new AtomicInteger();
		Refresher.Refreshable broken = () -> {
			thrown.incrementAndGet();
			throw new NoClassDefFoundError("somebody's clock");
		};
		this.refresher.add(broken);
		try {
			advance(Duration.ofMinutes(11));
			Awaitility.await().until(() -> signer.signatures() == 2 && thrown.get() > 0);
		}
		finally {
			this.refresher.remove(broken);
		}
	}

	@Test
	void survivesAnInterruption() {
		ScriptedSigner signer = new ScriptedSigner(this.clock);
		source(signer).getToken(PATIENCE);
		Thread thread = this.refresher.thread();
		assertThat(thread).isNotNull();
		thread.interrupt();
		advance(Duration.ofMinutes(11));
		Awaitility.await().until(() -> signer.signatures() == 2);
		Awaitility.await().until(() -> !thread.isInterrupted());
	}

	@Test
	void closingWhileAnotherBeginsLeavesNothingBehind() throws Exception {
		for (int i = 0; i < 200; i++) {
			TokenSource source = source(new ScriptedSigner(this.clock));
			CountDownLatch go = new CountDownLatch(1);
			AtomicReference<Throwable> outcome = new AtomicReference<>();
			Thread caller = new Thread(() -> {
				try {
					go.await();
					source.getToken(PATIENCE);
				}
				catch (InterruptedException | TokenSigningException ex) {
					outcome.set(ex);
				}
			});
			caller.start();
			go.countDown();
			source.close();
			caller.join(TimeUnit.SECONDS.toMillis(30));
			assertThat(caller.isAlive()).isFalse();
			assertThat(outcome.get()).satisfiesAnyOf((none) -> assertThat(none).isNull(),
					(closed) -> assertThat(closed).hasMessageContaining("was closed"));
		}
		Awaitility.await().until(() -> this.refresher.thread() == null);
	}

	@Test
	void holdsNothingOfAnApplicationThatWasClosed() {
		ScriptedSigner signer = new ScriptedSigner(this.clock);
		source(signer).getToken(PATIENCE);
		WeakReference<ClassLoader> application = runAndCloseAnApplication();
		Awaitility.await().until(() -> {
			System.gc();
			return application.get() == null;
		});
	}

	private WeakReference<ClassLoader> runAndCloseAnApplication() {
		ClassLoader application = new ClassLoader(getClass().getClassLoader()) {
		};
		ScriptedSigner signer = new ScriptedSigner(this.clock);
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		Thread.currentThread().setContextClassLoader(application);
		try (TokenSource source = new TokenSource("test", signer, RefreshPolicy.DEFAULT, this.refresher, this.clock)) {
			source.getToken(PATIENCE);
			advance(Duration.ofMinutes(11));
			Awaitility.await().until(() -> signer.signatures() == 2);
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
		return new WeakReference<>(application);
	}

	private boolean nothingIsDue() {
		return this.sources.stream()
			.allMatch((source) -> source.state().signing() == null && source.state().dueIn(this.clock.millis()) > 0);
	}

	private TokenSource source(TokenSigner signer) {
		TokenSource source = new TokenSource("test", signer, RefreshPolicy.DEFAULT, this.refresher, this.clock);
		this.sources.add(source);
		return source;
	}

	private void advance(Duration duration) {
		this.clock.advance(duration);
		this.refresher.wakeUp();
	}

	private static List<Thread> threads(String name) {
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().equals(name)).toList();
	}

}

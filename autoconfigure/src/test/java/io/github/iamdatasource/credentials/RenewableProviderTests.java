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
package io.github.iamdatasource.credentials;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RenewableProvider}.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class RenewableProviderTests {

	private final List<Provider> created = new CopyOnWriteArrayList<>();

	private final RenewableProvider source = new RenewableProvider("test", this::create);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void stopThreads() {
		this.created.forEach((provider) -> provider.answers.release(10));
		this.threads.shutdownNow();
	}

	@Test
	void createsNothingBeforeItIsAsked() {
		this.source.close();
		assertThat(this.created).isEmpty();
	}

	@Test
	void asksTheSameProviderAgain() {
		assertThat(resolve(CredentialsFreshness.CACHED)).isEqualTo("0");
		assertThat(resolve(CredentialsFreshness.CACHED)).isEqualTo("0");
		assertThat(this.created).hasSize(1);
		assertThat(this.created.get(0).closed).hasValue(0);
	}

	@Test
	void closesTheProviderThatIsReplaced() {
		resolve(CredentialsFreshness.CACHED);
		assertThat(resolve(CredentialsFreshness.NEW)).isEqualTo("1");
		assertThat(closed()).containsExactly(1, 0);
		assertThat(resolve(CredentialsFreshness.CACHED)).isEqualTo("1");
		this.source.close();
		assertThat(closed()).containsExactly(1, 1);
	}

	@Test
	void closesAReplacedProviderOnlyWhenItsLastUserIsDone() throws Exception {
		resolve(CredentialsFreshness.CACHED);
		Provider first = this.created.get(0).slow();
		Future<String> one = begin(CredentialsFreshness.CACHED, first, 1);
		Future<String> other = begin(CredentialsFreshness.CACHED, first, 2);
		assertThat(resolve(CredentialsFreshness.NEW)).isEqualTo("1");
		assertThat(closed()).containsExactly(0, 0);
		first.answerOne();
		first.answerOne();
		assertThat(one.get()).isEqualTo("0");
		assertThat(other.get()).isEqualTo("0");
		assertThat(closed()).containsExactly(1, 0);
	}

	@Test
	void keepsTheProviderIfAnotherHasNoCredentials() {
		resolve(CredentialsFreshness.CACHED);
		AtomicInteger asked = new AtomicInteger();
		RenewableProvider failing = new RenewableProvider("test",
				() -> (asked.getAndIncrement() == 0) ? create() : create().failing());
		assertThat(failing.resolve(CredentialsFreshness.CACHED).accessKeyId()).isEqualTo("1");
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> failing.resolve(CredentialsFreshness.NEW));
		assertThat(closed()).containsExactly(0, 0, 1);
		assertThat(failing.resolve(CredentialsFreshness.CACHED).accessKeyId()).isEqualTo("1");
		failing.close();
		assertThat(closed()).containsExactly(0, 1, 1);
	}

	@Test
	void isAskedAgainAfterTheFirstProviderFailed() {
		RenewableProvider failing = new RenewableProvider("test", () -> create().failing());
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> failing.resolve(CredentialsFreshness.CACHED));
		}
		assertThat(closed()).containsExactly(0);
		failing.close();
		assertThat(closed()).containsExactly(1);
	}

	@Test
	void closesAProviderThatIsBeingAskedOnlyWhenItHasAnswered() throws Exception {
		resolve(CredentialsFreshness.CACHED);
		Provider first = this.created.get(0).slow();
		Future<String> asked = begin(CredentialsFreshness.CACHED, first, 1);
		this.source.close();
		assertThat(closed()).containsExactly(0);
		assertEnded(CredentialsFreshness.CACHED);
		first.answerOne();
		assertThat(asked.get()).isEqualTo("0");
		assertThat(closed()).containsExactly(1);
	}

	@Test
	void closesAnotherProviderThatAnswersWhenAllIsOver() throws Exception {
		resolve(CredentialsFreshness.CACHED);
		CountDownLatch creating = new CountDownLatch(1);
		RenewableProvider slow = new RenewableProvider("test", () -> {
			Provider provider = create().slow();
			creating.countDown();
			return provider;
		});
		Future<String> asked = this.threads.submit(() -> slow.resolve(CredentialsFreshness.NEW).accessKeyId());
		assertThat(creating.await(30, TimeUnit.SECONDS)).isTrue();
		slow.close();
		this.created.get(1).answerOne();
		assertThat(asked.get()).isEqualTo("1");
		assertThat(closed()).containsExactly(0, 1);
	}

	@Test
	void closesOnce() {
		resolve(CredentialsFreshness.CACHED);
		this.source.close();
		this.source.close();
		assertThat(closed()).containsExactly(1);
		assertEnded(CredentialsFreshness.CACHED);
		assertEnded(CredentialsFreshness.NEW);
		assertThat(this.created).hasSize(1);
	}

	/** Each gets credentials of its own, and the last to get them stays. */
	@Test
	void severalMayAskForNewCredentialsAtOnce() throws Exception {
		resolve(CredentialsFreshness.CACHED);
		CyclicBarrier barrier = new CyclicBarrier(8);
		List<Callable<String>> calls = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			calls.add(() -> {
				barrier.await();
				return resolve(CredentialsFreshness.NEW);
			});
		}
		List<String> answers = new ArrayList<>();
		for (Future<String> answer : this.threads.invokeAll(calls)) {
			answers.add(answer.get());
		}
		assertThat(answers).doesNotHaveDuplicates().doesNotContain("0");
		assertThat(closed()).hasSize(9).filteredOn((times) -> times == 1).hasSize(8);
		assertThat(this.created.get(Integer.parseInt(resolve(CredentialsFreshness.CACHED))).closed).hasValue(0);
	}

	/** A provider fails if it is asked when it is closed. */
	@RepeatedTest(20)
	void nobodyAsksAProviderThatIsClosed() throws Exception {
		List<Callable<Void>> calls = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			calls.add(() -> {
				askUntilItEnds();
				return null;
			});
		}
		calls.add(() -> {
			while (this.created.size() < 50) {
				Thread.onSpinWait();
			}
			this.source.close();
			return null;
		});
		for (Future<Void> call : this.threads.invokeAll(calls)) {
			call.get();
		}
		assertThat(closed()).containsOnly(1);
	}

	private void askUntilItEnds() {
		while (true) {
			try {
				resolve((ThreadLocalRandom.current().nextInt(4) == 0) ? CredentialsFreshness.NEW
						: CredentialsFreshness.CACHED);
			}
			catch (CredentialsUnavailableException ex) {
				return;
			}
		}
	}

	private void assertEnded(CredentialsFreshness freshness) {
		assertThatExceptionOfType(CredentialsUnavailableException.class).isThrownBy(() -> resolve(freshness))
			.withMessageContaining("has ended");
	}

	private Future<String> begin(CredentialsFreshness freshness, Provider provider, int asked) throws Exception {
		Future<String> answer = this.threads.submit(() -> resolve(freshness));
		while (provider.asked.get() < asked) {
			assertThat(answer).isNotDone();
			Thread.onSpinWait();
		}
		return answer;
	}

	private String resolve(CredentialsFreshness freshness) {
		return this.source.resolve(freshness).accessKeyId();
	}

	private List<Integer> closed() {
		return this.created.stream().map((provider) -> provider.closed.get()).toList();
	}

	private synchronized Provider create() {
		Provider provider = new Provider(String.valueOf(this.created.size()));
		this.created.add(provider);
		return provider;
	}

	private static final class Provider implements AwsCredentialsProvider, SdkAutoCloseable {

		private final String name;

		private final AtomicInteger asked = new AtomicInteger();

		private final AtomicInteger closed = new AtomicInteger();

		private final Semaphore answers = new Semaphore(0);

		private volatile boolean slow;

		private volatile boolean failing;

		Provider(String name) {
			this.name = name;
		}

		/** Answers only when it is told to, from now on. */
		Provider slow() {
			this.asked.set(0);
			this.slow = true;
			return this;
		}

		Provider failing() {
			this.failing = true;
			return this;
		}

		void answerOne() {
			this.answers.release();
		}

		@Override
		public AwsCredentials resolveCredentials() {
			this.asked.incrementAndGet();
			if (this.slow) {
				this.answers.acquireUninterruptibly();
			}
			if (this.failing || this.closed.get() > 0) {
				throw new IllegalStateException("closed " + this.closed);
			}
			return AwsBasicCredentials.create(this.name, "NeverLogThis");
		}

		@Override
		public void close() {
			this.closed.incrementAndGet();
		}

	}

}

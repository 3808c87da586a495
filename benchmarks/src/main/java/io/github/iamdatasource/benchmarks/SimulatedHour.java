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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.TokenSigner;
import io.github.iamdatasource.token.TokenSource;

/**
 * An hour of many token sources, in steps of a minute. The clock stands still in between,
 * until all is done that is due.
 */
final class SimulatedHour {

	private static final Duration STEP = Duration.ofMinutes(1);

	/** A tenth less than the ten minutes of the policy. */
	private static final Duration EARLIEST = Duration.ofMinutes(9);

	private static final Duration LATEST = Duration.ofMinutes(11);

	private static final long QUIET_MILLIS = 50;

	private final ShiftedClock clock = new ShiftedClock(
			Clock.fixed(Instant.now().truncatedTo(ChronoUnit.SECONDS), ZoneOffset.UTC));

	private final List<RetimedSigner> signers = new ArrayList<>();

	private final List<TokenSource> sources = new ArrayList<>();

	private final AtomicInteger signingThreads = new AtomicInteger();

	/**
	 * Create the sources, without a token yet.
	 * @param count how many
	 */
	SimulatedHour(int count) {
		ManyEndpoints endpoints = new ManyEndpoints();
		for (int i = 0; i < count; i++) {
			TokenSigner signer = endpoints.signer(i);
			RetimedSigner retimed = new RetimedSigner((freshness) -> {
				this.signingThreads.accumulateAndGet(ThreadCount.of(ManySources.SIGNING_THREAD), Math::max);
				return signer.sign(freshness);
			}, this.clock);
			this.signers.add(retimed);
			this.sources.add(endpoints.tokens(i, retimed, this.clock));
		}
	}

	/**
	 * Let the hour pass.
	 * @throws IllegalStateException if a source was without a token, or refreshed at the
	 * wrong time, or not by the one thread
	 * @throws InterruptedException if this thread was interrupted
	 */
	void run() throws InterruptedException {
		this.sources.forEach(TokenSource::warmUp);
		Waiting.until("all have a token", () -> this.signers.stream().noneMatch((signer) -> signer.times().isEmpty()));
		settle();
		for (Duration passed = STEP; passed.compareTo(Duration.ofHours(1)) <= 0; passed = passed.plus(STEP)) {
			this.clock.advance(STEP);
			requireTokens();
			Refresher.shared().wakeUp();
			Waiting.until("all is signed that is due", () -> {
				requireTokens();
				return this.signers.stream().noneMatch(this::isDue);
			});
			settle();
			requireOneRefresher();
		}
		requirePunctuality();
		this.sources.forEach(TokenSource::close);
		Waiting.until("the refresher ends with the last source",
				() -> ThreadCount.of(ManySources.REFRESHER_THREAD) == 0);
	}

	private void requireTokens() {
		for (TokenSource source : this.sources) {
			if (source.current() == null) {
				throw new IllegalStateException("A token source was without a token at " + this.clock.instant());
			}
		}
	}

	private boolean isDue(RetimedSigner signer) {
		List<Instant> times = signer.times();
		return !times.get(times.size() - 1).plus(LATEST).isAfter(this.clock.instant());
	}

	/** Others may be due as well, and chance knows which. */
	private void settle() throws InterruptedException {
		long before;
		do {
			before = signatures();
			Thread.sleep(QUIET_MILLIS);
		}
		while (signatures() != before || ThreadCount.of(ManySources.SIGNING_THREAD) > 0);
	}

	private long signatures() {
		return this.sources.stream().mapToLong((source) -> source.snapshot().counts().signatures()).sum();
	}

	private static void requireOneRefresher() {
		int threads = ThreadCount.of(ManySources.REFRESHER_THREAD);
		if (threads != 1) {
			throw new IllegalStateException(threads + " refresher threads");
		}
	}

	private void requirePunctuality() {
		Sample minutes = minutes();
		if (minutes.quantile(0) < EARLIEST.toMinutes() || minutes.maximum() > LATEST.plus(STEP).toMinutes()) {
			throw new IllegalStateException(
					minutes.quantile(0) + " to " + minutes.maximum() + " minutes from one signature to the next");
		}
		for (TokenSource source : this.sources) {
			if (source.snapshot().counts().failures() > 0) {
				throw new IllegalStateException("A signature failed", source.snapshot().lastFailure().cause());
			}
		}
	}

	/**
	 * The minutes between one signature of a source and its next.
	 * @return those of all sources
	 */
	Sample minutes() {
		return new Sample(this.signers.stream().map(RetimedSigner::times).flatMapToDouble((times) -> {
			double[] minutes = new double[times.size() - 1];
			for (int i = 0; i < minutes.length; i++) {
				minutes[i] = Duration.between(times.get(i), times.get(i + 1)).toSeconds() / 60.0;
			}
			return Arrays.stream(minutes);
		}).toArray());
	}

	/**
	 * How often each source was refreshed.
	 * @return a number for each source
	 */
	Sample refreshes() {
		return new Sample(
				this.sources.stream().mapToDouble((source) -> source.snapshot().counts().refreshes()).toArray());
	}

	/**
	 * How many threads have signed at once.
	 * @return the most that there were at the beginning of a signature
	 */
	int signingThreads() {
		return this.signingThreads.get();
	}

}

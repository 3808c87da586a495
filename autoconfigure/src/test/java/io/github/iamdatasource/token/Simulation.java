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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;

/**
 * Lets time pass for token sources without anybody waiting for it. Chance is even: a
 * token is due after exactly ten minutes, and failures are followed by pauses of exactly
 * 0.9, 1.8, 3.6, 7.2, 14.4, 27, 27… seconds.
 */
public final class Simulation implements AutoCloseable {

	private static final double EVEN = 0.5;

	private final MutableClock clock;

	private final Refresher refresher = new Refresher();

	private final List<TokenSource> sources = new CopyOnWriteArrayList<>();

	/**
	 * Begin a simulation.
	 * @param clock the clock of its token sources
	 */
	public Simulation(MutableClock clock) {
		this.clock = clock;
	}

	public TokenSource tokens(TokenSigner signer) {
		return tokens(signer, EVEN);
	}

	/**
	 * Create a token source.
	 * @param signer signs its tokens
	 * @param chance 1 for the latest refresh that there can be
	 * @return a token source that is closed with the simulation
	 */
	public TokenSource tokens(TokenSigner signer, double chance) {
		TokenSource source = new TokenSource("simulated", signer, RefreshPolicy.DEFAULT, this.refresher, this.clock,
				() -> chance);
		this.sources.add(source);
		return source;
	}

	/**
	 * Set the clock and have done what is due by then in the background.
	 * @param duration how much later it is
	 */
	public void advance(Duration duration) {
		begin(duration);
		if (!isIdle()) {
			Awaitility.await().pollInterval(Duration.ofMillis(1)).until(this::isIdle);
		}
	}

	/**
	 * Set the clock and have begun what is due by then in the background.
	 * @param duration how much later it is
	 */
	public void begin(Duration duration) {
		this.clock.advance(duration);
		this.refresher.wakeUp();
	}

	private boolean isIdle() {
		long now = this.clock.millis();
		return this.sources.stream()
			.map(TokenSource::state)
			.allMatch((state) -> state.dueIn(now) > 0 && (state.closed() || state.signing() == null));
	}

	@Override
	public void close() {
		this.sources.forEach(TokenSource::close);
	}

}

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
package io.github.iamdatasource.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how logins ended. A login takes milliseconds at the least, so a lock that is
 * held for a few instructions costs it nothing.
 */
final class LoginLog {

	/** How many failures are remembered. */
	private static final int FAILURES = 10;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Outcome, LoginCount> counts = new EnumMap<>(Outcome.class);

	private final Deque<LoginAttempt> failures = new ArrayDeque<>();

	private @Nullable LoginAttempt last;

	private @Nullable LoginAttempt rejection;

	private @Nullable Instant succeededAt;

	LoginLog() {
		for (Outcome outcome : Outcome.values()) {
			this.counts.put(outcome, LoginCount.NONE);
		}
	}

	/**
	 * Remember an attempt.
	 * @param attempt how it ended. Another may have ended since, as it takes a while to
	 * explain a failure
	 * @param took how long it took
	 */
	void add(LoginAttempt attempt, Duration took) {
		Outcome outcome = attempt.outcome();
		SQLException failure = attempt.failure();
		this.lock.lock();
		try {
			this.counts.computeIfPresent(outcome, (same, count) -> count.plus(took));
			if (this.last == null || !attempt.at().isBefore(this.last.at())) {
				this.last = attempt;
			}
			switch (outcome) {
				case SUCCEEDED -> {
					this.succeededAt = attempt.at();
					this.rejection = null;
				}
				case REJECTED -> {
					if (this.succeededAt == null || !attempt.at().isBefore(this.succeededAt)) {
						this.rejection = attempt;
					}
				}
				// Tell nothing of what the server thinks of a token.
				case FAILED, NO_TOKEN -> {
				}
			}
			if (failure != null) {
				if (this.failures.size() == FAILURES) {
					this.failures.removeLast();
				}
				this.failures.addFirst(attempt);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Nullable LoginAttempt last() {
		this.lock.lock();
		try {
			return this.last;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The newest since a login succeeded. */
	@Nullable LoginAttempt rejection() {
		this.lock.lock();
		try {
			return this.rejection;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The newest first. */
	List<LoginAttempt> failures() {
		this.lock.lock();
		try {
			return List.copyOf(this.failures);
		}
		finally {
			this.lock.unlock();
		}
	}

	Map<Outcome, LoginCount> counts() {
		this.lock.lock();
		try {
			return new EnumMap<>(this.counts);
		}
		finally {
			this.lock.unlock();
		}
	}

}

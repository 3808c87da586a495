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
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how logins ended.
 */
final class LoginLog {

	private final Clock clock;

	private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

	private volatile @Nullable LoginAttempt last;

	LoginLog(Clock clock) {
		this.clock = clock;
		for (Outcome outcome : Outcome.values()) {
			this.counts.put(outcome, new LongAdder());
		}
	}

	void add(Outcome outcome, @Nullable SQLException failure) {
		this.counts.get(outcome).increment();
		this.last = new LoginAttempt(this.clock.instant(), outcome, failure);
	}

	@Nullable LoginAttempt last() {
		return this.last;
	}

	Map<Outcome, Long> counts() {
		Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
		this.counts.forEach((outcome, count) -> counts.put(outcome, count.sum()));
		return counts;
	}

}

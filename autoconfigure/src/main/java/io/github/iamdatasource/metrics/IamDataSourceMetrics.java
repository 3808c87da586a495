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
package io.github.iamdatasource.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.TokenSnapshot;
import io.github.iamdatasource.token.TokenSnapshot.Counts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * {@link MeterBinder} for the token and the logins of an {@link IamDataSource}. All
 * meters read its snapshot when they are read themselves, so a login costs nothing more.
 */
public final class IamDataSourceMetrics implements MeterBinder {

	private static final String PREFIX = "iam.datasource.";

	private final IamDataSource dataSource;

	private final String name;

	private final Clock clock;

	/**
	 * Create the binder.
	 * @param dataSource what to measure
	 * @param name the data source's name, the one tag that all meters have
	 * @param clock tells how old the token is
	 */
	public IamDataSourceMetrics(IamDataSource dataSource, String name, Clock clock) {
		this.dataSource = dataSource;
		this.name = name;
		this.clock = clock;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		// Not 'this', so that a registry that lives longer keeps no data source.
		Clock clock = this.clock;
		seconds(registry, "token.age", "Age of the token that logins use",
				(token) -> since(token.signedAt(), clock.instant()));
		seconds(registry, "token.remaining", "Time until the token that logins use expires, negative after that",
				(token) -> since(clock.instant(), token.expiresAt()));
		signTimer(registry, "success", Counts::signatures, Counts::signingTime);
		signTimer(registry, "failure", Counts::failures, Counts::failingTime);
		for (Outcome outcome : Outcome.values()) {
			FunctionCounter.builder(PREFIX + "logins", this.dataSource, (it) -> it.snapshot().logins().get(outcome))
				.description("Attempts to open a physical connection")
				.tag("name", this.name)
				.tag("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.register(registry);
		}
	}

	private void seconds(MeterRegistry registry, String meter, String description,
			ToDoubleFunction<TokenSnapshot> value) {
		Gauge.builder(PREFIX + meter, this.dataSource, (it) -> value.applyAsDouble(it.snapshot().token()))
			.description(description)
			.baseUnit("seconds")
			.tag("name", this.name)
			.register(registry);
	}

	private void signTimer(MeterRegistry registry, String outcome, ToLongFunction<Counts> count,
			Function<Counts, Duration> time) {
		FunctionTimer
			.builder(PREFIX + "token.sign", this.dataSource, (it) -> count.applyAsLong(counts(it)),
					(it) -> time.apply(counts(it)).toNanos(), TimeUnit.NANOSECONDS)
			.description("Signatures of tokens, the resolving of the credentials included")
			.tag("name", this.name)
			.tag("outcome", outcome)
			.register(registry);
	}

	private static Counts counts(IamDataSource dataSource) {
		return dataSource.snapshot().counts();
	}

	private static double since(@Nullable Instant from, @Nullable Instant to) {
		return (from != null && to != null) ? Duration.between(from, to).toMillis() / 1000.0 : Double.NaN;
	}

}

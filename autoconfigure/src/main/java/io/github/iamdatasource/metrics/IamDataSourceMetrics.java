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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.jdbc.LoginCount;
import io.github.iamdatasource.token.SigningIdentity;
import io.github.iamdatasource.token.TokenSnapshot;
import io.github.iamdatasource.token.TokenSnapshot.Counts;
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
		seconds(registry, "credentials.remaining",
				"Time until the credentials end that signed the token, negative after that, NaN if they do not",
				(token) -> since(clock.instant(), credentialsEnd(token)));
		timer(registry, "token.sign", "Signatures of tokens, the resolving of the credentials included", "success",
				(it) -> counts(it).signatures(), (it) -> counts(it).signingTime());
		timer(registry, "token.sign", "Signatures of tokens, the resolving of the credentials included", "failure",
				(it) -> counts(it).failures(), (it) -> counts(it).failingTime());
		for (Outcome outcome : Outcome.values()) {
			timer(registry, "login", "Attempts to open a physical connection",
					outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'), (it) -> attempts(it, outcome).count(),
					(it) -> attempts(it, outcome).time());
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

	private void timer(MeterRegistry registry, String meter, String description, String outcome,
			ToLongFunction<IamDataSource> count, Function<IamDataSource, Duration> time) {
		FunctionTimer
			.builder(PREFIX + meter, this.dataSource, count, (it) -> time.apply(it).toNanos(), TimeUnit.NANOSECONDS)
			.description(description)
			.tag("name", this.name)
			.tag("outcome", outcome)
			.register(registry);
	}

	private static Counts counts(IamDataSource dataSource) {
		return dataSource.snapshot().counts();
	}

	private static LoginCount attempts(IamDataSource dataSource, Outcome outcome) {
		return Objects.requireNonNull(dataSource.snapshot().attempts().get(outcome));
	}

	private static @Nullable Instant credentialsEnd(TokenSnapshot token) {
		SigningIdentity signedBy = token.signedBy();
		return (signedBy != null) ? signedBy.expiresAt() : null;
	}

	private static double since(@Nullable Instant from, @Nullable Instant to) {
		return (from != null && to != null) ? Duration.between(from, to).toMillis() / 1000.0 : Double.NaN;
	}

}

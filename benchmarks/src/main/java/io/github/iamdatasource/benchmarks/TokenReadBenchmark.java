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

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.TokenSource;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Reading the current token while it is usable, as each login does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenReadBenchmark {

	/** The methods, the baseline first. */
	static final List<String> METHODS = List.of("volatileAndClock", "starter", "wrapper");

	private final Clock clock = Clock.systemUTC();

	private volatile AuthenticationToken token;

	private long usableUntil;

	private TokenSource tokens;

	private WrapperTokenCache wrapperTokens;

	/**
	 * Has a token signed by each.
	 * @throws SQLException if the wrapper does not like what it is given
	 */
	@Setup
	public void setUp() throws SQLException {
		DatabaseAccess database = DatabaseAccess.ofThisProcess();
		StaticCredentialsProvider credentials = StaticCredentialsProvider.create(DatabaseAccess.credentials());
		this.tokens = new Logins(database).tokens(credentials);
		this.token = this.tokens.getToken(Duration.ofSeconds(30));
		this.usableUntil = this.token.expiresAt().toEpochMilli();
		this.wrapperTokens = new WrapperTokenCache(database, credentials);
	}

	@TearDown
	public void tearDown() {
		this.tokens.close();
	}

	/**
	 * The least that any cache has to do.
	 * @return the token, if it is usable
	 */
	@Benchmark
	public @Nullable AuthenticationToken volatileAndClock() {
		AuthenticationToken current = this.token;
		return (this.clock.millis() < this.usableUntil) ? current : null;
	}

	@Benchmark
	public @Nullable AuthenticationToken starter() {
		return this.tokens.current();
	}

	@Benchmark
	public String wrapper() throws SQLException {
		return this.wrapperTokens.read();
	}

}

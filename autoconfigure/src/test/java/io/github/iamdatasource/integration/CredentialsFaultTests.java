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
package io.github.iamdatasource.integration;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.health.IamDataSourceHealthIndicator;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.Simulation;
import io.github.iamdatasource.token.TokenSource;
import io.github.iamdatasource.token.TokenState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Credentials that cannot be had, come late, come now and then or have ended, in
 * simulated time: what the logins see of it, and how often the credentials are asked for.
 */
@ExtendWith(SimulatedRds.Resolver.class)
class CredentialsFaultTests {

	/** All pauses between attempts are multiples of it. */
	private static final Duration TICK = Duration.ofMillis(300);

	private final SimulatedRds database;

	private final Instant begin;

	private final Simulation simulation;

	private final ScriptedCredentials credentials;

	private final TokenSource tokens;

	private final IamDataSource dataSource;

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final long acceptedBefore;

	private final long rejectedBefore;

	CredentialsFaultTests(SimulatedRds database) {
		this.database = database;
		this.begin = database.clock().instant();
		this.simulation = new Simulation(database.clock());
		this.credentials = new ScriptedCredentials(database.clock());
		this.tokens = this.simulation
			.tokens(new SimulatedSigner(database.endpoint(), this.credentials, database.clock()));
		this.dataSource = database.dataSource(this.tokens, database.clock());
		this.acceptedBefore = database.rds().accepted();
		this.rejectedBefore = database.rds().rejected();
	}

	@AfterEach
	void close() {
		this.simulation.close();
		this.callers.shutdownNow();
	}

	/**
	 * Each login fails at once with the reason that is remembered, and logins succeed
	 * again without anybody asking, as the credentials are asked for in the background:
	 * seven times in the first minute and then every 27 seconds, however many logins
	 * there are.
	 */
	@Test
	void downFromTheStart() throws SQLException {
		this.credentials.goDown();
		assertThat(Outsider.sees(catchThrowable(this.dataSource::getConnection))).isInstanceOf(IamLoginException.class)
			.hasMessageContaining("There is no token to log in with")
			.hasMessageContaining(ScriptedCredentials.REASON)
			.satisfies((failure) -> assertThat(((SQLException) failure).getSQLState()).isEqualTo("08001"));
		for (int i = 0; i < 200; i++) {
			this.simulation.advance(TICK);
			assertFailsWithTheRememberedReason();
		}
		assertThat(this.credentials.askedAt())
			.containsExactlyElementsOf(atMillis(0, 900, 2700, 6300, 13_500, 27_900, 54_900));
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.NO_TOKEN, 201L);
		this.credentials.comeBack();
		advanceTo(Duration.ofMillis(81_600));
		assertFailsWithTheRememberedReason();
		advanceTo(Duration.ofMillis(81_900));
		assertThat(this.tokens.snapshot().state()).isEqualTo(TokenState.USABLE);
		assertLogsIn();
		assertThat(this.credentials.askedAt()).hasSize(8);
		assertServerSaw(1);
	}

	/**
	 * Logins go on until the very end of the token, and then fail with the reason that is
	 * remembered; health tells. In an outage of a quarter of an hour that begins to
	 * matter, the credentials are asked for 38 times: seven times in the first minute,
	 * and then every 27 seconds. All comes back by itself.
	 */
	@Test
	void downForLongerThanTheTokenLives() throws SQLException {
		assertLogsIn();
		advanceTo(Duration.ofMinutes(5));
		this.credentials.goDown();
		int logins = 1;
		while (!now().equals(this.begin.plusSeconds(900).minus(TICK))) {
			this.simulation.advance(TICK);
			if (Duration.between(this.begin, now()).toMillis() % 30_000 == 0) {
				assertLogsIn();
				logins++;
				assertThat(health().getStatus().getCode())
					.isEqualTo(now().isBefore(this.begin.plusSeconds(600)) ? "UP" : "WARNING");
			}
		}
		assertLogsIn();
		logins++;
		assertThat(this.tokens.snapshot().state()).isEqualTo(TokenState.REFRESH_FAILING);
		advanceTo(Duration.ofMinutes(15));
		assertThat(this.tokens.snapshot().state()).isEqualTo(TokenState.UNAVAILABLE);
		assertFailsWithTheRememberedReason();
		while (now().isBefore(this.begin.plusSeconds(1500))) {
			this.simulation.advance(TICK);
			if (Duration.between(this.begin, now()).toMillis() % 30_000 == 0) {
				assertFailsWithTheRememberedReason();
				assertThat(health().getStatus()).isEqualTo(Status.DOWN);
			}
		}
		LongStream retries = LongStream.concat(LongStream.of(0, 900, 2700, 6300, 13_500, 27_900),
				LongStream.iterate(54_900, (at) -> at <= 900_000, (at) -> at + 27_000));
		assertThat(this.credentials.askedAt()).hasSize(1 + 38)
			.containsExactlyElementsOf(Stream
				.concat(Stream.of(this.begin),
						retries.mapToObj((millis) -> this.begin.plusSeconds(600).plusMillis(millis)))
				.toList());
		this.credentials.comeBack();
		advanceTo(Duration.ofSeconds(600).plusMillis(54_900 + 32 * 27_000));
		assertThat(this.tokens.snapshot().state()).isEqualTo(TokenState.USABLE);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertLogsIn();
		assertServerSaw(logins + 1);
	}

	/**
	 * No login waits for a refresh: all of these end while the credentials are still
	 * being waited for.
	 */
	@Test
	void slow() throws Exception {
		assertLogsIn();
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch answered = new CountDownLatch(1);
		this.credentials.answer(() -> {
			asked.countDown();
			await(answered);
			return ScriptedCredentials.user();
		});
		try {
			this.simulation.begin(Duration.ofMinutes(10));
			await(asked);
			List<Future<?>> logins = new ArrayList<>();
			for (int i = 0; i < 32; i++) {
				logins.add(this.callers.submit(() -> {
					this.dataSource.getConnection().close();
					return null;
				}));
			}
			for (Future<?> login : logins) {
				login.get(30, TimeUnit.SECONDS);
			}
			// Seconds go by, and the refresh is still the same.
			this.simulation.begin(Duration.ofSeconds(8));
			assertLogsIn();
			assertThat(this.credentials.asked()).hasSize(2);
			assertThat(this.tokens.snapshot().counts().signatures()).isEqualTo(1);
		}
		finally {
			answered.countDown();
		}
		Awaitility.await().until(() -> this.tokens.snapshot().counts().refreshes() == 1);
		assertServerSaw(34);
	}

	/**
	 * No login fails: an attempt that failed is made up for long before the token ends.
	 */
	@Test
	void downEveryThirdTime() throws SQLException {
		AtomicInteger calls = new AtomicInteger();
		this.credentials.answer(() -> {
			if (calls.incrementAndGet() % 3 == 0) {
				throw ScriptedCredentials.failure();
			}
			return ScriptedCredentials.user();
		});
		assertLogsIn();
		for (int i = 0; i < 30; i++) {
			this.simulation.advance(Duration.ofMinutes(10));
			assertLogsIn();
			this.simulation.advance(Duration.ofSeconds(1));
			assertLogsIn();
		}
		// One token at first, and 30 refreshes, of which every second took two attempts.
		assertThat(calls).hasValue(46);
		assertThat(this.tokens.snapshot().counts().failures()).isEqualTo(15);
		assertThat(this.tokens.snapshot().counts().refreshes()).isEqualTo(30);
		assertThat(this.tokens.snapshot().counts().signatures()).isEqualTo(31);
		assertServerSaw(61);
	}

	/**
	 * The failure tells when they expired and what time it is here, after others were
	 * asked for in vain; logins succeed once there are others.
	 */
	@Test
	void expired() throws SQLException {
		Instant end = now().minusSeconds(90);
		this.credentials.answer(() -> TestCredentials.session(end).resolveCredentials());
		assertThat(Outsider.sees(catchThrowable(this.dataSource::getConnection))).isInstanceOf(IamLoginException.class)
			.hasMessageContaining("expired at " + end)
			.hasMessageContaining("this machine's clock is wrong: it is " + now() + " here");
		assertThat(this.credentials.asked()).containsExactly(CredentialsFreshness.CACHED, CredentialsFreshness.NEW);
		Instant newEnd = now().plusSeconds(3600);
		this.credentials.answer(() -> TestCredentials.session(newEnd).resolveCredentials());
		this.simulation.advance(Duration.ofMillis(899));
		assertThat(catchThrowable(this.dataSource::getConnection)).hasMessageContaining("expired at " + end)
			.hasMessageContaining("(at " + this.begin);
		this.simulation.advance(Duration.ofMillis(1));
		assertLogsIn();
		assertThat(this.credentials.asked()).containsExactly(CredentialsFreshness.CACHED, CredentialsFreshness.NEW,
				CredentialsFreshness.CACHED);
		assertServerSaw(1);
	}

	/**
	 * Nothing fails if there are others to be had at once.
	 */
	@Test
	void expiredInACacheOnly() throws SQLException {
		Instant end = now().minusSeconds(90);
		Instant newEnd = now().plusSeconds(3600);
		this.credentials
			.answer((freshness) -> TestCredentials.session((freshness == CredentialsFreshness.NEW) ? newEnd : end)
				.resolveCredentials());
		assertLogsIn();
		assertThat(this.credentials.asked()).containsExactly(CredentialsFreshness.CACHED, CredentialsFreshness.NEW);
		assertThat(this.tokens.snapshot().counts().failures()).isZero();
		assertServerSaw(1);
	}

	private void assertLogsIn() throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			assertThat(connection.isValid(30)).isTrue();
		}
	}

	private void assertFailsWithTheRememberedReason() {
		assertThat(Outsider.sees(catchThrowable(this.dataSource::getConnection))).isInstanceOf(IamLoginException.class)
			.hasMessageContaining(ScriptedCredentials.REASON)
			.hasMessageContaining("; tried again at ");
	}

	/**
	 * All these logins were good ones, and no other got so far.
	 */
	private void assertServerSaw(long logins) {
		assertThat(this.database.rds().accepted() - this.acceptedBefore).isEqualTo(logins);
		assertThat(this.database.rds().rejected()).isEqualTo(this.rejectedBefore);
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.SUCCEEDED, logins)
			.containsEntry(Outcome.REJECTED, 0L)
			.containsEntry(Outcome.FAILED, 0L);
	}

	private Health health() {
		Health health = new IamDataSourceHealthIndicator(this.dataSource, this.database.clock()).health();
		Outsider.sees(health.getDetails());
		return health;
	}

	private Instant now() {
		return this.database.clock().instant();
	}

	private void advanceTo(Duration sinceTheBegin) {
		while (now().isBefore(this.begin.plus(sinceTheBegin))) {
			this.simulation.advance(TICK);
		}
		assertThat(now()).isEqualTo(this.begin.plus(sinceTheBegin));
	}

	private List<Instant> atMillis(long... millis) {
		return LongStream.of(millis).mapToObj(this.begin::plusMillis).toList();
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

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

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.Simulation;
import io.github.iamdatasource.token.TokenSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A server that is down or rejects everybody for a while, in simulated time.
 */
@ExtendWith(SimulatedRds.Resolver.class)
class ServerFaultTests {

	/** All pauses between attempts are multiples of it. */
	private static final Duration TICK = Duration.ofMillis(300);

	private final SimulatedRds database;

	private final Simulation simulation;

	private final ScriptedCredentials credentials;

	private final TokenSource tokens;

	private final IamDataSource dataSource;

	ServerFaultTests(SimulatedRds database) {
		this.database = database;
		this.simulation = new Simulation(database.clock());
		this.credentials = new ScriptedCredentials(database.clock());
		this.tokens = this.simulation
			.tokens(new SimulatedSigner(database.endpoint(), this.credentials, database.clock()));
		this.dataSource = database.dataSource(this.tokens, database.clock());
	}

	@AfterEach
	void close() {
		this.simulation.close();
	}

	/**
	 * A failed connection is not taken for a rejection and costs no signature; then
	 * logins work with the token of before.
	 */
	@Test
	void restart() throws SQLException {
		long rejected = this.database.rds().rejected();
		try (Connection open = this.dataSource.getConnection()) {
			Instant signedAt = this.tokens.snapshot().signedAt();
			this.database.rds().stopServing();
			for (int i = 0; i < 10; i++) {
				this.simulation.advance(Duration.ofSeconds(1));
				assertThat(Outsider.sees(catchThrowable(this.dataSource::getConnection)))
					.isInstanceOf(IamLoginException.class)
					.hasMessageStartingWith("Nothing accepts connections at ")
					.satisfies((failure) -> assertThat(((SQLException) failure).getSQLState()).isEqualTo("08001"));
			}
			assertThat(open.isValid(30)).isFalse();
			this.database.rds().resumeServing();
			assertLogsIn();
			assertThat(this.tokens.snapshot().signedAt()).isEqualTo(signedAt);
		}
		assertThat(this.credentials.asked()).containsExactly(CredentialsFreshness.CACHED);
		assertThat(this.database.rds().rejected()).isEqualTo(rejected);
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.SUCCEEDED, 2L)
			.containsEntry(Outcome.FAILED, 10L)
			.containsEntry(Outcome.REJECTED, 0L)
			.containsEntry(Outcome.NO_TOKEN, 0L);
	}

	/**
	 * The pool notices that its connection is gone, and opens another by itself.
	 */
	@Test
	void restartUnderAPool() throws SQLException {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setMinimumIdle(0);
			pool.setMaximumPoolSize(1);
			pool.setConnectionTimeout(2000);
			pool.setDataSource(this.dataSource);
			Connection cut = pool.getConnection();
			this.database.rds().stopServing();
			assertThat(cut.isValid(30)).isFalse();
			// It cannot be given back any more, by which the pool knows.
			assertThat(catchThrowable(cut::close)).isInstanceOf(SQLException.class);
			Throwable failure = Outsider.sees(catchThrowable(pool::getConnection));
			assertThat(failure).isInstanceOf(SQLException.class).hasStackTraceContaining("refused");
			this.database.rds().resumeServing();
			try (Connection connection = pool.getConnection()) {
				assertThat(connection.isValid(30)).isTrue();
			}
		}
		assertThat(this.credentials.asked()).containsExactly(CredentialsFreshness.CACHED);
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.REJECTED, 0L);
	}

	/**
	 * Each login fails with an explanation. Of 200 logins in a minute, six are tried
	 * again with a new token: at once, and then every ten seconds, as no token is
	 * replaced that is newer, and later less often. The first login after the outage
	 * works with the token at hand.
	 */
	@Test
	void rejectingEverythingForAWhile() throws SQLException {
		assertLogsIn();
		long rejected = this.database.rds().rejected();
		long outages = this.database.rds().rejected(Rejection.OUTAGE);
		this.database.rds().rejectLogins(true);
		Instant begin = this.database.clock().instant();
		for (int i = 0; i < 200; i++) {
			assertThat(Outsider.sees(catchThrowable(this.dataSource::getConnection)))
				.isInstanceOf(IamLoginException.class)
				.hasMessageContaining("did not accept the token as a login of user 'app'")
				.hasMessageContaining("GRANT rds_iam");
			this.simulation.advance(TICK);
		}
		// A login comes every 300 ms.
		assertThat(this.credentials.askedAt().subList(1, this.credentials.askedAt().size())).containsExactly(begin,
				begin.plusMillis(10_200), begin.plusMillis(20_400), begin.plusMillis(30_600), begin.plusMillis(40_800),
				begin.plusMillis(55_200));
		assertThat(this.credentials.asked()).startsWith(CredentialsFreshness.CACHED)
			.filteredOn(CredentialsFreshness.NEW::equals)
			.hasSize(6);
		assertThat(this.database.rds().rejected(Rejection.OUTAGE) - outages).isEqualTo(206)
			.isEqualTo(this.database.rds().rejected() - rejected);
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.SUCCEEDED, 1L)
			.containsEntry(Outcome.REJECTED, 206L)
			.containsEntry(Outcome.FAILED, 0L)
			.containsEntry(Outcome.NO_TOKEN, 0L);
		this.database.rds().rejectLogins(false);
		assertLogsIn();
		assertThat(this.credentials.asked()).hasSize(7);
		assertThat(this.tokens.snapshot().counts().signatures()).isEqualTo(7);
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.SUCCEEDED, 2L)
			.containsEntry(Outcome.REJECTED, 206L);
	}

	private void assertLogsIn() throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			assertThat(connection.isValid(30)).isTrue();
		}
	}

}

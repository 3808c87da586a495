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
import java.time.temporal.ChronoUnit;

import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.MutableClock;
import io.github.iamdatasource.token.Simulation;
import io.github.iamdatasource.token.TokenSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Clocks that step, in simulated time: that of the application is one, and that of the
 * server another.
 */
@ExtendWith(SimulatedRds.Resolver.class)
class ClockStepTests {

	private final SimulatedRds database;

	private final MutableClock clock;

	private final Simulation simulation;

	private final long rejectedBefore;

	ClockStepTests(SimulatedRds database) {
		this.database = database;
		this.clock = new MutableClock(database.clock().instant());
		this.simulation = new Simulation(this.clock);
		this.rejectedBefore = database.rds().rejected();
	}

	@AfterEach
	void close() {
		this.simulation.close();
	}

	/**
	 * A machine that was suspended, or restored: the time is what both clocks say. No
	 * token is sent that has expired, or that is not good yet.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void bothStepForwardAndBack(boolean refresherSeesItFirst) throws SQLException {
		IamDataSource dataSource = dataSource(0.5);
		assertLogsIn(dataSource);
		int logins = 1;
		for (int minutes : new int[] { 5, -5, 14, -14, 16, -16, 60, -120, 7, 7, 7, -7, -7, 1, -2, 15, 600, -600 }) {
			this.database.clock().advance(Duration.ofMinutes(minutes));
			if (refresherSeesItFirst) {
				this.simulation.advance(Duration.ofMinutes(minutes));
			}
			else {
				this.clock.advance(Duration.ofMinutes(minutes));
			}
			assertLogsIn(dataSource);
			logins++;
		}
		assertNothingWasRejected(dataSource, logins);
	}

	/**
	 * The application's clock goes up to three minutes wrong and is set right again,
	 * while each refresh comes as late as it may: at eleven minutes, so that three and
	 * some are left of the token's fifteen.
	 */
	@Test
	void clockOfTheApplicationIsMinutesWrong() throws SQLException {
		IamDataSource dataSource = dataSource(1);
		assertLogsIn(dataSource);
		int logins = 1;
		for (int minutes : new int[] { 3, -3, -3, 3, 3, -6, 6, -3 }) {
			this.simulation.advance(Duration.ofMinutes(minutes));
			for (int i = 0; i < 20; i++) {
				assertLogsIn(dataSource);
				logins++;
				this.database.clock().advance(Duration.ofMinutes(1));
				this.simulation.advance(Duration.ofMinutes(1));
			}
		}
		assertThat(this.clock.instant()).isEqualTo(this.database.clock().instant());
		assertNothingWasRejected(dataSource, logins);
	}

	/**
	 * With a clock that is twenty minutes fast no login can succeed. The explanation
	 * tells the time by it, and the first login after it was set right works.
	 */
	@Test
	void clockOfTheApplicationIsTooWrongForAWhile() throws SQLException {
		IamDataSource dataSource = dataSource(0.5);
		assertLogsIn(dataSource);
		this.simulation.advance(Duration.ofMinutes(20));
		assertThat(Outsider.sees(catchThrowable(dataSource::getConnection))).isInstanceOf(IamLoginException.class)
			.hasMessageContaining("Clock: " + this.clock.instant().truncatedTo(ChronoUnit.SECONDS) + ",");
		assertThat(this.database.rds().rejected() - this.rejectedBefore).isPositive();
		assertThat(dataSource.snapshot().logins()).containsEntry(Outcome.REJECTED,
				this.database.rds().rejected() - this.rejectedBefore);
		long rejected = this.database.rds().rejected();
		this.simulation.advance(Duration.ofMinutes(-20));
		assertLogsIn(dataSource);
		assertThat(this.database.rds().rejected()).isEqualTo(rejected);
		assertThat(this.database.rds().rejected(Rejection.EXPIRED)).isZero();
	}

	private void assertNothingWasRejected(IamDataSource dataSource, long logins) {
		assertThat(this.database.rds().rejected(Rejection.EXPIRED)).isZero();
		assertThat(this.database.rds().rejected()).isEqualTo(this.rejectedBefore);
		assertThat(dataSource.snapshot().logins()).containsEntry(Outcome.SUCCEEDED, logins)
			.containsEntry(Outcome.REJECTED, 0L);
	}

	private IamDataSource dataSource(double chance) {
		TokenSource tokens = this.simulation.tokens(
				new SimulatedSigner(this.database.endpoint(), new ScriptedCredentials(this.clock), this.clock), chance);
		return this.database.dataSource(tokens, this.clock);
	}

	private static void assertLogsIn(IamDataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			assertThat(connection.isValid(30)).isTrue();
		}
	}

}

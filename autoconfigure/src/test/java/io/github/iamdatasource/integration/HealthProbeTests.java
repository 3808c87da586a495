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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.github.iamdatasource.health.HealthSettings;
import io.github.iamdatasource.health.IamDataSourceHealthIndicator;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.jdbc.PemCertificates;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.Simulation;
import io.github.iamdatasource.token.TokenSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Checks that log in themselves, in simulated time.
 */
@ExtendWith(SimulatedRds.Resolver.class)
class HealthProbeTests {

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	/** Enough for a login that works, and waited for in full by no test. */
	private static final Duration LONG = Duration.ofMinutes(1);

	private static final Duration SHORT = Duration.ofMillis(50);

	private final SimulatedRds database;

	private final Simulation simulation;

	private final TokenSource tokens;

	private final StallingRelay relay;

	private final IamDataSource dataSource;

	private final IamDataSourceHealthIndicator indicator;

	private final long acceptedBefore;

	HealthProbeTests(SimulatedRds database) {
		this.database = database;
		this.simulation = new Simulation(database.clock());
		this.tokens = this.simulation.tokens(
				new SimulatedSigner(database.endpoint(), new ScriptedCredentials(database.clock()), database.clock()));
		this.relay = StallingRelay.to(database.rds().port());
		TlsSettings tls = new TlsSettings(TlsMode.VERIFY_FULL, PemCertificates.read(database.caFile().toString()));
		this.dataSource = new IamDataSource(
				JdbcUrl.parse("jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":" + this.relay.port() + "/orders"),
				database.endpoint(), tls, this.tokens, database.clock());
		this.indicator = probing(LONG);
		this.acceptedBefore = database.rds().accepted();
	}

	@AfterEach
	void close() throws Exception {
		this.simulation.close();
		this.relay.close();
		Awaitility.await().until(() -> probes().isEmpty());
	}

	@Test
	void logsInOnceInAnInterval() {
		Map<String, Object> details = details(Status.UP);
		assertThat(details.get("probe")).asString().startsWith("{at=").endsWith(", outcome=succeeded}");
		assertThat(details.get("lastLogin")).isEqualTo(details.get("probe"));
		assertServerSaw(1);
		details(Status.UP);
		this.simulation.advance(INTERVAL.minusMillis(1));
		assertThat(details(Status.UP)).containsEntry("probe", details.get("probe"));
		assertServerSaw(1);
		this.simulation.advance(Duration.ofMillis(1));
		assertThat(details(Status.UP).get("probe")).asString().endsWith(", outcome=succeeded}");
		assertServerSaw(2);
	}

	@Test
	void leavesNoConnectionOpen() throws SQLException {
		details(Status.UP);
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			// The server hears of the end a little later.
			Awaitility.await().until(() -> {
				try (ResultSet result = statement
					.executeQuery("select count(*) from pg_stat_activity where usename = 'app'")) {
					result.next();
					return result.getInt(1) == 1;
				}
			});
		}
	}

	@Test
	void doesNotLogInWhenSomebodyElseHas() throws SQLException {
		this.dataSource.getConnection().close();
		assertThat(details(Status.UP)).doesNotContainKey("probe");
		this.simulation.advance(INTERVAL.minusMillis(1));
		this.dataSource.getConnection().close();
		this.simulation.advance(INTERVAL.minusMillis(1));
		assertThat(details(Status.UP)).doesNotContainKey("probe");
		assertServerSaw(2);
		this.simulation.advance(Duration.ofMillis(1));
		assertThat(details(Status.UP)).containsKey("probe");
		assertServerSaw(3);
	}

	@Test
	void doesNotLogInUnlessItIsSwitchedOn() {
		IamDataSourceHealthIndicator without = new IamDataSourceHealthIndicator(this.dataSource, this.database.clock());
		assertThat(HealthStatusTests.details(without, Status.UP)).doesNotContainKeys("probe", "lastLogin");
		assertServerSaw(0);
	}

	@Test
	void findsThatTheServerIsGone() {
		this.database.rds().stopServing();
		Map<String, Object> details = details(Status.DOWN);
		assertThat(details.get("probe")).asString().contains("outcome=failed", "failure=", "sqlState=08");
		assertThat(details.get("check")).asString().contains("If it names a tunnel, its far end may be dead");
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.FAILED, 1L);
		this.database.rds().resumeServing();
		// It is not tried again within the interval, and what is known is that.
		details(Status.DOWN);
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.FAILED, 1L);
		this.simulation.advance(INTERVAL);
		assertThat(details(Status.UP)).doesNotContainKey("check");
	}

	@Test
	void loginOfSomebodyElseThatFailedIsDownToo() {
		this.database.rds().stopServing();
		assertThat(catchThrowable(this.dataSource::getConnection)).isInstanceOf(SQLException.class);
		assertThat(details(Status.DOWN)).doesNotContainKey("probe");
		HealthStatusTests.details(new IamDataSourceHealthIndicator(this.dataSource, this.database.clock()), Status.UP);
	}

	@Test
	void findsThatLoginsAreRejectedAndWhenTheyAreNotAnyMore() {
		this.database.rds().rejectLogins(true);
		Map<String, Object> details = details(Status.DOWN);
		assertThat(details.get("probe")).asString().contains("outcome=rejected", "sqlState=28000");
		assertThat(details.get("check")).asString().contains("GRANT rds_iam");
		this.database.rds().rejectLogins(false);
		this.simulation.advance(INTERVAL);
		assertThat(details(Status.UP)).doesNotContainKeys("check", "lastRejection");
	}

	@Test
	void isDownWhileTheServerDoesNotAnswerAndIsNotStartedTwice() throws Exception {
		this.relay.stall();
		IamDataSourceHealthIndicator impatient = probing(SHORT);
		ExecutorService callers = Executors.newFixedThreadPool(8);
		try {
			List<Future<Map<String, Object>>> checks = Stream.generate(() -> callers.submit(() -> {
				return HealthStatusTests.details(impatient, Status.DOWN);
			})).limit(16).toList();
			for (Future<Map<String, Object>> check : checks) {
				assertThat(check.get().get("check")).asString().contains("has not been answered yet");
				assertThat(check.get().get("probe")).asString().contains("outcome=not-answered", "startedAt=");
			}
		}
		finally {
			callers.shutdownNow();
		}
		this.simulation.advance(INTERVAL);
		HealthStatusTests.details(impatient, Status.DOWN);
		assertThat(probes()).hasSize(1).allMatch(Thread::isDaemon);
		Awaitility.await().until(() -> this.relay.stalled() > 0);
		assertThat(this.relay.stalled()).isEqualTo(1);
		assertThat(this.dataSource.snapshot().lastLogin()).isNull();
		// It goes on, and tells when it has ended.
		this.relay.drop();
		Awaitility.await()
			.untilAsserted(() -> assertThat(HealthStatusTests.details(impatient, Status.DOWN).get("probe")).asString()
				.contains("outcome=failed"));
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.FAILED, 1L);
	}

	/** Not every driver keeps to its time-outs. */
	@Test
	void givesUpALoginThatHangsForGood() {
		this.relay.stall();
		IamDataSourceHealthIndicator impatient = probing(SHORT);
		for (int hanging = 1; hanging <= 5; hanging++) {
			HealthStatusTests.details(impatient, Status.DOWN);
			int expected = hanging;
			Awaitility.await().until(() -> this.relay.stalled() == expected);
			// pgjdbc lets itself be interrupted.
			assertThat(probes()).hasSizeBetween(1, 3);
			this.simulation.advance(Duration.ofMinutes(2));
		}
		this.relay.drop();
		this.relay.resume();
		Awaitility.await().until(() -> probes().isEmpty());
		this.simulation.advance(Duration.ofMinutes(2));
		assertThat(details(Status.UP)).containsKey("probe");
	}

	/** One that hangs for good does not hide that others do not. */
	@Test
	void loginOfSomebodyElseTellsWhileAProbeHangs() throws SQLException {
		this.relay.stall();
		IamDataSourceHealthIndicator impatient = probing(SHORT);
		HealthStatusTests.details(impatient, Status.DOWN);
		// Or its connection would not be stalled.
		Awaitility.await().until(() -> this.relay.stalled() == 1);
		this.relay.resume();
		this.dataSource.getConnection().close();
		assertThat(HealthStatusTests.details(impatient, Status.UP).get("probe")).asString()
			.contains("outcome=not-answered");
		this.simulation.advance(INTERVAL);
		HealthStatusTests.details(impatient, Status.DOWN);
		assertThat(probes()).hasSize(1);
	}

	/** Such as a class that is missing, or no memory. */
	@Test
	void isDownWhenALoginFailsInAWayThatNoLoginShould() {
		IamDataSource failing = this.database.dataSource(this.tokens, new BrokenClock());
		IamDataSourceHealthIndicator checking = new IamDataSourceHealthIndicator(failing,
				new HealthSettings(LONG, new Status("WARNING"), INTERVAL), this.database.clock());
		Map<String, Object> details = HealthStatusTests.details(checking, Status.DOWN);
		assertThat(details.get("probe")).asString().contains("outcome=failed", "UnsupportedOperationException");
		assertThat(details.get("check")).asString().contains("unexpected reason");
		assertThat(failing.snapshot().lastLogin()).isNull();
	}

	/** The clock of a machine that was set back does not keep anybody waiting. */
	@Test
	void logsInAgainAfterTheClockWasSetBack() {
		details(Status.UP);
		this.database.clock().advance(Duration.ofSeconds(-10));
		details(Status.UP);
		details(Status.UP);
		assertServerSaw(2);
	}

	private IamDataSourceHealthIndicator probing(Duration timeout) {
		return new IamDataSourceHealthIndicator(this.dataSource,
				new HealthSettings(timeout, new Status("WARNING"), INTERVAL), this.database.clock());
	}

	private Map<String, Object> details(Status status) {
		return HealthStatusTests.details(this.indicator, status);
	}

	private void assertServerSaw(long logins) {
		assertThat(this.database.rds().accepted() - this.acceptedBefore).isEqualTo(logins);
	}

	static List<Thread> probes() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("iam-datasource-probe"))
			.toList();
	}

	/**
	 * Fails when the data source notes down how a login went.
	 */
	private static final class BrokenClock extends Clock {

		@Override
		public Instant instant() {
			throw new UnsupportedOperationException("a clock that is broken for a test");
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	}

}

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

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.github.iamdatasource.health.HealthSettings;
import io.github.iamdatasource.health.IamDataSourceHealthIndicator;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.Simulation;
import io.github.iamdatasource.token.TokenSigningException;
import io.github.iamdatasource.token.TokenSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What makes the health what it is, in simulated time and without a probe.
 */
@ExtendWith(SimulatedRds.Resolver.class)
class HealthStatusTests {

	private final SimulatedRds database;

	private final Simulation simulation;

	private final ScriptedCredentials credentials;

	private final TokenSource tokens;

	private final IamDataSource dataSource;

	HealthStatusTests(SimulatedRds database) {
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

	@Test
	void isDownFromARejectionOnUntilALoginSucceedsWhateverHappensMeanwhile() throws SQLException {
		IamDataSourceHealthIndicator indicator = indicator(HealthSettings.DEFAULT);
		logIn();
		this.database.rds().rejectLogins(true);
		assertLoginFails(Outcome.REJECTED);
		assertThat(details(indicator, Status.DOWN)).containsKey("lastLogin").doesNotContainKey("lastRejection");
		this.simulation.advance(Duration.ofSeconds(5));
		this.database.rds().stopServing();
		assertLoginFails(Outcome.FAILED);
		this.credentials.goDown();
		this.simulation.advance(Duration.ofMinutes(20));
		assertLoginFails(Outcome.NO_TOKEN);
		assertThat(details(indicator, Status.DOWN).get("check")).asString().startsWith("No token can be signed. ");
		this.credentials.comeBack();
		this.simulation.advance(Duration.ofMinutes(1));
		Map<String, Object> details = details(indicator, Status.DOWN);
		assertThat(details.get("check")).asString().contains("GRANT rds_iam");
		assertThat(details.get("lastLogin")).asString().contains("outcome=no-token");
		assertThat(details.get("lastRejection")).asString()
			.contains("at=", "outcome=rejected", "sqlState=28000", "IamLoginException");
		this.database.rds().resumeServing();
		this.database.rds().rejectLogins(false);
		logIn();
		assertThat(details(indicator, Status.UP)).doesNotContainKeys("check", "lastRejection");
	}

	@Test
	void takesAFailureOfTheNetworkForNoRejection() throws SQLException {
		logIn();
		this.database.rds().stopServing();
		assertLoginFails(Outcome.FAILED);
		assertThat(details(indicator(HealthSettings.DEFAULT), Status.UP).get("lastLogin")).asString()
			.contains("outcome=failed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "WARNING", "OUT_OF_SERVICE", "UP" })
	void hasTheStatusThatIsSaidWhileNoTokenCanBeSignedAnew(String status) {
		IamDataSourceHealthIndicator indicator = indicator(
				new HealthSettings(Duration.ofSeconds(5), new Status(status), null));
		details(indicator, Status.UP);
		failToSign();
		assertThat(details(indicator, new Status(status))).containsKeys("tokenExpiresIn", "lastSigningFailure")
			.doesNotContainKey("check");
		this.simulation.advance(Duration.ofMinutes(15));
		details(indicator, Status.DOWN);
		this.credentials.comeBack();
		this.simulation.advance(Duration.ofMinutes(1));
		assertThat(details(indicator, Status.UP)).doesNotContainKey("lastSigningFailure");
	}

	@Test
	void warnsByDefault() {
		details(indicator(HealthSettings.DEFAULT), Status.UP);
		failToSign();
		details(indicator(HealthSettings.DEFAULT), new Status("WARNING"));
	}

	/** A rejection says more than that there will be no other token to reject. */
	@Test
	void isDownWhenALoginWasRejectedAndNoTokenCanBeSignedAnew() throws SQLException {
		logIn();
		this.database.rds().rejectLogins(true);
		this.credentials.goDown();
		assertLoginFails(Outcome.REJECTED);
		assertThat(details(indicator(HealthSettings.DEFAULT), Status.DOWN)).containsKeys("lastSigningFailure", "check");
	}

	@Test
	void idleApplicationIsNotDown() {
		IamDataSourceHealthIndicator indicator = indicator(HealthSettings.DEFAULT);
		details(indicator, Status.UP);
		// Nobody has had the time to sign anew.
		this.database.clock().advance(Duration.ofHours(1));
		assertThat(details(indicator, Status.UP)).containsEntry("tokenAge", "PT0S");
		assertThat(this.dataSource.snapshot().lastLogin()).isNull();
	}

	@Test
	void doesNotWaitLongerForCredentialsThanTheTimeout() {
		CountDownLatch released = new CountDownLatch(1);
		this.credentials.answer(() -> {
			await(released);
			return ScriptedCredentials.user();
		});
		IamDataSourceHealthIndicator indicator = indicator(
				new HealthSettings(Duration.ofMillis(50), Status.UP, Duration.ofMinutes(1)));
		try {
			Map<String, Object> details = details(indicator, Status.DOWN);
			assertThat(details.get("check")).asString().contains("have not come for 50 ms, and are still waited for");
			assertThat(details).containsKey("endpoint").doesNotContainKeys("tokenAge", "probe");
		}
		finally {
			released.countDown();
		}
		Awaitility.await().until(() -> indicator.health().getStatus().equals(Status.UP));
	}

	private IamDataSourceHealthIndicator indicator(HealthSettings settings) {
		return new IamDataSourceHealthIndicator(this.dataSource, settings, this.database.clock());
	}

	private void failToSign() {
		this.credentials.goDown();
		AuthenticationToken token = this.tokens.getToken(Duration.ofSeconds(30));
		assertThatExceptionOfType(TokenSigningException.class)
			.isThrownBy(() -> this.tokens.replace(token, Duration.ofSeconds(30)));
	}

	private void logIn() throws SQLException {
		this.dataSource.getConnection().close();
	}

	private void assertLoginFails(Outcome outcome) {
		Throwable failure = catchThrowable(this.dataSource::getConnection);
		assertThat(failure).isInstanceOf(SQLException.class);
		assertThat(this.dataSource.snapshot().lastLogin()).isNotNull()
			.satisfies((login) -> assertThat(login.outcome()).isEqualTo(outcome));
	}

	static Map<String, Object> details(IamDataSourceHealthIndicator indicator, Status status) {
		Health health = indicator.health();
		Outsider.sees(health.getDetails());
		assertThat(health.getStatus()).as(health.toString()).isEqualTo(status);
		return health.getDetails();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

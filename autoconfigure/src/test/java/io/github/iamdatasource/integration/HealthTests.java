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

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.TokenState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What the health endpoint tells.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class HealthTests {

	private final OrdersDatabase database;

	HealthTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void tellsOfTheTokenAndTheEndpoint() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			IndicatedHealthDescriptor health = iamDataSource(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			Map<String, Object> details = health.getDetails();
			Outsider.sees(details);
			assertThat(details).containsOnlyKeys("tokenAge", "tokenExpiresIn", "tokenSignedAt", "endpoint", "username",
					"region");
			assertThat(Duration.parse((String) details.get("tokenAge"))).isBetween(Duration.ZERO,
					Duration.ofMinutes(1));
			assertThat(Duration.parse((String) details.get("tokenExpiresIn"))).isBetween(Duration.ofMinutes(14),
					Duration.ofMinutes(15));
			assertThat(Instant.parse((String) details.get("tokenSignedAt"))).isBeforeOrEqualTo(Instant.now());
			assertThat(details).containsEntry("endpoint", OrdersDatabase.HOSTNAME + ":" + this.database.rds().port())
				.containsEntry("username", "app")
				.containsEntry("region", "eu-west-1");
		}
	}

	@Test
	void tellsOfTheNewestLogin() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
			assertThat(Outsider.sees(iamDataSource(context).getDetails().get("lastLogin")))
				.contains("outcome=succeeded");
		}
	}

	@Test
	void springBootsOwnIndicatorIsThereToo() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			HealthDescriptor all = context.getBean(HealthEndpoint.class).health();
			assertThat(all.getStatus()).isEqualTo(Status.UP);
			assertThat(((CompositeHealthDescriptor) all).getComponents()).containsKeys("db", "iamDataSource");
		}
	}

	@Test
	void isDownWhenNoTokenCanBeSignedAndUpAgainWhenOneCan() {
		AtomicBoolean gone = new AtomicBoolean();
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).with(() -> {
			if (gone.get()) {
				throw SdkClientException.create("the credentials are gone");
			}
			AwsBasicCredentials user = (AwsBasicCredentials) TestCredentials.user().resolveCredentials();
			return AwsSessionCredentials.builder()
				.accessKeyId(user.accessKeyId())
				.secretAccessKey(user.secretAccessKey())
				.sessionToken(TestCredentials.SESSION_TOKEN)
				.expirationTime(Instant.now().plusSeconds(4))
				.build();
		}).with("iam.datasource.token.expiry-margin", "1s").run()) {
			assertThat(iamDataSource(context).getStatus()).isEqualTo(Status.UP);
			gone.set(true);
			// The token is still good when the next cannot be signed.
			Awaitility.await().untilAsserted(() -> {
				IndicatedHealthDescriptor health = iamDataSource(context);
				assertThat(health.getStatus().getCode()).isEqualTo("WARNING");
				assertThat(Outsider.sees(health.getDetails())).contains("lastSigningFailure", "failuresInARow=",
						"nextAttemptAt=");
			});
			Awaitility.await().untilAsserted(() -> {
				IndicatedHealthDescriptor health = iamDataSource(context);
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(Outsider.sees(health.getDetails())).contains("the credentials are gone", "credentials",
						"endpoint");
			});
			gone.set(false);
			Awaitility.await().until(() -> iamDataSource(context).getStatus() == Status.UP);
		}
	}

	@Test
	void isDownOnceLoginsFailBecauseTheTokenHasEndedAndAllComesBackByItself() throws SQLException {
		AtomicBoolean gone = new AtomicBoolean();
		try (SessionCredentialsSource sessions = new SessionCredentialsSource(this.database.rds(),
				Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofSeconds(1));
				ConfigurableApplicationContext context = Application.signingIn(this.database).with(() -> {
					if (gone.get()) {
						throw ScriptedCredentials.failure();
					}
					return (AwsCredentials) sessions.resolve(CredentialsFreshness.CACHED);
				}).with("iam.datasource.token.expiry-margin", "1s").run()) {
			IamDataSource dataSource = Objects
				.requireNonNull(PooledIamDataSource.under(context.getBean(DataSource.class)));
			// One that has most of its life before it.
			Awaitility.await().until(() -> dataSource.getTokenSource().snapshot().counts().refreshes() > 0);
			gone.set(true);
			Instant end = dataSource.getTokenSource().snapshot().expiresAt();
			int logins = 0;
			Throwable failure = null;
			while (failure == null) {
				failure = catchThrowable(() -> dataSource.getConnection().close());
				logins++;
			}
			assertThat(Instant.now()).isAfterOrEqualTo(end);
			assertThat(logins).isGreaterThan(10);
			Outsider.sees(failure);
			assertThat(Outsider.sees(catchThrowable(dataSource::getConnection))).isInstanceOf(IamLoginException.class)
				.hasMessageContaining(ScriptedCredentials.REASON)
				.hasMessageContaining("; tried again at ");
			IndicatedHealthDescriptor health = iamDataSource(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(Outsider.sees(health.getDetails())).contains("lastSigningFailure", ScriptedCredentials.REASON);
			gone.set(false);
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> dataSource.getTokenSource().snapshot().state() == TokenState.USABLE);
			dataSource.getConnection().close();
			assertThat(iamDataSource(context).getStatus()).isEqualTo(Status.UP);
		}
	}

	@Test
	void canBeSwitchedOff() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with("management.health.iam-datasource.enabled", "false")
			.run()) {
			assertThat(context.containsBean("iamDataSourceHealthContributor")).isFalse();
		}
	}

	@Test
	void logsInItselfIfThePropertySaysSoAndLeavesNoThread() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with("management.health.iam-datasource.probe.enabled", "true")
			.run()) {
			IndicatedHealthDescriptor health = iamDataSource(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(Outsider.sees(health.getDetails().get("probe"))).contains("outcome=succeeded");
		}
		Awaitility.await().until(() -> HealthProbeTests.probes().isEmpty());
	}

	@Test
	void logsInAgainAfterTheIntervalOfTheProperty() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with("management.health.iam-datasource.probe.enabled", "true")
			.with("management.health.iam-datasource.probe.interval", "1ms")
			.run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			Awaitility.await().until(() -> {
				iamDataSource(context);
				return dataSource.snapshot().logins().get(Outcome.SUCCEEDED) > 1;
			});
		}
	}

	@Test
	void waitsNoLongerForTheServerThanTheTimeoutOfTheProperty() throws IOException {
		try (StallingRelay relay = StallingRelay.to(this.database.rds().port());
				ConfigurableApplicationContext context = Application.signingIn(this.database)
					.with("iam.datasource.url",
							"jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":" + relay.port() + "/orders")
					.with("iam.datasource.port", this.database.rds().port())
					.with("management.health.iam-datasource.timeout", "50ms")
					.with("management.health.iam-datasource.probe.enabled", "true")
					.run()) {
			relay.stall();
			IndicatedHealthDescriptor health = iamDataSource(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(Outsider.sees(health.getDetails())).contains("has not been answered yet",
					"outcome=not-answered");
		}
		Awaitility.await().until(() -> HealthProbeTests.probes().isEmpty());
	}

	@ParameterizedTest
	@CsvSource({ "timeout, 0, Value: 0s", "timeout, -1ms, Value: -1ms", "probe.interval, 0s, Value: 0s",
			"probe.interval, -1m, Value: -60s", "refresh-failing-status, ' ', a status such as WARNING" })
	void propertyThatCannotBeMeantIsRefused(String property, String value, String told) {
		String name = "management.health.iam-datasource." + property;
		ReportedAnalyses.assertFails(Application.signingIn(this.database).with(name, value), "Property: " + name, told,
				"Set it to a ", ", or remove it.");
	}

	private static IndicatedHealthDescriptor iamDataSource(ConfigurableApplicationContext context) {
		return (IndicatedHealthDescriptor) context.getBean(HealthEndpoint.class).healthForPath("iamDataSource");
	}

}

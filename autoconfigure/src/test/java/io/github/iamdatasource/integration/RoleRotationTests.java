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
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.iamdatasource.SilentSdk;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.aws.Role;
import io.github.iamdatasource.aws.StsServer;
import io.github.iamdatasource.credentials.AssumedRole;
import io.github.iamdatasource.credentials.CredentialsSources;
import io.github.iamdatasource.credentials.StsEndpoint;
import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.jdbc.PemCertificates;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.TokenSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads log in all the time for a minute, with tokens of a role whose sessions AWS STS
 * hands out for three seconds each.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class RoleRotationTests {

	private static final Duration DURATION = Duration.ofMinutes(1);

	/** Less up to one second, as AWS tells whole seconds. */
	private static final Duration SESSION = Duration.ofSeconds(3);

	private static final int THREADS = 6;

	private static final String CALLER = "arn:aws:iam::210987654321:user/deploy";

	private static final Role ROLE = Role.of("arn:aws:iam::123456789012:role/orders")
		.trusting(CALLER)
		.connectingAs("app");

	private final OrdersDatabase database;

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final Logger sdkLog = (Logger) LoggerFactory.getLogger("software.amazon.awssdk");

	private final java.util.logging.Logger driverLog = java.util.logging.Logger.getLogger("org.postgresql");

	private volatile boolean over;

	RoleRotationTests(OrdersDatabase database) {
		this.database = database;
	}

	/**
	 * What these log is searched for secrets after other tests; here it would be the same
	 * a thousand times.
	 */
	@BeforeEach
	void quiet() {
		SilentSdk.apply();
		this.sdkLog.setLevel(Level.ERROR);
		this.driverLog.setLevel(java.util.logging.Level.INFO);
	}

	@AfterEach
	void loud() {
		this.sdkLog.setLevel(null);
		this.driverLog.setLevel(null);
	}

	@Test
	void noLoginFails() throws Exception {
		DatabaseEndpoint endpoint = new DatabaseEndpoint(OrdersDatabase.HOSTNAME, this.database.rds().port(),
				"eu-west-1", "app");
		RefreshPolicy policy = new RefreshPolicy(Duration.ofSeconds(5), Duration.ofSeconds(1));
		TlsSettings tls = new TlsSettings(TlsMode.VERIFY_FULL,
				List.copyOf(PemCertificates.read(this.database.caFile().toString())));
		try (StsServer sts = StsServer.start(this.database.rds())
			.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY, CALLER)
			.role(ROLE)
			.sessionLifetime(SESSION);
				CredentialsSource credentials = CredentialsSources.assumedRole(
						CredentialsSource.of(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY,
								TestCredentials.SECRET_KEY)),
						new AssumedRole(ROLE.arn(), "rotation", null, Duration.ofMinutes(15), null, Map.of()),
						new StsEndpoint(() -> "eu-west-1", sts.endpoint()));
				TokenSource tokens = new TokenSource("rotation",
						new RdsTokenSigner(endpoint, credentials, policy, Clock.systemUTC()), policy,
						Refresher.shared(), Clock.systemUTC());
				IamDataSource dataSource = new IamDataSource(JdbcUrl.parse(this.database.rds().jdbcUrl()), endpoint,
						tls, tokens, Clock.systemUTC())) {
			dataSource.awaitToken(Duration.ofSeconds(30));
			logInAllTheTime(dataSource);
			assertThat(this.failures.size()).as(() -> "failed logins, such as " + this.failures.peek()).isZero();
			Map<Outcome, Long> logins = dataSource.snapshot().logins();
			assertThat(logins.get(Outcome.SUCCEEDED)).isGreaterThan(10 * DURATION.toSeconds());
			assertThat(logins.get(Outcome.FAILED) + logins.get(Outcome.NO_TOKEN)).isZero();
			// None lives for as long as the minute, so one followed the other.
			assertThat(sts.sessions().issued()).hasSizeGreaterThan(Math.toIntExact(DURATION.dividedBy(SESSION)));
			System.out.println("In " + DURATION + ": " + logins + "; " + sts.sessions().issued().size() + " sessions; "
					+ tokens.snapshot().counts());
		}
	}

	private void logInAllTheTime(IamDataSource dataSource) throws InterruptedException {
		List<Thread> callers = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			Thread caller = new Thread(() -> {
				while (!this.over) {
					try (Connection connection = dataSource.getConnection()) {
						assertThat(connection.isClosed()).isFalse();
					}
					// Whatever it is, no caller may see it.
					catch (Throwable ex) {
						this.failures.add(ex);
					}
				}
			}, "rotation-caller");
			callers.add(caller);
			caller.start();
		}
		TimeUnit.NANOSECONDS.sleep(DURATION.toNanos());
		this.over = true;
		for (Thread caller : callers) {
			caller.join(TimeUnit.MINUTES.toMillis(1));
			assertThat(caller.isAlive()).as("caller goes on").isFalse();
		}
	}

}

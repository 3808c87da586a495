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

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.SilentSdk;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.jdbc.PemCertificates;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.TokenSigner;
import io.github.iamdatasource.token.TokenSnapshot;
import io.github.iamdatasource.token.TokenSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads log in all the time, while the tokens and the sessions that sign them end
 * within seconds and out of step.
 * <p>
 * It takes a minute, or as long as the system property {@code soak.duration} says, such
 * as {@code -Dsoak.duration=PT30M}.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class SoakTests {

	private static final Duration DURATION = Duration.parse(System.getProperty("soak.duration", "PT1M"));

	/**
	 * How long the emulator accepts a token. A token tells the second in which it was
	 * signed, so of one that was signed late in a second only two thirds are left.
	 */
	private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(3);

	/**
	 * On two cores with a load of 16, refreshes began up to 0.6 seconds late, and one
	 * login in a hundred took longer than that. The margin has room for both; with tokens
	 * of two seconds it would not.
	 */
	private static final RefreshPolicy POLICY = new RefreshPolicy(Duration.ofSeconds(1), Duration.ofMillis(1400));

	/** So long before its end a session is not handed out any more. */
	private static final Duration RENEWED_BEFORE = Duration.ofSeconds(2);

	/** How much earlier or later than {@code refreshAfter} a token may be due. */
	private static final double JITTER = 0.1;

	/** Times are compared in milliseconds, so up to one of them is cut off. */
	private static final Duration CUT_OFF = Duration.ofMillis(1);

	/**
	 * How much later than due a signature may begin, as two threads have to get the
	 * processor one after the other. The other half of the margin is left for the logins
	 * with the token before. A refresh that was left out would be later than that: nobody
	 * asks for another before the token has almost ended.
	 */
	private static final Duration LATENESS = POLICY.expiryMargin().dividedBy(2);

	/** What at least half of the signatures keep to, however busy the machine is. */
	private static final Duration USUAL_LATENESS = Duration.ofMillis(100);

	/**
	 * A pool opens one connection at a time, so these and those without a pool are the
	 * logins that go on at once. More would not make it more logins in all, only slower
	 * ones: the processor is busy with them.
	 */
	private static final int POOLS = 5;

	private static final int THREADS_OF_EACH_POOL = 6;

	private static final int THREADS_WITHOUT_POOL = 2;

	/** Two to four thousand a minute on two slow cores that others use as well. */
	private static final long FEWEST_LOGINS_PER_MINUTE = 1000;

	private final OrdersDatabase ordersDatabase;

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	/** Logins that took longer than the token lived that they began with. */
	private final LongAdder outlived = new LongAdder();

	private volatile boolean over;

	private final Logger driverLog = Logger.getLogger("org.postgresql");

	private final ch.qos.logback.classic.Logger poolLog = (ch.qos.logback.classic.Logger) LoggerFactory
		.getLogger("com.zaxxer.hikari");

	SoakTests(OrdersDatabase ordersDatabase) {
		this.ordersDatabase = ordersDatabase;
	}

	/**
	 * What a login makes them log is searched for secrets after other tests; here it
	 * would be the same ten thousand times.
	 */
	@BeforeEach
	void quiet() {
		SilentSdk.apply();
		this.driverLog.setLevel(Level.INFO);
		this.poolLog.setLevel(ch.qos.logback.classic.Level.INFO);
	}

	@AfterEach
	void loud() {
		this.driverLog.setLevel(null);
		this.poolLog.setLevel(null);
	}

	@Test
	void noLoginFailsAndEachTokenIsSignedWhenItIsDueWhileTokensAndSessionsEnd(@TempDir Path folder) throws Exception {
		try (RdsIamEmulator rds = RdsIamEmulator.postgresql()
			.hostname(OrdersDatabase.HOSTNAME)
			.region("eu-west-1")
			.database("orders")
			.user("app")
			.principal(IamPrincipal.withKeys(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY))
			.tokenLifetime(TOKEN_LIFETIME)
			.start();
				SessionCredentialsSource sessions = new SessionCredentialsSource(rds, Duration.ofSeconds(5),
						Duration.ofSeconds(7), RENEWED_BEFORE)) {
			DatabaseEndpoint endpoint = new DatabaseEndpoint(rds.hostname(), rds.port(), rds.region(), "app");
			RecordingSigner signer = new RecordingSigner(
					new RdsTokenSigner(endpoint, sessions, POLICY, Clock.systemUTC()));
			TlsSettings tls = new TlsSettings(TlsMode.VERIFY_FULL,
					PemCertificates.read(rds.writeCaCertificate(folder.resolve("ca.pem")).toString()));
			loadClasses();
			try (TokenSource tokens = new TokenSource("soak", signer, POLICY, Refresher.shared(), Clock.systemUTC())) {
				List<IamDataSource> dataSources = new ArrayList<>();
				for (int i = 0; i <= POOLS; i++) {
					dataSources
						.add(new IamDataSource(JdbcUrl.parse(rds.jdbcUrl()), endpoint, tls, tokens, Clock.systemUTC()));
				}
				logInAllTheTime(dataSources, tokens, rds);
				Map<Outcome, Long> logins = logins(dataSources);
				// A signature that is being made is recorded a moment before it counts.
				Awaitility.await().until(() -> signer.signatures.size() == tokens.snapshot().counts().signatures());
				TokenSnapshot.Counts counts = tokens.snapshot().counts();
				List<Signature> signatures = List.copyOf(signer.signatures)
					.subList(0, Math.toIntExact(counts.signatures()));
				Outsider.sees(report(logins, rds, counts, signatures, sessions));
				this.failures.stream().limit(3).forEach(Outsider::sees);
				assertEveryLoginSucceeded(logins, rds);
				assertEachSignatureWasDue(counts, signatures);
				// Or nothing of it was out of step.
				assertThat(sessions.issued()).isGreaterThan(Math.toIntExact(DURATION.toSeconds() / 8));
				assertThat(signatures).filteredOn(Signature::endsWithItsSession).isNotEmpty();
				assertThat(signatures).filteredOn((signature) -> !signature.endsWithItsSession()).isNotEmpty();
			}
		}
	}

	/**
	 * Where tokens live long: the first login of a JVM may take longer than they do here.
	 */
	private void loadClasses() throws SQLException {
		try (ConfigurableApplicationContext context = Application.signingIn(this.ordersDatabase)
			.with("spring.datasource.hikari.connection-timeout", "30000")
			.run()) {
			context.getBean(DataSource.class).getConnection().close();
		}
	}

	private void logInAllTheTime(List<IamDataSource> dataSources, TokenSource tokens, RdsIamEmulator rds)
			throws InterruptedException {
		List<HikariDataSource> pools = new ArrayList<>();
		List<Thread> callers = new ArrayList<>();
		try {
			DataSource withoutPool = observed(dataSources.get(0), tokens);
			addCallers(callers, THREADS_WITHOUT_POOL, () -> withoutPool.getConnection().close());
			for (IamDataSource dataSource : dataSources.subList(1, dataSources.size())) {
				HikariDataSource pool = pool(observed(dataSource, tokens));
				pools.add(pool);
				addCallers(callers, THREADS_OF_EACH_POOL, () -> {
					try (Connection connection = pool.getConnection()) {
						// Closed for good when it is given back.
						pool.evictConnection(connection);
					}
				});
			}
			// As an application does when it starts.
			tokens.getToken(Duration.ofSeconds(30));
			callers.forEach(Thread::start);
			TimeUnit.NANOSECONDS.sleep(DURATION.toNanos());
			this.over = true;
			for (Thread caller : callers) {
				caller.join(TimeUnit.MINUTES.toMillis(2));
				assertThat(caller.isAlive()).as("caller goes on").isFalse();
			}
			// The pools may still open connections that nobody waits for any more.
			Awaitility.await().until(() -> logins(dataSources).get(Outcome.SUCCEEDED) == rds.accepted());
		}
		finally {
			this.over = true;
			pools.forEach(HikariDataSource::close);
		}
	}

	private void assertEveryLoginSucceeded(Map<Outcome, Long> logins, RdsIamEmulator rds) {
		assertThat(this.failures.size()).as(() -> "failed logins, such as " + this.failures.peek()).isZero();
		assertThat(logins.get(Outcome.FAILED)).isZero();
		assertThat(logins.get(Outcome.NO_TOKEN)).isZero();
		assertThat(logins.get(Outcome.SUCCEEDED)).isGreaterThan(FEWEST_LOGINS_PER_MINUTE * DURATION.toSeconds() / 60);
		// A token is not handed out when it is about to end. If the machine holds a login
		// up until the end all the same, that login and no other may be rejected, and is
		// tried again with the next token, which is there already.
		assertThat(logins.get(Outcome.REJECTED)).isLessThanOrEqualTo(this.outlived.sum());
		assertThat(rds.rejected(Rejection.EXPIRED) + rds.rejected(Rejection.SESSION_EXPIRED)).isEqualTo(rds.rejected())
			.isEqualTo(logins.get(Outcome.REJECTED));
	}

	/**
	 * None too many and none left out.
	 */
	private static void assertEachSignatureWasDue(TokenSnapshot.Counts counts, List<Signature> signatures) {
		assertThat(counts.failures()).isZero();
		assertThat(counts.signatures()).as("all but the first while the one before was good")
			.isEqualTo(counts.refreshes() + 1);
		assertThat(signatures)
			.allSatisfy((signature) -> assertThat(signature.freshness()).isEqualTo(CredentialsFreshness.CACHED));
		for (int i = 1; i < signatures.size(); i++) {
			Signature before = signatures.get(i - 1);
			assertThat(signatures.get(i).begunAt()).as("time of the signature after " + before)
				.isBetween(before.nextIsDueFrom().minus(CUT_OFF), before.nextIsDueUntil().plus(LATENESS));
		}
		List<Duration> lateness = lateness(signatures);
		assertThat(lateness.get(lateness.size() / 2)).as("usual lateness").isLessThan(USUAL_LATENESS);
	}

	private String report(Map<Outcome, Long> logins, RdsIamEmulator rds, TokenSnapshot.Counts counts,
			List<Signature> signatures, SessionCredentialsSource sessions) {
		List<Duration> lateness = lateness(signatures);
		return "In " + DURATION + ": logins " + logins + ", of which " + this.outlived
				+ " took longer than their token lived; rejections " + rds.rejections() + "; " + counts + ", usually "
				+ lateness.get(lateness.size() / 2).toMillis() + " and at most "
				+ lateness.get(lateness.size() - 1).toMillis() + " ms late; "
				+ signatures.stream().filter(Signature::endsWithItsSession).count() + " tokens ended with one of "
				+ sessions.issued() + " sessions";
	}

	/** From the shortest to the longest; negative if there was still time. */
	private static List<Duration> lateness(List<Signature> signatures) {
		List<Duration> lateness = new ArrayList<>();
		for (int i = 1; i < signatures.size(); i++) {
			lateness.add(Duration.between(signatures.get(i - 1).nextIsDueUntil(), signatures.get(i).begunAt()));
		}
		lateness.sort(null);
		return lateness;
	}

	private static Map<Outcome, Long> logins(List<IamDataSource> dataSources) {
		Map<Outcome, Long> sum = new EnumMap<>(Outcome.class);
		dataSources.forEach((dataSource) -> dataSource.snapshot()
			.logins()
			.forEach((outcome, n) -> sum.merge(outcome, n, Long::sum)));
		return sum;
	}

	private void addCallers(List<Thread> callers, int count, Login login) {
		for (int i = 0; i < count; i++) {
			callers.add(new Thread(() -> {
				while (!this.over) {
					try {
						login.run();
					}
					// Whatever it is, no caller may see it.
					catch (Throwable ex) {
						this.failures.add(ex);
					}
				}
			}, "soak-caller"));
		}
	}

	/**
	 * Counts the logins that took longer than their token lived.
	 */
	private DataSource observed(IamDataSource dataSource, TokenSource tokens) {
		return new DelegatingDataSource(dataSource) {

			@Override
			public Connection getConnection() throws SQLException {
				AuthenticationToken token = tokens.current();
				Connection connection = super.getConnection();
				if (token != null && !token.expiresAt().isAfter(Instant.now())) {
					SoakTests.this.outlived.increment();
				}
				return connection;
			}

		};
	}

	private static HikariDataSource pool(DataSource dataSource) {
		HikariDataSource pool = new HikariDataSource();
		pool.setMinimumIdle(0);
		pool.setMaximumPoolSize(THREADS_OF_EACH_POOL);
		pool.setDataSource(dataSource);
		return pool;
	}

	/**
	 * Opens a physical connection and closes it.
	 */
	private interface Login {

		void run() throws SQLException;

	}

	/**
	 * Says of the real signer's tokens that they live no longer than the emulator accepts
	 * them, and records when they were signed.
	 */
	private static final class RecordingSigner implements TokenSigner {

		private final TokenSigner signer;

		final List<Signature> signatures = new CopyOnWriteArrayList<>();

		RecordingSigner(TokenSigner signer) {
			this.signer = signer;
		}

		@Override
		public AuthenticationToken sign(CredentialsFreshness freshness) {
			Instant begunAt = Instant.now();
			AuthenticationToken token = this.signer.sign(freshness);
			Instant end = token.signedAt().plus(TOKEN_LIFETIME);
			boolean endsWithItsSession = token.expiresAt().isBefore(end);
			Instant expiresAt = endsWithItsSession ? token.expiresAt() : end;
			this.signatures.add(new Signature(freshness, begunAt, Instant.now(), expiresAt, endsWithItsSession));
			return new AuthenticationToken(token.value(), token.signedAt(), expiresAt, token.signedBy());
		}

	}

	/**
	 * What is recorded of a signature.
	 *
	 * @param freshness which credentials it was asked for with
	 * @param begunAt when it was asked for
	 * @param endedAt when it was there
	 * @param expiresAt when the token ends
	 * @param endsWithItsSession whether it would have lived longer by itself
	 */
	private record Signature(CredentialsFreshness freshness, Instant begunAt, Instant endedAt, Instant expiresAt,
			boolean endsWithItsSession) {

		Instant nextIsDueFrom() {
			return due(1 - JITTER);
		}

		Instant nextIsDueUntil() {
			return due(1 + JITTER);
		}

		private Instant due(double factor) {
			Instant aged = this.endedAt.plusMillis(Math.round(POLICY.refreshAfter().toMillis() * factor));
			Instant beforeTheEnd = this.expiresAt.minus(POLICY.expiryMargin());
			return aged.isBefore(beforeTheEnd) ? aged : beforeTheEnd;
		}

	}

}

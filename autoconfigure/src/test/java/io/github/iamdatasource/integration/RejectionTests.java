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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.jdbc.PemCertificates;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.MutableClock;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.SigningIdentity;
import io.github.iamdatasource.token.TokenSigner;
import io.github.iamdatasource.token.TokenSigningException;
import io.github.iamdatasource.token.TokenSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Each reason for which the server rejects a token, met through the starter and its pool.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class RejectionTests {

	private final OrdersDatabase database;

	RejectionTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void anotherHost() {
		assertRejected(Rejection.WRONG_HOST,
				application().with("iam.datasource.hostname", OrdersDatabase.OTHER_HOSTNAME)
					.with("iam.datasource.tls.mode", "verify-ca"));
	}

	@Test
	void anotherPort() {
		assertRejected(Rejection.WRONG_PORT, application().with("iam.datasource.port", "5432"));
	}

	@Test
	void anotherRegion() {
		assertRejected(Rejection.WRONG_REGION, application().with("iam.datasource.region", "us-east-1"));
	}

	@Test
	void unknownKey() {
		assertRejected(Rejection.UNKNOWN_ACCESS_KEY,
				application().with(TestCredentials.longLived("AKIAUNKNOWNUNKNOWNUN", TestCredentials.SECRET_KEY)));
	}

	@Test
	void anotherSecretAndSoAnotherSignature() {
		assertRejected(Rejection.SIGNATURE_MISMATCH,
				application().with(TestCredentials.longLived(TestCredentials.ACCESS_KEY, "NeverLogThis/other")));
	}

	@Test
	void policyThatDoesNotAllowThePrincipal() {
		assertRejected(Rejection.POLICY_DENIES, application()
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY)));
	}

	@Test
	void policyThatDoesNotAllowTheUser() {
		assertRejected(Rejection.POLICY_DENIES, application().with("iam.datasource.username", "auditor"));
	}

	@Test
	void userThatTheDatabaseDoesNotHave() {
		long before = this.database.rds().rejected(Rejection.UNKNOWN_DATABASE_USER);
		try (ConfigurableApplicationContext context = application().with("iam.datasource.username", "App").run()) {
			DataSource pool = context.getBean(DataSource.class);
			assertThat(Outsider.sees(catchThrowable(pool::getConnection)))
				.hasStackTraceContaining("The database has no user 'App' who signs in with tokens")
				.hasStackTraceContaining("mind the capital letters");
		}
		assertThat(this.database.rds().rejected(Rejection.UNKNOWN_DATABASE_USER)).isGreaterThan(before);
	}

	@Test
	void tokenOfAnotherUser() throws SQLException {
		assertRejected(Rejection.WRONG_USER,
				() -> CraftedTokens.sign(this.database, "auditor", Duration.ZERO, AuthenticationToken.LIFETIME));
	}

	@Test
	void expiredToken() throws SQLException {
		assertRejected(Rejection.EXPIRED,
				() -> CraftedTokens.sign(this.database, "app", Duration.ofMinutes(-16), AuthenticationToken.LIFETIME));
	}

	@Test
	void tokenFromTheFuture() throws SQLException {
		assertRejected(Rejection.NOT_YET_VALID,
				() -> CraftedTokens.sign(this.database, "app", Duration.ofMinutes(10), AuthenticationToken.LIFETIME));
	}

	@Test
	void tokenThatWantsToLiveTooLong() throws SQLException {
		assertRejected(Rejection.LIFETIME_TOO_LONG,
				() -> CraftedTokens.sign(this.database, "app", Duration.ZERO, Duration.ofSeconds(901)));
	}

	@Test
	void rejectionDuringTheMigrationExplainsWhyTheApplicationDoesNotStart() {
		Application application = application().with("spring.flyway.enabled", "true")
			.with("iam.datasource.region", "us-east-1");
		Outsider.sees(catchThrowable(application::run));
		FailureAnalysis analysis = ReportedAnalyses.take();
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).contains("did not accept the token as a login of user 'app'")
			.contains("Signed for: " + OrdersDatabase.HOSTNAME + ":" + this.database.rds().port() + " in us-east-1");
		assertThat(analysis.getAction()).contains("GRANT rds_iam TO \"app\"")
			.contains("arn:aws:rds-db:eu-west-1:<account>:dbuser:<resource id>/app");
	}

	@Test
	void rejectedLoginIsTriedOnceMoreWithANewTokenOfNewCredentials() throws SQLException {
		List<CredentialsFreshness> asked = new ArrayList<>();
		try (TokenSource tokens = tokens((freshness) -> {
			asked.add(freshness);
			return sign((freshness == CredentialsFreshness.NEW) ? "app" : "auditor");
		})) {
			tokens.getToken(Duration.ofSeconds(30));
			IamDataSource dataSource = dataSource(tokens, Clock.systemUTC());
			try (Connection connection = dataSource.getConnection()) {
				assertThat(connection.isValid(5)).isTrue();
			}
			assertThat(asked).containsExactly(CredentialsFreshness.CACHED, CredentialsFreshness.NEW);
			assertThat(dataSource.snapshot().logins()).containsEntry(Outcome.REJECTED, 1L)
				.containsEntry(Outcome.SUCCEEDED, 1L);
			assertThat(dataSource.snapshot().lastLogin().outcome()).isEqualTo(Outcome.SUCCEEDED);
		}
	}

	@Test
	void tokenOfThisVeryLoginIsNotReplaced() {
		long before = this.database.rds().rejected();
		try (TokenSource tokens = tokens((freshness) -> sign("auditor"))) {
			IamDataSource dataSource = dataSource(tokens, Clock.systemUTC());
			assertThat(catchThrowable(dataSource::getConnection)).isInstanceOf(IamLoginException.class);
			assertThat(this.database.rds().rejected() - before).isEqualTo(1);
			assertThat(tokens.snapshot().counts().signatures()).isEqualTo(1);
		}
	}

	@Test
	void tokenOfThisVeryLoginIsReplacedIfItEndedMeanwhile() throws SQLException {
		Instant now = Instant.now();
		try (TokenSource tokens = tokens((freshness) -> (freshness == CredentialsFreshness.NEW) ? sign("app")
				: new AuthenticationToken(sign("auditor").value(), now, now.plusSeconds(60),
						new SigningIdentity("MPLE", null, "application's credentials provider")))) {
			IamDataSource dataSource = dataSource(tokens, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2)));
			try (Connection connection = dataSource.getConnection()) {
				assertThat(connection.isValid(5)).isTrue();
			}
			assertThat(dataSource.snapshot().logins()).containsEntry(Outcome.REJECTED, 1L)
				.containsEntry(Outcome.SUCCEEDED, 1L);
		}
	}

	@Test
	void wrongGrantDoesNotDoubleTheLoadForEver() {
		MutableClock clock = new MutableClock(Instant.now());
		long before = this.database.rds().rejected();
		try (TokenSource tokens = new TokenSource("test", (freshness) -> sign("auditor"), RefreshPolicy.DEFAULT,
				Refresher.shared(), clock)) {
			IamDataSource dataSource = dataSource(tokens, clock);
			int attempts = 120;
			for (int i = 0; i < attempts; i++) {
				assertThat(catchThrowable(dataSource::getConnection)).isInstanceOf(IamLoginException.class);
				clock.advance(Duration.ofMillis(500));
			}
			// In this minute after 1 s, 2 s, 4 s, 8 s, 16 s and 30 s, or a little
			// earlier.
			long more = this.database.rds().rejected() - before - attempts;
			assertThat(more).isBetween(4L, 7L);
			assertThat(tokens.snapshot().counts().signatures()).isEqualTo(1 + more);
			assertThat(dataSource.snapshot().logins()).containsEntry(Outcome.REJECTED, attempts + more);
		}
	}

	@Test
	void secondRejectionTellsWhatWasSignedAndWhatToCheck() {
		try (TokenSource tokens = tokens((freshness) -> sign("auditor"))) {
			tokens.getToken(Duration.ofSeconds(30));
			assertThat(Outsider.sees(catchThrowable(dataSource(tokens, Clock.systemUTC())::getConnection)))
				.isInstanceOf(IamLoginException.class)
				.hasMessageContaining("as a login of user 'app'")
				.hasMessageContaining("Signed for: " + OrdersDatabase.HOSTNAME + ":" + this.database.rds().port())
				.hasMessageMatching(
						"(?s).* in eu-west-1; Signed by: the access key that ends in 'MPLE' from the test; Token: \\d+ s "
								+ "old and good for another .*")
				.hasMessageContaining("; Clock: 20")
				.hasMessageContaining("GRANT rds_iam TO \"app\"");
		}
	}

	@Test
	void rejectionIsToldIfThereIsNoOtherToken() {
		try (TokenSource tokens = tokens((freshness) -> {
			if (freshness == CredentialsFreshness.NEW) {
				throw new TokenSigningException("no others");
			}
			return sign("auditor");
		})) {
			tokens.getToken(Duration.ofSeconds(30));
			Throwable failure = Outsider.sees(catchThrowable(dataSource(tokens, Clock.systemUTC())::getConnection));
			assertThat(failure).isInstanceOf(IamLoginException.class).hasMessageContaining("did not accept the token");
			assertThat(failure.getSuppressed()).singleElement()
				.satisfies((suppressed) -> assertThat(suppressed).hasMessage("no others"));
		}
	}

	private AuthenticationToken sign(String username) {
		return CraftedTokens.sign(this.database, username, Duration.ZERO, AuthenticationToken.LIFETIME);
	}

	private static TokenSource tokens(TokenSigner signer) {
		return new TokenSource("test", signer, RefreshPolicy.DEFAULT, Refresher.shared(), Clock.systemUTC());
	}

	@Test
	void craftedTokenIsAcceptedIfNothingIsWrongWithIt() throws SQLException {
		try (TokenSource tokens = tokens((freshness) -> sign("app"));
				HikariDataSource pool = pool(tokens);
				Connection connection = pool.getConnection()) {
			assertThat(connection.isValid(5)).isTrue();
		}
	}

	private Application application() {
		return Application.signingIn(this.database);
	}

	private void assertRejected(Rejection reason, Application application) {
		long before = this.database.rds().rejected(reason);
		assertFails(application);
		assertThat(this.database.rds().rejected(reason)).isGreaterThan(before);
	}

	private void assertFails(Application application) {
		try (ConfigurableApplicationContext context = application.run()) {
			DataSource pool = context.getBean(DataSource.class);
			assertExplained(Outsider.sees(catchThrowable(pool::getConnection)));
			IndicatedHealthDescriptor health = (IndicatedHealthDescriptor) context.getBean(HealthEndpoint.class)
				.healthForPath("iamDataSource");
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(Outsider.sees(health.getDetails())).contains("outcome=rejected").contains("GRANT rds_iam");
		}
	}

	private void assertRejected(Rejection reason, Supplier<AuthenticationToken> token) throws SQLException {
		long before = this.database.rds().rejected(reason);
		try (TokenSource tokens = tokens((freshness) -> token.get()); HikariDataSource pool = pool(tokens)) {
			assertExplained(Outsider.sees(catchThrowable(pool::getConnection)));
		}
		assertThat(this.database.rds().rejected(reason)).isGreaterThan(before);
	}

	private HikariDataSource pool(TokenSource tokens) {
		// Logs in once when it is asked for its first connection, and not in the
		// background.
		HikariDataSource pool = new HikariDataSource();
		pool.setMinimumIdle(0);
		pool.setDataSource(dataSource(tokens, Clock.systemUTC()));
		return pool;
	}

	private IamDataSource dataSource(TokenSource tokens, Clock clock) {
		JdbcUrl url = JdbcUrl.parse(this.database.rds().jdbcUrl());
		DatabaseEndpoint endpoint = new DatabaseEndpoint(url.hosts().get(0).host(), url.hosts().get(0).port(),
				"eu-west-1", "app");
		TlsSettings tls = new TlsSettings(TlsMode.VERIFY_FULL, PemCertificates.read(this.database.caFile().toString()));
		return new IamDataSource(url, endpoint, tls, tokens, clock);
	}

	private static void assertExplained(Throwable failure) {
		List<Throwable> causes = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
		assertThat(causes).filteredOn(IamLoginException.class::isInstance)
			.first()
			.satisfies((cause) -> assertThat(cause).hasMessageContaining("PAM authentication failed for user")
				.hasMessageContaining("rds-db:connect")
				.hasMessageContaining("GRANT rds_iam"))
			.satisfies((cause) -> assertThat(((SQLException) cause).getSQLState()).isEqualTo("28000"));
	}

}

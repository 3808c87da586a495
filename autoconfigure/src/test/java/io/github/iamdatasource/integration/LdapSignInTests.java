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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.SilentSdk;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.integration.TokenDirectory.Bind;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.SigningIdentity;
import io.github.iamdatasource.token.TokenSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Signing in to a PostgreSQL that is not behind our emulator: what the front of that one
 * makes easy, or forgives, this one does not.
 */
@ExtendWith(LdapDatabase.Resolver.class)
class LdapSignInTests {

	private static final Duration PAST_EXPIRY = AuthenticationToken.LIFETIME.plusMinutes(1);

	private final LdapDatabase database;

	LdapSignInTests(LdapDatabase database) {
		this.database = database;
	}

	/**
	 * So that it is no matter of our own tokens alone.
	 */
	@Test
	void databaseTakesTheTokenOfTheAwsSdkAndNoOtherPassword() throws SQLException {
		SilentSdk.apply();
		String token = RdsUtilities.builder()
			.region(Region.EU_WEST_1)
			.build()
			.generateAuthenticationToken((request) -> request.hostname(OrdersDatabase.HOSTNAME)
				.port(this.database.port())
				.username("app")
				.credentialsProvider(TestCredentials.user()));
		try (Connection connection = connectWith(token)) {
			assertThat(query(connection, "select current_user")).isEqualTo("app");
		}
		for (String other : List.of("accepted", token + "0", token.substring(0, token.length() - 1), "?", "=&=")) {
			assertThat(Outsider.sees(catchThrowable(() -> connectWith(other))))
				.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).isEqualTo("28000"))
				.hasMessageContaining("LDAP authentication failed for user \"app\"");
		}
		assertThat(this.database.binds()).extracting(Bind::accepted)
			.containsExactly(true, false, false, false, false, false);
	}

	@Test
	void signsInAsTheDatabaseUserInsideOfTls() {
		try (ConfigurableApplicationContext context = this.database.application().run()) {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			assertThat(jdbc.queryForMap("select session_user, current_user, current_database()::text as database"))
				.containsEntry("session_user", "app")
				.containsEntry("current_user", "app")
				.containsEntry("database", "orders");
			assertThat(jdbc.queryForMap("select ssl, version, client_dn from pg_stat_ssl where pid = pg_backend_pid()"))
				.containsEntry("ssl", true)
				.containsEntry("version", "TLSv1.3")
				.containsEntry("client_dn", null);
			assertThat(this.database.binds()).isNotEmpty()
				.allSatisfy((bind) -> assertThat(bind.username()).isEqualTo("app"))
				.allMatch(Bind::accepted);
			assertEachLoginWasSeen(context);
		}
	}

	@Test
	void signsInWithSessionCredentials() {
		try (ConfigurableApplicationContext context = this.database.application()
			.with(TestCredentials.session(Instant.now().plusSeconds(600)))
			.run()) {
			assertThat(query(context, "select current_user")).isEqualTo("app");
			assertThat(this.database.binds()).allMatch((bind) -> bind.token().length() > 1000);
			assertEachLoginWasSeen(context);
		}
	}

	@Test
	void connectionsWorkSideBySideAndShareOneToken() throws SQLException {
		try (ConfigurableApplicationContext context = this.database.application().run()) {
			List<Connection> connections = new ArrayList<>();
			List<String> servers = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				connections.add(context.getBean(DataSource.class).getConnection());
			}
			for (Connection connection : connections) {
				servers.add(query(connection, "select pg_backend_pid()"));
				connection.close();
			}
			assertThat(servers).doesNotHaveDuplicates();
			assertThat(this.database.binds()).hasSizeGreaterThanOrEqualTo(5);
			assertThat(this.database.binds().stream().map(Bind::token).distinct().count()).isEqualTo(1);
			assertEachLoginWasSeen(context);
		}
	}

	@Test
	void connectionOfBeforeATokenChangeWorksBesideOneOfAfter() throws SQLException {
		try (ConfigurableApplicationContext context = this.database.application()
			.with("iam.datasource.token.refresh-after", "1s")
			.run()) {
			DataSource pool = context.getBean(DataSource.class);
			TokenSource tokens = dataSource(context).getTokenSource();
			try (Connection before = pool.getConnection()) {
				Instant signedAt = tokens.snapshot().signedAt();
				Awaitility.await().until(() -> tokens.snapshot().signedAt().isAfter(signedAt));
				try (Connection after = pool.getConnection()) {
					assertThat(query(before, "select current_user")).isEqualTo("app");
					assertThat(query(after, "select current_user")).isEqualTo("app");
					assertThat(query(before, "select pg_backend_pid()"))
						.isNotEqualTo(query(after, "select pg_backend_pid()"));
				}
			}
			List<Bind> binds = this.database.binds();
			assertThat(binds.get(0).token().equals(binds.get(binds.size() - 1).token())).isFalse();
			assertEachLoginWasSeen(context);
		}
	}

	@Test
	void expiredTokenIsRejectedWhileAnOpenConnectionGoesOn() throws SQLException {
		try (ConfigurableApplicationContext context = this.database.application().run()) {
			DataSource pool = context.getBean(DataSource.class);
			try (Connection open = pool.getConnection()) {
				this.database.setAhead(PAST_EXPIRY);
				assertRejected(Outsider.sees(catchThrowable(pool::getConnection)));
				assertThat(query(open, "select current_user")).isEqualTo("app");
				this.database.setAhead(Duration.ZERO);
				try (Connection another = pool.getConnection()) {
					assertThat(query(another, "select current_user")).isEqualTo("app");
				}
			}
			assertThat(this.database.binds()).extracting(Bind::accepted).contains(true, false).endsWith(true);
			assertEachLoginWasSeen(context);
		}
	}

	static Stream<Arguments> wrongCredentials() {
		return Stream.of(
				Arguments.of("another secret",
						TestCredentials.longLived(TestCredentials.ACCESS_KEY, "NeverLogThis/other")),
				Arguments.of("an unknown key",
						TestCredentials.longLived("AKIAUNKNOWNUNKNOWNUN", TestCredentials.SECRET_KEY)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wrongCredentials")
	void wrongCredentialsAreRejected(String what, AwsCredentialsProvider credentials) {
		assertRejected(this.database.application().with(credentials));
	}

	@Test
	void anotherRegionIsRejected() {
		assertRejected(this.database.application().with("iam.datasource.region", "us-east-1"));
	}

	@Test
	void anotherPortIsRejected() {
		assertRejected(this.database.application().with("iam.datasource.port", "5432"));
	}

	@Test
	void tokenForAnotherUserIsRejected() {
		try (TokenSource tokens = tokensFor("auditor"); HikariDataSource pool = pool(tokens)) {
			assertRejected(Outsider.sees(catchThrowable(pool::getConnection)));
		}
		assertThat(this.database.binds()).isNotEmpty()
			.allSatisfy((bind) -> assertThat(bind.username()).isEqualTo("app"))
			.noneMatch(Bind::accepted);
	}

	@Test
	void craftedTokenIsAcceptedIfNothingIsWrongWithIt() throws SQLException {
		try (TokenSource tokens = tokensFor("app");
				HikariDataSource pool = pool(tokens);
				Connection connection = pool.getConnection()) {
			assertThat(query(connection, "select current_user")).isEqualTo("app");
		}
		assertThat(this.database.binds()).isNotEmpty().allMatch(Bind::accepted);
	}

	@Test
	void userWithoutTheGrantIsAskedForNoToken() {
		try (ConfigurableApplicationContext context = this.database.application()
			.with("iam.datasource.username", "outsider")
			.run()) {
			assertThat(Outsider.sees(catchThrowable(context.getBean(DataSource.class)::getConnection)))
				.hasStackTraceContaining("refused the login of user 'outsider' without having been sent a token")
				.hasStackTraceContaining("no pg_hba.conf entry for host")
				.hasStackTraceContaining("GRANT rds_iam TO \"outsider\"");
			assertThat(this.database.binds()).isEmpty();
			assertThat(dataSource(context).snapshot().logins()).containsEntry(Outcome.SUCCEEDED, 0L);
		}
	}

	@Test
	void serverOfAnotherNameIsSentNoToken() {
		try (ConfigurableApplicationContext context = this.database.application()
			.with("iam.datasource.url",
					"jdbc:postgresql://" + OrdersDatabase.OTHER_HOSTNAME + ":" + this.database.port() + "/orders")
			.run()) {
			assertThat(Outsider.sees(catchThrowable(context.getBean(DataSource.class)::getConnection)))
				.hasStackTraceContaining("certificate does not name " + OrdersDatabase.OTHER_HOSTNAME);
			assertThat(this.database.binds()).isEmpty();
		}
	}

	/**
	 * Each test searches the log for tokens. This one shows that there is something to be
	 * searched: the login, its failure, and that the server got a password.
	 */
	@Test
	void serverLogsAllItCanAndNoToken() throws IOException {
		try (ConfigurableApplicationContext context = this.database.application().run()) {
			assertThat(query(context, "select 'marked statement'")).isEqualTo("marked statement");
			this.database.setAhead(PAST_EXPIRY);
			assertThat(catchThrowable(() -> dataSource(context).getConnection())).isInstanceOf(IamLoginException.class);
		}
		assertThat(this.database.binds()).extracting(Bind::accepted).contains(true, false);
		assertThat(Outsider.sees((Object) this.database.log())).contains("received password packet")
			.contains("marked statement")
			.containsPattern("connection authorized: user=app database=orders .*SSL enabled \\(protocol=TLSv1.3")
			.contains("LDAP login failed for user \"uid=app,ou=users\" on server \"127.0.0.1\"")
			.contains("LDAP authentication failed for user \"app\"");
	}

	private Connection connectWith(String password) throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", "app");
		properties.setProperty("password", password);
		properties.setProperty("sslmode", "verify-full");
		properties.setProperty("sslrootcert", this.database.caFile().toString());
		return DriverManager.getConnection(this.database.jdbcUrl(), properties);
	}

	private TokenSource tokensFor(String username) {
		// Claims to be new, so that the token source hands it out.
		return new TokenSource("test",
				(freshness) -> new AuthenticationToken(
						CraftedTokens.sign(this.database.port(), username, TestCredentials.user().resolveCredentials(),
								Instant.now(), AuthenticationToken.LIFETIME),
						Instant.now(), Instant.now().plus(AuthenticationToken.LIFETIME),
						SigningIdentity.of(TestCredentials.ACCESS_KEY, null, "test")),
				RefreshPolicy.DEFAULT, Refresher.shared(), Clock.systemUTC());
	}

	private HikariDataSource pool(TokenSource tokens) {
		HikariDataSource pool = new HikariDataSource();
		pool.setMinimumIdle(0);
		pool.setDataSource(this.database.dataSource(tokens));
		return pool;
	}

	private void assertRejected(Application application) {
		try (ConfigurableApplicationContext context = application.run()) {
			assertRejected(Outsider.sees(catchThrowable(context.getBean(DataSource.class)::getConnection)));
			assertThat(this.database.binds()).isNotEmpty().noneMatch(Bind::accepted);
			IndicatedHealthDescriptor health = (IndicatedHealthDescriptor) context.getBean(HealthEndpoint.class)
				.healthForPath("iamDataSource");
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(Outsider.sees(health.getDetails())).contains("outcome=rejected").contains("GRANT rds_iam");
			assertEachLoginWasSeen(context);
		}
	}

	private static void assertRejected(Throwable failure) {
		assertExplained(failure, "LDAP authentication failed for user \"app\"", "app");
	}

	private static void assertExplained(Throwable failure, String reason, String username) {
		List<Throwable> causes = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
		assertThat(causes).filteredOn(IamLoginException.class::isInstance)
			.first()
			.satisfies((cause) -> assertThat(cause).hasMessageContaining(reason)
				.hasMessageContaining("did not accept the token as a login of user '" + username + "'")
				.hasMessageContaining("rds-db:connect")
				.hasMessageContaining("GRANT rds_iam TO \"" + username + "\""))
			.satisfies((cause) -> assertThat(((SQLException) cause).getSQLState()).isEqualTo("28000"));
	}

	/**
	 * What the data source counted is what the judge saw, neither more nor less.
	 */
	private void assertEachLoginWasSeen(ConfigurableApplicationContext context) {
		long accepted = this.database.binds().stream().filter(Bind::accepted).count();
		assertThat(dataSource(context).snapshot().logins()).containsEntry(Outcome.SUCCEEDED, accepted)
			.containsEntry(Outcome.REJECTED, this.database.binds().size() - accepted)
			.containsEntry(Outcome.FAILED, 0L)
			.containsEntry(Outcome.NO_TOKEN, 0L);
	}

	private static IamDataSource dataSource(ConfigurableApplicationContext context) {
		return context.getBean(IamJdbcConnectionDetails.class).getDataSource();
	}

	private static String query(ConfigurableApplicationContext context, String sql) {
		return context.getBean(JdbcTemplate.class).queryForObject(sql, String.class);
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getString(1);
		}
	}

}

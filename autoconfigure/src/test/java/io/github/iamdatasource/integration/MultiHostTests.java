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
import java.util.Map;
import java.util.Objects;

import javax.sql.DataSource;

import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.integration.TwoHosts.Logins;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamDataSourceSnapshot;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.TokenSnapshot;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A URL with several hosts, each of which only takes tokens that were signed for its own
 * name, port and region. The second one is a standby, as far as a client can see.
 */
class MultiHostTests {

	/** Has the driver forget at once which of its hosts it has found to be down. */
	private static final String FORGETFUL = "hostRecheckSeconds=0";

	@RegisterExtension
	private static final TwoHostsExtension both = new TwoHostsExtension(Engine.POSTGRESQL);

	@BeforeAll
	static void makeTheSecondAStandby() throws SQLException {
		TwoHosts.administer("postgresql", hosts().secondBehind(),
				"alter role app set default_transaction_read_only = on");
	}

	@Test
	void signsInAtEachHostWithATokenOfItsOwn() throws SQLException {
		try (ConfigurableApplicationContext context = hosts().application(url("")).run()) {
			IamDataSource dataSource = dataSource(context);
			logIn(dataSource);
			assertThat(dataSource.getEndpoint()).isEqualTo(endpoint(hosts().first()));
			hosts().first().stopServing();
			logIn(dataSource);
			assertThat(dataSource.getEndpoint()).isEqualTo(endpoint(hosts().second()));
			assertThat(logins()).isEqualTo(new Logins(1, 0, 1, 0));
			assertThat(dataSource.snapshot().tokens()).containsOnlyKeys(endpoint(hosts().first()),
					endpoint(hosts().second()));
			assertThat(dataSource.snapshot().counts().signatures()).isEqualTo(2);
			IndicatedHealthDescriptor health = health(context);
			Outsider.sees(health.getDetails());
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("endpoint", TwoHosts.address(hosts().second()))
				.containsEntry("region", "us-east-1")
				.containsEntry("otherEndpoints", Map.of(TwoHosts.address(hosts().first()), "usable"));
		}
	}

	@Test
	void poolTakesTheSecondHostWhenTheFirstIsDown() {
		hosts().first().stopServing();
		try (ConfigurableApplicationContext context = hosts().application(url(""))
			.without("spring.datasource.type")
			.run()) {
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class))
				.isEqualTo("app");
			assertThat(dataSource(context).getEndpoint()).isEqualTo(endpoint(hosts().second()));
		}
	}

	@ParameterizedTest
	@CsvSource({ "primary, false, true", "primary, true, true", "preferPrimary, true, true", "secondary, false, false",
			"secondary, true, false", "preferSecondary, false, false" })
	void signsInAtTheKindOfServerThatTheUrlAsksFor(String type, boolean standbyFirst, boolean primary)
			throws SQLException {
		RdsIamEmulator one = standbyFirst ? hosts().second() : hosts().first();
		RdsIamEmulator other = standbyFirst ? hosts().first() : hosts().second();
		try (ConfigurableApplicationContext context = hosts()
			.application(TwoHosts.url("postgresql", one, other, FORGETFUL + "&targetServerType=" + type))
			.run()) {
			IamDataSource dataSource = dataSource(context);
			logIn(dataSource);
			// The driver asks a server which kind it is once it is logged in.
			assertThat(logins()).isEqualTo(standbyFirst == primary ? new Logins(1, 0, 1, 0)
					: primary ? new Logins(1, 0, 0, 0) : new Logins(standbyFirst ? 0 : 1, 0, 1, 0));
			assertThat(dataSource.getEndpoint()).isEqualTo(endpoint(primary ? hosts().first() : hosts().second()));
			assertThat(dataSource.snapshot().logins()).containsEntry(Outcome.SUCCEEDED, 1L);
		}
	}

	@Test
	void preferredKindOfServerThatIsDownIsDoneWithout() throws SQLException {
		hosts().second().stopServing();
		try (ConfigurableApplicationContext context = hosts().application(url("targetServerType=preferSecondary"))
			.run()) {
			logIn(dataSource(context));
			assertThat(dataSource(context).getEndpoint()).isEqualTo(endpoint(hosts().first()));
		}
	}

	@Test
	void kindOfServerThatThereIsNotIsNoRejection() {
		hosts().second().stopServing();
		try (ConfigurableApplicationContext context = hosts().application(url("targetServerType=secondary")).run()) {
			assertThat(failure(dataSource(context))).isNotInstanceOf(IamLoginException.class);
			assertThat(dataSource(context).snapshot().lastLogin().outcome()).isEqualTo(Outcome.FAILED);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		}
	}

	@Test
	void signsInAtAllHostsWhenTheDriverBalancesTheLoad() throws SQLException {
		try (ConfigurableApplicationContext context = hosts().application(url("loadBalanceHosts=true")).run()) {
			IamDataSource dataSource = dataSource(context);
			// By chance: the same host a hundred times in a row is not to be expected.
			for (int i = 0; i < 100 && (logins().firstAccepted() == 0 || logins().secondAccepted() == 0); i++) {
				logIn(dataSource);
			}
			assertThat(logins().firstAccepted()).isPositive();
			assertThat(logins().secondAccepted()).isPositive();
			assertThat(logins().firstRejected() + logins().secondRejected()).isZero();
			assertThat(dataSource.snapshot().counts().signatures()).isEqualTo(2);
		}
	}

	/**
	 * The driver tells nobody of a host that it could not log in at as long as there is
	 * another one.
	 */
	@Test
	void hostThatRejectsTheTokenIsPassedOver() throws SQLException {
		TwoHosts.forgetThePrincipal(hosts().first());
		try (ConfigurableApplicationContext context = hosts().application(url("")).run()) {
			IamDataSource dataSource = dataSource(context);
			logIn(dataSource);
			assertThat(logins()).isEqualTo(new Logins(0, 1, 1, 0));
			assertThat(dataSource.getEndpoint()).isEqualTo(endpoint(hosts().second()));
			assertThat(dataSource.snapshot().lastLogin().outcome()).isEqualTo(Outcome.SUCCEEDED);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		}
	}

	@Test
	void hostsThatAllRejectTheirTokensAreTriedOnceMoreWithANewOneForTheLast() {
		TwoHosts.forgetThePrincipal(hosts().first());
		TwoHosts.forgetThePrincipal(hosts().second());
		try (ConfigurableApplicationContext context = hosts().application(url("")).run()) {
			IamDataSource dataSource = dataSource(context);
			// Otherwise the tokens are signed for this very login, and not tried again.
			awaitTokens(dataSource, 2);
			assertThat(failure(dataSource)).isInstanceOf(IamLoginException.class)
				.hasMessageContaining("did not accept the token as a login of user 'app'")
				.hasMessageContaining("Signed for: " + TwoHosts.address(hosts().second()) + " in us-east-1")
				.hasMessageContaining("arn:aws:rds-db:us-east-1:<account>:dbuser:<resource id>/app");
			assertThat(logins()).isEqualTo(new Logins(0, 2, 0, 2));
			IamDataSourceSnapshot snapshot = dataSource.snapshot();
			assertThat(snapshot.tokens().get(endpoint(hosts().first())).counts().signatures()).isEqualTo(1);
			assertThat(snapshot.tokens().get(endpoint(hosts().second())).counts().signatures()).isEqualTo(2);
			assertThat(snapshot.logins()).containsEntry(Outcome.REJECTED, 2L);
			// At once again: not tried twice any more.
			failure(dataSource);
			assertThat(logins()).isEqualTo(new Logins(0, 3, 0, 3));
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
		}
	}

	/**
	 * The driver tells of the last host only, and that the first one has rejected its
	 * token is known to nobody else.
	 */
	@Test
	void tokenOfAHostThatMayHaveRejectedItIsReplacedIfTheOthersAreDown() {
		TwoHosts.forgetThePrincipal(hosts().first());
		hosts().second().stopServing();
		try (ConfigurableApplicationContext context = hosts().application(url("")).run()) {
			IamDataSource dataSource = dataSource(context);
			awaitTokens(dataSource, 2);
			assertThat(failure(dataSource)).isNotInstanceOf(IamLoginException.class).hasMessageContaining("refused");
			assertThat(logins()).isEqualTo(new Logins(0, 1, 0, 0));
			assertThat(dataSource.snapshot().lastLogin().outcome()).isEqualTo(Outcome.FAILED);
			// In the background, for the next login.
			awaitTokens(dataSource, 3);
			Map<DatabaseEndpoint, TokenSnapshot> tokens = dataSource.snapshot().tokens();
			assertThat(tokens.get(endpoint(hosts().first())).counts().signatures()).isEqualTo(2);
			assertThat(tokens.get(endpoint(hosts().second())).counts().signatures()).isEqualTo(1);
		}
	}

	@Test
	void allHostsDownAreNamed() {
		hosts().first().stopServing();
		hosts().second().stopServing();
		try (ConfigurableApplicationContext context = hosts().application(url("")).run()) {
			assertThat(failure(dataSource(context))).isInstanceOf(IamLoginException.class)
				.hasMessageStartingWith("Nothing accepts connections at " + TwoHosts.address(hosts().first()) + ", "
						+ TwoHosts.address(hosts().second()) + ": ");
			assertThat(logins().all()).isZero();
		}
	}

	@Test
	void hostWhoseCertificateIsAnotherServersIsSentNothing() {
		hosts().first().stopServing();
		String url = "jdbc:postgresql://" + TwoHosts.address(hosts().first()) + "," + OrdersDatabase.OTHER_HOSTNAME
				+ ":" + hosts().second().port() + "/orders?" + FORGETFUL;
		try (ConfigurableApplicationContext context = hosts().application(url).run()) {
			assertThat(failure(dataSource(context))).isInstanceOf(IamLoginException.class)
				.hasMessageContaining("No token was sent, because the server's certificate does not name "
						+ OrdersDatabase.OTHER_HOSTNAME);
			assertThat(logins().all()).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "localhost:1 | The host 'localhost' is not the name of an RDS or Aurora endpoint",
					"10.1.2.3:1 | '10.1.2.3' is an address",
					"no.such.name.invalid:1 | The host name 'no.such.name.invalid'" })
	void hostOfSeveralThatIsNotRds(String address, String problem) {
		assertThat(catchThrowable(hosts()
			.application("jdbc:postgresql://" + TwoHosts.address(hosts().first()) + "," + address + "/orders")::run))
			.isNotNull();
		FailureAnalysis analysis = Objects.requireNonNull(ReportedAnalyses.take());
		assertThat(analysis.getDescription()).contains("Property: iam.datasource.url", problem);
		assertThat(analysis.getAction()).contains("endpoint's own name");
	}

	@ParameterizedTest
	@CsvSource({ "iam.datasource.hostname, orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			"iam.datasource.port, 5432" })
	void oneNameForSeveralHosts(String property, String value) {
		assertThat(catchThrowable(hosts().application(url("")).with(property, value)::run)).isNotNull();
		FailureAnalysis analysis = Objects.requireNonNull(ReportedAnalyses.take());
		assertThat(analysis.getDescription()).contains("Property: " + property, "Value: " + value,
				"The URL names 2 hosts");
	}

	private static String url(String parameters) {
		return hosts().url("postgresql", FORGETFUL + "&" + parameters);
	}

	private static TwoHosts hosts() {
		return both.hosts();
	}

	private static Logins logins() {
		return both.logins();
	}

	static void logIn(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			assertThat(connection.isValid(5)).isTrue();
		}
	}

	static Throwable failure(DataSource dataSource) {
		Throwable failure = catchThrowable(() -> dataSource.getConnection().close());
		assertThat(failure).isNotNull();
		return Outsider.sees(failure);
	}

	static void awaitTokens(IamDataSource dataSource, int signatures) {
		Awaitility.await().until(() -> dataSource.snapshot().counts().signatures() == signatures);
	}

	static DatabaseEndpoint endpoint(RdsIamEmulator rds) {
		return new DatabaseEndpoint(rds.hostname(), rds.port(), rds.region(), "app");
	}

	static IamDataSource dataSource(ConfigurableApplicationContext context) {
		return Objects.requireNonNull(PooledIamDataSource.under(context.getBean(DataSource.class)));
	}

	static IndicatedHealthDescriptor health(ConfigurableApplicationContext context) {
		return (IndicatedHealthDescriptor) context.getBean(HealthEndpoint.class).healthForPath("iamDataSource");
	}

}

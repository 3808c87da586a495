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
import java.util.ArrayList;
import java.util.List;

import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.integration.TwoHosts.Logins;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.jdbc.PemCertificates;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.CallerIdentities;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.TokenSigningException;
import io.github.iamdatasource.token.TokenSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.client.impl.MultiPrimaryClient;
import org.mariadb.jdbc.client.util.ClosableLock;

import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * URLs with several hosts for MySQL's driver and for MariaDB's, whose ways to go from
 * host to host differ.
 */
class MySqlMultiHostTests {

	/** Hosts are tried a few times, and not for half a minute. */
	private static final String IMPATIENT = "retriesAllDown=3";

	@RegisterExtension
	private static final TwoHostsExtension both = new TwoHostsExtension(Engine.MARIADB);

	@AfterEach
	void forgetWhichWereDown() {
		HostsThatAreDown.forget();
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql", "mysql:loadbalance", "mariadb:sequential", "mariadb:loadbalance" })
	void signsInAtTheHostThatIsUpWithATokenOfItsOwn(String kind) throws SQLException {
		try (ConfigurableApplicationContext context = application(kind).run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			hosts().first().stopServing();
			MultiHostTests.logIn(dataSource);
			assertThat(logins()).isEqualTo(new Logins(0, 0, 1, 0));
			assertThat(dataSource.getEndpoint()).isEqualTo(MultiHostTests.endpoint(hosts().second()));
			hosts().first().resumeServing();
			hosts().second().stopServing();
			HostsThatAreDown.forget();
			MultiHostTests.logIn(dataSource);
			assertThat(logins()).isEqualTo(new Logins(1, 0, 1, 0));
			assertThat(dataSource.getEndpoint()).isEqualTo(MultiHostTests.endpoint(hosts().first()));
			assertThat(dataSource.snapshot().tokens()).containsOnlyKeys(MultiHostTests.endpoint(hosts().first()),
					MultiHostTests.endpoint(hosts().second()));
			assertThat(dataSource.snapshot().counts().signatures()).isEqualTo(2);
			assertThat(MultiHostTests.health(context).getDetails())
				.containsEntry("endpoint", TwoHosts.address(hosts().first()))
				.containsKey("otherEndpoints");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql:loadbalance", "mariadb:loadbalance" })
	void signsInAtAllHostsWhenTheDriverBalancesTheLoad(String kind) throws SQLException {
		try (ConfigurableApplicationContext context = application(kind).run()) {
			for (int i = 0; i < 100 && (logins().firstAccepted() == 0 || logins().secondAccepted() == 0); i++) {
				MultiHostTests.logIn(MultiHostTests.dataSource(context));
			}
			assertThat(logins().firstAccepted()).isPositive();
			assertThat(logins().secondAccepted()).isPositive();
			assertThat(logins().firstRejected() + logins().secondRejected()).isZero();
		}
	}

	/**
	 * MySQL's driver takes a rejection for a host that is down, as pgjdbc does.
	 */
	@Test
	void mySqlPassesAHostOverThatRejectsTheToken() throws SQLException {
		TwoHosts.forgetThePrincipal(hosts().first());
		try (ConfigurableApplicationContext context = application("mysql").run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			MultiHostTests.logIn(dataSource);
			assertThat(logins()).isEqualTo(new Logins(0, 1, 1, 0));
			assertThat(dataSource.getEndpoint()).isEqualTo(MultiHostTests.endpoint(hosts().second()));
		}
	}

	/**
	 * MariaDB's driver takes it for an answer.
	 */
	@Test
	void mariaDbGoesNoFurtherThanToAHostThatRejectsTheToken() {
		TwoHosts.forgetThePrincipal(hosts().first());
		try (ConfigurableApplicationContext context = application("mariadb:sequential").run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			MultiHostTests.awaitTokens(dataSource, 2);
			assertThat(MultiHostTests.failure(dataSource)).isInstanceOf(IamLoginException.class)
				.hasMessageContaining("Signed for: " + TwoHosts.address(hosts().first()) + " in eu-west-1");
			assertThat(logins()).isEqualTo(new Logins(0, 2, 0, 0));
			assertThat(MultiHostTests.health(context).getStatus()).isEqualTo(Status.DOWN);
		}
	}

	@ParameterizedTest
	@CsvSource({ "mysql, 4", "mysql:loadbalance, 2", "mariadb:sequential, 2", "mariadb:loadbalance, 2" })
	void hostsThatAllRejectTheirTokensAreTriedOnceMore(String kind, int logins) {
		TwoHosts.forgetThePrincipal(hosts().first());
		TwoHosts.forgetThePrincipal(hosts().second());
		try (ConfigurableApplicationContext context = application(kind).run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			MultiHostTests.awaitTokens(dataSource, 2);
			assertThat(MultiHostTests.failure(dataSource)).isInstanceOf(IamLoginException.class)
				.hasMessageContaining("did not accept the token as a login of user 'app'")
				.hasMessageContaining("AWSAuthenticationPlugin");
			assertThat(logins().all()).isEqualTo(logins);
			assertThat(logins().firstAccepted() + logins().secondAccepted()).isZero();
			assertThat(dataSource.snapshot().counts().signatures()).isEqualTo(3);
			assertThat(dataSource.snapshot().logins()).containsEntry(Outcome.REJECTED, 2L);
		}
	}

	/**
	 * In the middle of a session, without the data source being asked for a connection.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "mysql", "mariadb:sequential" })
	void driverGoesOnToTheOtherHostByItselfAndIsGivenAToken(String kind) throws SQLException {
		try (ConfigurableApplicationContext context = application(kind).run();
				Connection connection = MultiHostTests.dataSource(context).getConnection();
				Statement statement = connection.createStatement()) {
			assertThat(logins()).isEqualTo(new Logins(1, 0, 0, 0));
			hosts().first().stopServing();
			selectOne(statement);
			selectOne(statement);
			assertThat(logins()).isEqualTo(new Logins(1, 0, 1, 0));
		}
	}

	private static void selectOne(Statement statement) {
		try (ResultSet rows = statement.executeQuery("select 1")) {
			assertThat(rows.next()).isTrue();
		}
		catch (SQLException ex) {
			// The driver tells of the loss, and has another connection by then.
			Outsider.sees(ex);
		}
	}

	/**
	 * MariaDB's driver goes where a server sends it, if it is allowed to.
	 */
	@Test
	void serverRedirectsToAnEndpoint() throws SQLException {
		try (ConfigurableApplicationContext context = redirected();
				Connection connection = MultiHostTests.dataSource(context).getConnection();
				Statement statement = connection.createStatement()) {
			redirect(statement, hosts().second().hostname());
			assertThat(logins()).isEqualTo(new Logins(1, 0, 1, 0));
			assertThat(connection.isValid(5)).isTrue();
		}
	}

	@Test
	void serverRedirectsNobodyWhoDidNotAskForIt() throws SQLException {
		try (ConfigurableApplicationContext context = application("mariadb:sequential").run();
				Connection connection = MultiHostTests.dataSource(context).getConnection();
				Statement statement = connection.createStatement()) {
			redirect(statement, hosts().second().hostname());
			assertThat(logins()).isEqualTo(new Logins(1, 0, 0, 0));
			assertThat(connection.isValid(5)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "no.such.name.invalid", OrdersDatabase.OTHER_HOSTNAME })
	void serverRedirectsToAHostThatGetsNoToken(String host) throws SQLException {
		try (ConfigurableApplicationContext context = redirected();
				Connection connection = MultiHostTests.dataSource(context).getConnection();
				Statement statement = connection.createStatement()) {
			redirect(statement, host);
			assertThat(logins()).isEqualTo(new Logins(1, 0, 0, 0));
			// It stays where it is.
			assertThat(connection.isValid(5)).isTrue();
		}
	}

	private static ConfigurableApplicationContext redirected() {
		return hosts().application(hosts().url("mariadb:sequential", IMPATIENT + "&permitRedirect=true")).run();
	}

	private static void redirect(Statement statement, String host) throws SQLException {
		statement.execute("set session redirect_url = 'mariadb://" + host + ":" + hosts().second().port() + "'");
	}

	/**
	 * With no credentials there is no token for any host: no reason for a driver to go
	 * round.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "mysql", "mysql:loadbalance", "mariadb:sequential", "mariadb:loadbalance" })
	void hostsAreNotTriedAgainAndAgainWithoutAToken(String kind) {
		JdbcUrl url = JdbcUrl.parse(hosts().url(kind, ""));
		List<HostAndPort> connections = new ArrayList<>();
		TlsSettings tls = new TlsSettings(TlsMode.VERIFY_FULL, PemCertificates.read(hosts().caFile().toString()));
		try (IamDataSource dataSource = new IamDataSource(url, (address) -> {
			connections.add(address);
			return endpoint(address);
		}, tls, (endpoint) -> new TokenSource("test", (freshness) -> {
			throw new TokenSigningException("no credentials");
		}, RefreshPolicy.DEFAULT, Refresher.shared(), Clock.systemUTC()), CallerIdentities.UNKNOWN,
				Clock.systemUTC())) {
			connections.clear();
			assertThat(MultiHostTests.failure(dataSource)).isInstanceOf(IamLoginException.class)
				.hasMessageContaining("no credentials");
			assertThat(dataSource.snapshot().lastLogin().outcome()).isEqualTo(Outcome.NO_TOKEN);
			assertThat(connections).hasSizeBetween(1, 2);
			assertThat(logins().all()).isZero();
		}
	}

	private static DatabaseEndpoint endpoint(HostAndPort address) {
		RdsIamEmulator rds = address.host().equals(TwoHosts.FIRST) ? hosts().first() : hosts().second();
		return MultiHostTests.endpoint(rds);
	}

	private static Application application(String kind) {
		return hosts().application(hosts().url(kind, IMPATIENT));
	}

	private static TwoHosts hosts() {
		return both.hosts();
	}

	private static Logins logins() {
		return both.logins();
	}

	/**
	 * What MariaDB's driver remembers, for a minute and for all of the process.
	 */
	private abstract static class HostsThatAreDown extends MultiPrimaryClient {

		private HostsThatAreDown(Configuration configuration, ClosableLock lock) throws SQLException {
			super(configuration, lock);
		}

		static void forget() {
			denyList.clear();
		}

	}

}

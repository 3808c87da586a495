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
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.BackendServer;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.PostgresBackend;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.emulator.RdsIamEmulatorBuilder;
import io.github.iamdatasource.endpoint.DnsServer;
import io.github.iamdatasource.endpoint.DnsServer.Mood;
import io.github.iamdatasource.endpoint.EndpointNames;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.PemCertificates;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.MutableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A URL with a name of the user's own, which is an alias of the endpoint in DNS.
 */
class AliasTests {

	/** Leads to this machine by the file of hosts. Whose alias it is, is asked of DNS. */
	private static final String ALIAS = "db.example.com";

	private static final Duration KEPT = Duration.ofSeconds(31);

	private static BackendServer behind;

	private final DnsServer dns = new DnsServer();

	private final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));

	private final EndpointNames names = new EndpointNames(this.dns.address(), this.clock);

	private final List<RdsIamEmulator> started = new ArrayList<>();

	@TempDir
	private Path folder;

	@BeforeAll
	static void startBehind() {
		behind = PostgresBackend.embedded().start();
	}

	@AfterAll
	static void stopBehind() {
		behind.stop().run();
	}

	@AfterEach
	void close() {
		this.started.forEach(RdsIamEmulator::close);
		this.dns.close();
	}

	@Test
	void signsInAtTheEndpointThatTheAliasStandsFor() throws SQLException {
		RdsIamEmulator rds = start(0, OrdersDatabase.HOSTNAME, "eu-west-1");
		this.dns.knows(ALIAS, OrdersDatabase.HOSTNAME);
		// The driver alone would want the certificate to bear the alias.
		assertThat(catchThrowable(() -> connectWithTheDriverAlone(rds))).hasMessageContaining(ALIAS);
		try (ConfigurableApplicationContext context = application(rds).run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			MultiHostTests.logIn(dataSource);
			assertThat(rds.accepted()).isEqualTo(1);
			assertThat(dataSource.getEndpoint()).isEqualTo(MultiHostTests.endpoint(rds));
			assertThat(dataSource.toString()).contains(ALIAS);
			assertThat(MultiHostTests.health(context).getDetails())
				.containsEntry("endpoint", OrdersDatabase.HOSTNAME + ":" + rds.port())
				.doesNotContainKey("otherEndpoints");
		}
	}

	private void connectWithTheDriverAlone(RdsIamEmulator rds) throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", "app");
		properties.setProperty("sslmode", "verify-full");
		properties.setProperty("sslrootcert", caFile().toString());
		DriverManager.getConnection(url("postgresql", rds.port()), properties).close();
	}

	@Test
	void otherDriversSignInAtTheEndpointThatTheAliasStandsFor() throws SQLException {
		RdsIamEmulator rds = start(RdsIamEmulator.mariadb(), 0, OrdersDatabase.HOSTNAME, "eu-west-1");
		this.dns.knows(ALIAS, OrdersDatabase.HOSTNAME);
		for (String kind : List.of("mysql", "mariadb")) {
			try (ConfigurableApplicationContext context = application(rds)
				.with("iam.datasource.url", url(kind, rds.port()))
				.run()) {
				MultiHostTests.logIn(MultiHostTests.dataSource(context));
			}
		}
		assertThat(rds.accepted()).isEqualTo(2);
	}

	/**
	 * As a deployment does that switches from one database to another.
	 */
	@Test
	void aliasThatIsSwitchedIsFollowedOnceItHasNoLongerToBeKept() throws SQLException {
		RdsIamEmulator before = start(0, OrdersDatabase.HOSTNAME, "eu-west-1");
		this.dns.knows(ALIAS, OrdersDatabase.HOSTNAME);
		try (ConfigurableApplicationContext context = application(before).run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			MultiHostTests.logIn(dataSource);
			before.stopServing();
			RdsIamEmulator after = start(before.port(), TwoHosts.SECOND, "us-east-1");
			this.dns.knows(ALIAS, TwoHosts.SECOND);
			// Amazon RDS has one authority for all, each emulator one of its own.
			dataSource.use(new TlsSettings(TlsMode.VERIFY_FULL, PemCertificates.read(caFile().toString())));
			// A server that is not the one of before gets none of its tokens.
			assertThat(MultiHostTests.failure(dataSource)).isInstanceOf(IamLoginException.class)
				.hasMessageContaining(
						"No token was sent, because the server's certificate does not name " + OrdersDatabase.HOSTNAME);
			assertThat(after.accepted() + after.rejected()).isZero();
			this.clock.advance(KEPT);
			MultiHostTests.logIn(dataSource);
			assertThat(after.accepted()).isEqualTo(1);
			assertThat(after.rejected()).isZero();
			assertThat(dataSource.getEndpoint()).isEqualTo(MultiHostTests.endpoint(after));
			assertThat(dataSource.snapshot().tokens()).containsOnlyKeys(MultiHostTests.endpoint(before),
					MultiHostTests.endpoint(after));
			assertThat(MultiHostTests.health(context).getDetails())
				.containsEntry("endpoint", TwoHosts.SECOND + ":" + after.port())
				.containsKey("otherEndpoints");
		}
	}

	@ParameterizedTest
	@EnumSource(names = "GOOD", mode = EnumSource.Mode.EXCLUDE)
	void loginsGoOnWhenDnsFails(Mood mood) throws SQLException {
		RdsIamEmulator rds = start(0, OrdersDatabase.HOSTNAME, "eu-west-1");
		this.dns.knows(ALIAS, OrdersDatabase.HOSTNAME);
		try (ConfigurableApplicationContext context = application(rds).run()) {
			MultiHostTests.logIn(MultiHostTests.dataSource(context));
			this.dns.be(mood);
			this.clock.advance(Duration.ofHours(1));
			int questions = this.dns.questions();
			MultiHostTests.logIn(MultiHostTests.dataSource(context));
			assertThat(this.dns.questions()).isGreaterThan(questions);
			assertThat(rds.accepted()).isEqualTo(2);
			assertThat(MultiHostTests.health(context).getStatus()).isEqualTo(Status.UP);
		}
	}

	@Test
	void loginsGoOnWhenTheAliasIsGone() throws SQLException {
		RdsIamEmulator rds = start(0, OrdersDatabase.HOSTNAME, "eu-west-1");
		this.dns.knows(ALIAS, OrdersDatabase.HOSTNAME);
		try (ConfigurableApplicationContext context = application(rds).run()) {
			this.dns.forget(ALIAS);
			this.clock.advance(KEPT);
			MultiHostTests.logIn(MultiHostTests.dataSource(context));
			assertThat(rds.accepted()).isEqualTo(1);
		}
	}

	@Test
	void aliasThatLeadsOutOfRdsLaterIsSentNothing() {
		RdsIamEmulator rds = start(0, OrdersDatabase.HOSTNAME, "eu-west-1");
		this.dns.knows(ALIAS, OrdersDatabase.HOSTNAME);
		try (ConfigurableApplicationContext context = application(rds).run()) {
			this.dns.knows(ALIAS, "elsewhere.example.com").knows("elsewhere.example.com");
			this.clock.advance(KEPT);
			assertThat(MultiHostTests.failure(MultiHostTests.dataSource(context))).isInstanceOf(IamLoginException.class)
				.hasMessageContaining(
						"No token was sent. The host name 'db.example.com' is an alias of a host that is not "
								+ "of RDS: db.example.com -> elsewhere.example.com.")
				.hasMessageContaining("iam.datasource.hostname");
			assertThat(rds.accepted() + rds.rejected()).isZero();
		}
	}

	@Test
	void endpointThatIsNamedByAPropertyIsNotAskedFor() throws SQLException {
		RdsIamEmulator rds = start(0, OrdersDatabase.HOSTNAME, "eu-west-1");
		try (ConfigurableApplicationContext context = application(rds)
			.with("iam.datasource.hostname", OrdersDatabase.HOSTNAME)
			.run()) {
			MultiHostTests.logIn(MultiHostTests.dataSource(context));
			assertThat(this.dns.questions()).isZero();
		}
	}

	@Test
	void aliasOutsideRds() {
		this.dns.knows(ALIAS, "elsewhere.example.com").knows("elsewhere.example.com");
		assertFails("The host name 'db.example.com' is an alias of a host that is not of RDS: "
				+ "db.example.com -> elsewhere.example.com", "Let the alias point to the endpoint in DNS");
	}

	@Test
	void aliasThatIsNone() {
		this.dns.knows(ALIAS);
		assertFails("'db.example.com' is neither an RDS endpoint nor an alias of one, but has an address of its own",
				"Make it an alias (CNAME) of the endpoint");
	}

	@Test
	void aliasThatLeadsBack() {
		this.dns.knowsChain(List.of(ALIAS, "a.example.com", ALIAS));
		assertFails("'db.example.com' leads back to itself: db.example.com -> a.example.com -> db.example.com",
				"Correct the alias in DNS");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "gone.example.com" })
	void aliasThatIsNotKnown(String next) {
		if (!next.isEmpty()) {
			this.dns.knows(ALIAS, next);
		}
		assertFails(
				next.isEmpty() ? "'db.example.com' is not known to DNS"
						: "is an alias of a name that is not known to DNS: db.example.com -> gone.example.com",
				"Check the spelling");
	}

	@Test
	void silentDns() {
		this.dns.be(Mood.SILENT);
		assertFails("may be an alias of an RDS endpoint, but DNS did not answer within 2000 ms", "Check the network");
	}

	@Test
	void dnsThatRefuses() {
		this.dns.be(Mood.REFUSING);
		assertFails("may be an alias of an RDS endpoint, but the DNS servers refused to answer",
				"Ask those who run the DNS servers");
	}

	@Test
	void regionOfAnAliasThatDoesNotTellIt() {
		this.dns.knows(ALIAS, "orders.global-c1a2b3c4d5e6.global.rds.amazonaws.com");
		Throwable failure = catchThrowable(() -> unstarted().run().close());
		assertThat(Outsider.sees(failure)).isNotNull();
		FailureAnalysis analysis = Objects.requireNonNull(ReportedAnalyses.take());
		assertThat(analysis.getDescription()).contains("Property: iam.datasource.region");
	}

	private void assertFails(String problem, String action) {
		Throwable failure = catchThrowable(() -> unstarted().run().close());
		assertThat(Outsider.sees(failure)).isNotNull();
		FailureAnalysis analysis = Objects.requireNonNull(ReportedAnalyses.take());
		assertThat(analysis.getDescription()).contains("Property: iam.datasource.url",
				"Value: jdbc:postgresql://db.example.com:5432/orders", problem);
		assertThat(analysis.getAction()).contains(action, "iam.datasource.hostname");
	}

	private Application unstarted() {
		return Application.unconfigured()
			.with(this.names)
			.with("iam.datasource.url", url("postgresql", 5432))
			.with("iam.datasource.username", "app");
	}

	private Application application(RdsIamEmulator rds) {
		return unstarted().with("iam.datasource.url", url("postgresql", rds.port()))
			.with("iam.datasource.tls.ca-certificates", caFile().toString())
			.with("spring.datasource.type", IamDataSource.class.getName());
	}

	private static String url(String kind, int port) {
		return "jdbc:" + kind + "://" + ALIAS + ":" + port + "/orders";
	}

	private RdsIamEmulator start(int port, String hostname, String region) {
		return start(RdsIamEmulator.postgresql()
			.backend(PostgresBackend.server(behind.host(), behind.port(), behind.adminUser(), behind.adminPassword())),
				port, hostname, region);
	}

	private RdsIamEmulator start(RdsIamEmulatorBuilder builder, int port, String hostname, String region) {
		RdsIamEmulator rds = builder.hostname(hostname)
			.port(port)
			.region(region)
			.database("orders")
			.user("app")
			.principal(IamPrincipal.withKeys(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY)
				.allowedToConnectAs("app"))
			.start();
		this.started.add(rds);
		return rds;
	}

	private Path caFile() {
		StringBuilder authorities = new StringBuilder();
		this.started.forEach((rds) -> authorities.append(rds.caCertificatePem()));
		try {
			return Files.writeString(this.folder.resolve("ca.pem"), authorities);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

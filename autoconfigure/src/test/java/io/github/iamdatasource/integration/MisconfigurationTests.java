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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.aws.Role;
import io.github.iamdatasource.aws.Sessions;
import io.github.iamdatasource.aws.StsServer;
import io.github.iamdatasource.documentation.Page;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.integration.TlsListener.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mistakes that people make, each of which stops the start-up of an application that
 * migrates its database. The first line that they read names that very mistake, although
 * the server tells most of them apart in no way.
 */
@ExtendWith(OrdersDatabases.Resolver.class)
class MisconfigurationTests {

	private static final String USER = "arn:aws:iam::123456789012:user/deploy";

	private static final String RESOURCE = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:<resource id>/app";

	private final OrdersDatabases databases;

	private final OrdersDatabase database;

	@TempDir
	private Path folder;

	private FileAuthority authority;

	private StsServer sts;

	MisconfigurationTests(OrdersDatabases databases) {
		this.databases = databases;
		this.database = databases.of(Engine.POSTGRESQL);
	}

	@BeforeEach
	void start() throws Exception {
		this.authority = new FileAuthority();
		this.authority.writeCertificate(this.folder.resolve("ca.pem"));
		this.sts = StsServer.start(this.database.rds())
			.user(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY, USER)
			.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY, USER);
	}

	@AfterEach
	void close() {
		this.sts.close();
	}

	static Stream<Arguments> settings() {
		return Stream.of(
				setting("no user", (app) -> app.without("iam.datasource.username"),
						"because of the property 'iam.datasource.username'."),
				setting("the URL in Spring Boot's property only",
						(app) -> app.without("iam.datasource.url")
							.with("spring.datasource.url", "jdbc:postgresql://" + OrdersDatabase.HOSTNAME + "/orders"),
						"because of the property 'iam.datasource.url'."),
				setting("a tunnel without the endpoint's own name",
						(app) -> app.with("iam.datasource.url", "jdbc:postgresql://localhost:5432/orders"),
						"The host 'localhost' is not the name of an RDS or Aurora endpoint"),
				setting("an address", (app) -> app.with("iam.datasource.url", "jdbc:postgresql://10.1.2.3:5432/orders"),
						"'10.1.2.3' is an address"),
				setting("a password in the URL",
						(app) -> app.with("iam.datasource.url",
								"jdbc:postgresql://" + OrdersDatabase.HOSTNAME + "/orders?password=NeverLogThis"),
						"'iam.datasource.url'. It has the parameter 'password'."),
				setting("TLS that does not verify",
						(app) -> app.with("iam.datasource.url",
								"jdbc:postgresql://" + OrdersDatabase.HOSTNAME + "/orders?sslmode=require"),
						"'iam.datasource.url'. It has sslmode=require, which is not as strict as verify-full"),
				setting("a region that is none", (app) -> app.with("iam.datasource.region", "Ireland"),
						"because of the property 'iam.datasource.region'."),
				setting("a password of the pool's",
						(app) -> app.with("spring.datasource.hikari.password", "NeverLogThis"),
						"because of the property 'spring.datasource.hikari.password'."),
				setting("no credentials", Application::withoutCredentials,
						"for want of AWS credentials. There are none where the AWS SDK looks for them."),
				setting("a profile that nobody has written",
						(app) -> app.withoutCredentials().with("iam.datasource.credentials.profile", "orders"),
						"for want of AWS credentials. There is no profile 'orders' in "),
				setting("session credentials that have ended",
						(app) -> app.with(TestCredentials.session(Instant.parse("2026-01-01T00:00:00Z"))),
						"expired at 2026-01-01T00:00:00Z"),
				setting("two of the three values of session credentials",
						(app) -> app.with(TestCredentials.longLived(TestCredentials.SESSION_ACCESS_KEY,
								TestCredentials.SECRET_KEY)),
						"are those of a session (the access key begins with ASIA), but no session token came with them"),
				setting("another region than the database's", (app) -> app.with("iam.datasource.region", "us-east-1"),
						"The token was signed for the region us-east-1, but " + OrdersDatabase.HOSTNAME
								+ " is in eu-west-1."),
				setting("another database's name to sign for",
						(app) -> app.with("iam.datasource.hostname", OrdersDatabase.OTHER_HOSTNAME)
							.with("iam.datasource.tls.mode", "verify-ca"),
						"The token was signed for " + OrdersDatabase.OTHER_HOSTNAME + ", but the URL connects to "
								+ OrdersDatabase.HOSTNAME + "."),
				setting("an alias to sign for",
						(app) -> app.with("iam.datasource.hostname", "orders.example.com")
							.with("iam.datasource.region", "eu-west-1")
							.with("iam.datasource.tls.mode", "verify-ca"),
						"The token was signed for orders.example.com, which is no name that AWS gives to a database"),
				setting("a tunnel's port without a tunnel", (app) -> app.with("iam.datasource.port", "15432"),
						"The token was signed for the port 15432, but the URL connects to the port "),
				setting("a user that the database does not have, or who was not granted rds_iam",
						(app) -> app.with("iam.datasource.username", "reports"),
						"The database has no user 'reports' who signs in with tokens: it did not ask for one."),
				setting("a user in quotes", (app) -> app.with("iam.datasource.username", "'app'@'%'"),
						"The database user is ['app'@'%'], which looks as if more than a name had been written"),
				setting("a user in another case", (app) -> app.with("iam.datasource.username", "App"),
						"The database has no user 'App' who signs in with tokens: it did not ask for one."),
				setting("a certificate authority that does not vouch for the server",
						(app) -> app.without("iam.datasource.tls.ca-certificates"),
						"because no trusted certificate authority vouches for the server's certificate"),
				setting("a name that the certificate does not bear",
						(app) -> app.with("iam.datasource.hostname", OrdersDatabase.OTHER_HOSTNAME),
						"No token was sent, because the server's certificate does not name "
								+ OrdersDatabase.OTHER_HOSTNAME));
	}

	private static Arguments setting(String mistake, UnaryOperator<Application> making, String told) {
		return Arguments.argumentSet(mistake, making, told);
	}

	@ParameterizedTest
	@MethodSource("settings")
	void mistakeInTheSettings(UnaryOperator<Application> making, String told) {
		assertThat(firstLine(making.apply(application()))).contains(told);
	}

	@Test
	void accessKeyThatIsNotKnown() {
		assertThat(firstLine(identified(TestCredentials.longLived("AKIAIUNKNOWNUNKNOWN1", TestCredentials.SECRET_KEY))))
			.startsWith(
					"AWS does not accept the credentials that signed the token. AWS STS does not know this access key");
	}

	@Test
	void secretOfAnotherKey() {
		assertThat(firstLine(
				identified(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, "NeverLogThis/other"))))
			.startsWith("AWS does not accept the credentials that signed the token. ")
			.contains("the secret access key does not belong to this access key");
	}

	@Test
	void policyThatDoesNotAllowTheLogin() {
		FailureAnalysis analysis = ReportedAnalyses.ofFailing(
				identified(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY)));
		assertThat(firstLine(analysis))
			.startsWith("AWS IAM most likely does not allow " + USER + " to sign in as database user 'app'");
		assertThat(analysis.getAction()).startsWith("Look at the policies of " + USER);
	}

	@Test
	void policyThatAllowsAnotherUserOnly() {
		assertThat(firstLine(identified(TestCredentials.user()).with("iam.datasource.username", "auditor")))
			.startsWith("AWS IAM most likely does not allow " + USER + " to sign in as database user 'auditor'");
	}

	@Test
	void clockThatIsWrong() {
		try (Sessions sessions = Sessions.knownTo(this.database.rds());
				StsServer later = StsServer.start(sessions, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(20)))
					.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY, USER)) {
			assertThat(firstLine(
					identified(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
						.with("iam.datasource.credentials.sts-endpoint", later.endpoint())))
				.matches("This machine's clock is 1(199|20\\d) s behind that of AWS, .*");
		}
	}

	/**
	 * A token that was signed some minutes ago is still good.
	 */
	@Test
	void clockThatIsALittleLateIsNotToBlame() {
		try (Sessions sessions = Sessions.knownTo(this.database.rds());
				StsServer later = StsServer.start(sessions, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(6)))
					.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY, USER)) {
			FailureAnalysis analysis = ReportedAnalyses.ofFailing(
					identified(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
						.with("iam.datasource.credentials.sts-endpoint", later.endpoint()));
			assertThat(firstLine(analysis)).startsWith("AWS IAM most likely does not allow " + USER);
			assertThat(analysis.getDescription()).containsPattern("    Clock: \\S+, 3(59|6\\d) s behind that of AWS");
		}
	}

	@Test
	void roleThatMayNotBeAssumed() {
		Role role = Role.of("arn:aws:iam::123456789012:role/orders").trusting("arn:aws:iam::123456789012:user/other");
		this.sts.role(role);
		assertThat(
				firstLine(identified(TestCredentials.user()).with("iam.datasource.credentials.role-arn", role.arn())))
			.contains("for want of AWS credentials. AWS STS did not allow to assume the role ")
			.contains(role.arn());
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql", "mariadb" })
	void userWhoWasNotCreatedForTokens(String driver) {
		// MariaDB's driver sends the token without being asked, so there it cannot be
		// known.
		OrdersDatabase mysql = this.databases.of(engine(driver));
		FailureAnalysis analysis = ReportedAnalyses.ofFailing(Application.signingIn(mysql)
			.with("iam.datasource.url", mysql.rds().jdbcUrl(driver))
			.with("spring.flyway.enabled", "true")
			.with("iam.datasource.username", "reports"));
		assertThat(firstLine(analysis)).startsWith((driver.equals("mysql"))
				? "The database has no user 'reports' who signs in with tokens: it did not ask for one."
				: "The database did not accept the token as a login of user 'reports'");
		assertThat(analysis.getAction())
			.contains("CREATE USER 'reports'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS';")
			.contains("ALTER USER 'reports'@'%' REQUIRE SSL;");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mysql", "mariadb" })
	void databaseThatTheServerDoesNotHave(String driver) {
		OrdersDatabase server = this.databases.of(engine(driver));
		String url = server.rds().jdbcUrl(driver).replaceAll("/orders$", "/ordres");
		// MySQL and MariaDB tell nobody which databases they do not have.
		assertThat(firstLine(
				Application.signingIn(server).with("iam.datasource.url", url).with("spring.flyway.enabled", "true")))
			.startsWith((engine(driver) == Engine.POSTGRESQL)
					? "The token was accepted, but there is no database of the name in the URL: FATAL: database \"ordres\""
					: "The token was accepted, but the user 'app' may not use the database: ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mysql", "mariadb" })
	void hostThatDoesNotExist(String driver) {
		String host = "ordres.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";
		assertThat(firstLine(at(driver, host, 5432))).startsWith("There is no host of the name " + host + ": ");
	}

	@Test
	void oneOfSeveralHostsThatDoesNotExist() throws Exception {
		String host = "ordres.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";
		assertThat(firstLine(application().with("iam.datasource.url",
				"jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":" + closedPort() + "," + host + ":5432/orders")))
			.startsWith("There is no host of the name " + host + ": ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mysql", "mariadb" })
	void tunnelWhoseFarEndIsDead(String driver) throws Exception {
		try (StallingRelay tunnel = StallingRelay.to(closedPort())) {
			assertThat(firstLine(at(driver, OrdersDatabase.HOSTNAME, tunnel.port()))).startsWith("The connection to "
					+ OrdersDatabase.HOSTNAME + ":" + tunnel.port() + " was closed before it was encrypted: ");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mysql", "mariadb" })
	void portWhereNothingListens(String driver) throws Exception {
		int port = closedPort();
		assertThat(firstLine(at(driver, OrdersDatabase.HOSTNAME, port)))
			.startsWith("Nothing accepts connections at " + OrdersDatabase.HOSTNAME + ":" + port + ": ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mysql", "mariadb" })
	void securityGroupThatLetsNobodyIn(String driver) throws Exception {
		// A network drops what is sent without a word; a server that says nothing is like
		// it.
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			assertThat(firstLine(at(driver, OrdersDatabase.HOSTNAME, silent.getLocalPort())))
				.startsWith(OrdersDatabase.HOSTNAME + ":" + silent.getLocalPort() + " does not answer: ");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mysql", "mariadb" })
	void serverWithoutTls(String driver) throws Exception {
		Protocol protocol = (engine(driver) == Engine.POSTGRESQL) ? Protocol.POSTGRESQL : Protocol.MYSQL;
		try (TlsListener server = TlsListener.withoutTls(protocol)) {
			assertThat(firstLine(at(driver, OrdersDatabase.HOSTNAME, server.port()))).startsWith("No token was sent to "
					+ OrdersDatabase.HOSTNAME + ":" + server.port() + ", because the server does not offer TLS: ");
		}
	}

	/**
	 * pgjdbc speaks the language of the JVM.
	 */
	@Test
	void serverWithoutTlsInAnotherLanguage() throws Exception {
		Locale before = Locale.getDefault();
		Locale.setDefault(Locale.GERMANY);
		try {
			serverWithoutTls("postgresql");
			securityGroupThatLetsNobodyIn("postgresql");
		}
		finally {
			Locale.setDefault(before);
		}
	}

	@Test
	void rejectionTellsAllThatIsKnownAndWhatToPaste() {
		FailureAnalysis analysis = ReportedAnalyses.ofFailing(
				identified(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY)));
		String place = OrdersDatabase.HOSTNAME + ":" + this.database.rds().port();
		assertThat(analysis.getDescription()).contains("    Address: " + place)
			.contains("    Database user: 'app'")
			.contains("    Signed for: " + place + " in eu-west-1")
			.contains("    Signed by: the access key that ends in 'DDEN' of " + USER + " from the ")
			.containsPattern("    Token: \\d+ s old and good for another \\d+ s")
			.containsPattern("    Clock: 20\\S+Z, which is that of AWS")
			.containsPattern("    TLS: TLSv1.3 with TLS_\\w+, certificate of CN=[^,]+, verify-full")
			.containsPattern("    Driver: org.postgresql.Driver 42\\.[\\d.]+, which gets the token from "
					+ "PostgreSqlTokenPlugin");
		assertThat(analysis.getAction()).contains("\"Action\": \"rds-db:connect\"")
			.contains("\"Resource\": \"" + RESOURCE + "\"")
			.contains("    aws rds describe-db-instances --query \"DBInstances[?Endpoint.Address=='"
					+ OrdersDatabase.HOSTNAME
					+ "'].[DbiResourceId,DBClusterIdentifier]\" --output text --region eu-west-1")
			.contains("    CREATE USER \"app\";", "    GRANT rds_iam TO \"app\";");
	}

	/**
	 * But for what differs from time to time, and from build to build.
	 */
	@Test
	void guideShowsARejectionAsItIs() {
		FailureAnalysis analysis = ReportedAnalyses.ofFailing(
				identified(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY)));
		String guide = Page.of("docs/troubleshooting.md").text();
		String shown = guide.substring(guide.indexOf("<!-- rejection -->"));
		shown = shown.substring(shown.indexOf("```text\n") + "```text\n".length(), shown.indexOf("\n```\n"));
		assertThat(alike(analysis.getDescription())).isEqualTo(alike(shown));
	}

	private static String alike(String description) {
		return description.replaceAll("amazonaws\\.com:\\d+", "amazonaws.com:0")
			.replaceAll("\\d+ s\\b", "0 s")
			.replaceAll("20\\d\\d-[-\\dT:]+Z", "now")
			.replaceAll("Driver [\\d.]+,", "Driver 0,")
			.replace(System.lineSeparator(), "\n");
	}

	@ParameterizedTest
	@EnumSource(names = { "HIKARI", "TOMCAT", "DBCP2" })
	void eachPoolLeadsToTheCause(Pool pool) {
		assertThat(firstLine(
				application().with("spring.datasource.type", pool.type()).with("iam.datasource.region", "us-east-1")))
			.startsWith("The token was signed for the region us-east-1");
	}

	private static int closedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private Application application() {
		return Application.signingIn(this.database).with("spring.flyway.enabled", "true");
	}

	private Application identified(AwsCredentialsProvider credentials) {
		return application().with(credentials)
			.with("iam.datasource.credentials.identify-caller", "true")
			.with("iam.datasource.credentials.sts-endpoint", this.sts.endpoint());
	}

	private Application at(String driver, String host, int port) {
		return Application.unconfigured()
			.with("iam.datasource.url", "jdbc:" + driver + "://" + host + ":" + port + "/orders")
			.with("iam.datasource.username", "app")
			.with("iam.datasource.tls.ca-certificates", this.folder.resolve("ca.pem").toString())
			.with("spring.flyway.enabled", "true");
	}

	private static Engine engine(String driver) {
		return driver.equals("postgresql") ? Engine.POSTGRESQL : Engine.MARIADB;
	}

	private static String firstLine(Application application) {
		return firstLine(ReportedAnalyses.ofFailing(application));
	}

	private static String firstLine(FailureAnalysis analysis) {
		assertThat(analysis.getAction()).isNotBlank();
		return analysis.getDescription().lines().findFirst().orElseThrow();
	}

}

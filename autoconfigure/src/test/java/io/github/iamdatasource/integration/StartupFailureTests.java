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
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.jdbc.TlsMode;
import org.hibernate.DialectUnknownException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Each wrong configuration stops the start-up and is explained: which property, which
 * value, what to do.
 */
class StartupFailureTests {

	private static final String URL = "jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":5432/orders";

	@Test
	void noUrl() {
		ReportedAnalyses.assertFails(application().without("iam.datasource.url"), "Property: iam.datasource.url",
				"Value: (not set)", "like jdbc:postgresql://<endpoint>:5432/<database>",
				"iam.datasource.enabled=false");
	}

	@Test
	void noPropertiesAtAll() {
		ReportedAnalyses.assertFails(Application.unconfigured(), "Property: iam.datasource.url", "Value: (not set)");
	}

	@Test
	void urlInTheOldPlaceOnly() {
		ReportedAnalyses.assertFails(application().without("iam.datasource.url").with("spring.datasource.url", URL),
				"Property: iam.datasource.url", "Move the value of spring.datasource.url there");
	}

	@Test
	void bothUrls() {
		ReportedAnalyses.assertFails(
				application().with("spring.datasource.url", "jdbc:postgresql://h/db?password=NeverLogThis"),
				"Property: iam.datasource.url", "Value: " + URL, "second URL in spring.datasource.url",
				"'jdbc:postgresql://h/db…'", "Remove spring.datasource.url");
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders.example.com", "postgresql://h/db", "jdbc:postgresql://h:port/db",
			"jdbc:postgresql://h" })
	void malformedUrl(String url) {
		ReportedAnalyses.assertFails(application().with("iam.datasource.url", url), "Property: iam.datasource.url",
				"Value: " + url, "jdbc:postgresql://<endpoint>:5432/<database>");
	}

	@Test
	void urlWithAPassword() {
		ReportedAnalyses.assertFails(application().with("iam.datasource.url", URL + "?user=app&password=NeverLogThis"),
				"Property: iam.datasource.url", "It has the parameter 'password'.", "a signed token takes the place");
	}

	@Test
	void urlWithAPasswordBeforeTheHost() {
		ReportedAnalyses.assertFails(
				application().with("iam.datasource.url", "jdbc:postgresql://app:NeverLogThis@h:5432/orders"),
				"Property: iam.datasource.url", "Value: jdbc:postgresql://…");
	}

	@Test
	void unknownSubprotocol() {
		ReportedAnalyses.assertFails(
				application().with("iam.datasource.url", "jdbc:sqlserver://h;password=NeverLogThis"),
				"Property: iam.datasource.url", "Value: jdbc:sqlserver://h…",
				"subprotocol 'sqlserver' is not supported", "jdbc:postgresql:");
	}

	@Test
	void noUsername() {
		ReportedAnalyses.assertFails(application().without("iam.datasource.username"),
				"Property: iam.datasource.username", "Value: (not set)", "granted rds_iam");
	}

	@Test
	void noRegion() {
		ReportedAnalyses.assertFails(
				application().with("iam.datasource.url", "jdbc:postgresql://localhost:5432/orders")
					.with("iam.datasource.hostname", "orders.c1a2b3c4d5e6.global.rds.amazonaws.com"),
				"Property: iam.datasource.region", "Value: (not set)", "such as eu-west-1", "AWS_REGION");
	}

	@Test
	void noCredentials() {
		ReportedAnalyses.assertFails(application().withoutCredentials(),
				"for want of AWS credentials. There are none where the AWS SDK looks",
				"- system properties (aws.accessKeyId is not set)",
				"- environment variables (AWS_ACCESS_KEY_ID is not set)",
				"- web identity token (AWS_WEB_IDENTITY_TOKEN_FILE is not set)",
				"- profile 'default' (there is none in ",
				"- container credentials (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set)",
				"- instance metadata (AWS_EC2_METADATA_DISABLED is true)", "iam.datasource.enabled=false");
	}

	@Test
	void placesWithoutCredentialsAreDocumentedAsTheyAreTold() throws IOException {
		Outsider.sees(catchThrowable(application().withoutCredentials()::run));
		FailureAnalysis analysis = ReportedAnalyses.take();
		assertThat(analysis).isNotNull();
		assertThat(Files.readString(Path.of("../docs/credentials.md"))).contains(analysis.getDescription()
			.replace(System.getProperty("aws.configFile"), "~/.aws/config")
			.replace(System.getProperty("aws.sharedCredentialsFile"), "~/.aws/credentials"));
	}

	@Test
	void sourceOfTheCredentialsThatIsDown() {
		ReportedAnalyses.assertFails(application().with(() -> {
			throw ScriptedCredentials.failure();
		}), "for want of AWS credentials. " + ScriptedCredentials.REASON,
				"Check the settings of the application's AwsCredentialsProvider bean", "iam.datasource.enabled=false");
	}

	@Test
	void credentialsThatDoNotComeInTime() throws InterruptedException {
		CountDownLatch interrupted = new CountDownLatch(1);
		ReportedAnalyses.assertFails(application().with(() -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
			throw ScriptedCredentials.failure();
		}), "have not come for 10 s, and are still waited for", "AwsCredentialsProvider bean");
		// Nobody waits for them any more.
		assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void credentialsThatHaveExpired() {
		Instant end = Instant.now().minusSeconds(90);
		ReportedAnalyses.assertFails(application().with(TestCredentials.session(end)), "expired at " + end,
				"this machine's clock is wrong: it is " + Instant.now().toString().substring(0, 10));
	}

	@ParameterizedTest
	@CsvSource({ "refresh-after, 0s, 0s", "refresh-after, 900ms, 900ms", "refresh-after, 900, 900s",
			"refresh-after, 15m, 900s", "refresh-after, 1h, 3600s", "expiry-margin, -1m, -60s",
			"expiry-margin, 20m, 1200s" })
	void durationThatNoTokenLives(String property, String value, String shown) {
		ReportedAnalyses.assertFails(application().with("iam.datasource.token." + property, value),
				"Property: iam.datasource.token." + property, "Value: " + shown, "A token lives 15 minutes",
				"such as 90s or 5m");
	}

	@Test
	void loginOfHibernateThatDropsTheCause() {
		ReportedAnalyses.assertFails(application(HibernateLogin.class).withoutCredentials(),
				"There is no token to log in with. No AWS credentials", "Give the application an AWS identity",
				"Hibernate only says: Unable to determine Dialect without JDBC metadata");
	}

	@Test
	void poolThatOnlySaysThatNobodyGotAConnection() {
		ReportedAnalyses.assertFails(application(PoolTimeout.class).withoutCredentials(),
				"There is no token to log in with. No AWS credentials", "Give the application an AWS identity",
				"The pool only says: orders - Connection is not available, request timed out after 2000ms");
	}

	@Test
	void failureThatHasNothingToDoWithAFailedLogin() {
		Throwable failure = catchThrowable(application(FailureAfterLogin.class).withoutCredentials()::run);
		assertThat(failure).hasRootCauseMessage("something else");
		assertThat(ReportedAnalyses.take()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "localhost, is not the name of an RDS or Aurora endpoint", "10.1.2.3, is an address" })
	void hostThatIsNotRds(String host, String problem) {
		ReportedAnalyses.assertFails(application().with("iam.datasource.url", "jdbc:postgresql://" + host + "/orders"),
				"Property: iam.datasource.url", "'" + host + "' " + problem, "iam.datasource.hostname");
	}

	@Test
	void readmeShowsAnExplanationAsItIs() throws IOException {
		Outsider.sees(catchThrowable(
				application().with("iam.datasource.url", "jdbc:postgresql://localhost:5432/orders")::run));
		FailureAnalysis analysis = ReportedAnalyses.take();
		assertThat(analysis).isNotNull();
		assertThat(Files.readString(Path.of("../README.md"))).contains(analysis.getAction())
			.contains(analysis.getDescription().substring(0, analysis.getDescription().indexOf("    Set in:")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://orders.example.com", "a b", "user:NeverLogThis@h" })
	void hostnameThatIsNone(String hostname) {
		ReportedAnalyses.assertFails(application().with("iam.datasource.hostname", hostname),
				"Property: iam.datasource.hostname", "not a host name");
	}

	@Test
	void regionThatIsNone() {
		ReportedAnalyses.assertFails(application().with("iam.datasource.region", "Ireland"),
				"Property: iam.datasource.region", "Value: Ireland", "such as eu-west-1");
	}

	@Test
	void propertiesForTheDriverThatThePoolWouldNotPassOn() {
		ReportedAnalyses.assertFails(
				application().with("spring.datasource.hikari.data-source-properties.reWriteBatchedInserts", "true")
					.with(TestCredentials.user()),
				"Property: spring.datasource.hikari.data-source-properties", "Value: reWriteBatchedInserts",
				"iam.datasource.url");
	}

	@Test
	void certificateAuthoritiesThatNobodyWouldLookAt(@TempDir Path folder) throws IOException {
		Path file = folder.resolve("ca.pem");
		try (var certificates = TlsMode.class.getResourceAsStream("rds-root-certificates.pem")) {
			Files.copy(certificates, file);
		}
		ReportedAnalyses.assertFails(
				application().with("iam.datasource.tls.mode", "require")
					.with("iam.datasource.tls.ca-certificates", file.toString()),
				"none would be looked at", "verify-ca");
	}

	@Test
	void portThatIsNone() {
		ReportedAnalyses.assertFails(application().with("iam.datasource.port", "70000"),
				"Property: iam.datasource.port", "Value: 70000", "from 1 to 65535");
	}

	@Test
	void certificateFileThatIsMissing() {
		ReportedAnalyses.assertFails(application().with("iam.datasource.tls.ca-certificates", "/does/not/exist.pem"),
				"Property: iam.datasource.tls.ca-certificates", "Value: /does/not/exist.pem", "cannot be read",
				"Check the path");
	}

	@Test
	void certificateFileThatIsNotPem(@TempDir Path folder) throws IOException {
		Path file = Files.writeString(folder.resolve("ca.pem"), "not a certificate");
		ReportedAnalyses.assertFails(application().with("iam.datasource.tls.ca-certificates", file.toString()),
				"Property: iam.datasource.tls.ca-certificates", "Value: " + file, "holds no X.509 certificates",
				"-----BEGIN CERTIFICATE-----");
	}

	@Test
	void urlThatIsNotStrictEnough() {
		ReportedAnalyses.assertFails(application().with("iam.datasource.url", URL + "?sslmode=require"),
				"Property: iam.datasource.url", "sslmode=require, which is not as strict as verify-full",
				"iam.datasource.tls.mode");
	}

	@ParameterizedTest
	@CsvSource({ "postgresql, ssl=false", "postgresql, sslmode=disable", "mysql, sslMode=DISABLED",
			"mysql, sslMode=REQUIRED", "mysql, useSSL=false", "mysql, requireSSL=false",
			"mysql, verifyServerCertificate=false", "mariadb, sslMode=disable", "mariadb, sslMode=trust",
			"mariadb, useSsl=false", "mariadb, trustServerCertificate=true",
			"mariadb, disableSslHostnameVerification=true", "aws-wrapper:mysql, sslMode=PREFERRED",
			"mysql:loadbalance, useSSL=false", "mariadb:sequential, sslMode=trust" })
	void urlOfAnotherDriverThatIsNotStrictEnough(String kind, String parameter) {
		String url = "jdbc:" + kind + "://" + OrdersDatabase.HOSTNAME + "/orders";
		ReportedAnalyses.assertFails(application().with("iam.datasource.url", url + "?" + parameter),
				"Property: iam.datasource.url", "Value: " + url + "…",
				parameter + ", which is not as strict as verify-full", "iam.datasource.tls.mode");
	}

	@Test
	void gssInTheUrl() {
		ReportedAnalyses.assertFails(application().with("iam.datasource.url", URL + "?gssEncMode=prefer"),
				"Property: iam.datasource.url", "gssEncMode=prefer", "Remove gssEncMode");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql", "mariadb", "aws-wrapper:postgresql", "aws-wrapper:mysql", "aws-wrapper:mariadb" })
	void urlOfAnotherDriverWithAPassword(String kind) {
		ReportedAnalyses.assertFails(
				application().with("iam.datasource.url",
						"jdbc:" + kind + "://" + OrdersDatabase.HOSTNAME + "/orders?password=NeverLogThis"),
				"Property: iam.datasource.url", "It has the parameter 'password'.", "a signed token takes the place");
	}

	@ParameterizedTest
	@CsvSource({ "mysql://h:port/db, jdbc:mysql://<endpoint>:3306/<database>",
			"mariadb://h:port/db, jdbc:mariadb://<endpoint>:3306/<database>",
			"mariadb:nonsense://h/db, jdbc:mariadb://<endpoint>:3306/<database>", "mysql+srv://h/db, 'jdbc:mysql:'",
			"aws-wrapper:h2:mem, jdbc:aws-wrapper:",
			"aws-wrapper:aws-wrapper:mysql://h/db, jdbc:aws-wrapper:postgresql://<endpoint>" })
	void malformedUrlOfAnotherDriver(String url, String action) {
		ReportedAnalyses.assertFails(application().with("iam.datasource.url", "jdbc:" + url),
				"Property: iam.datasource.url", action.replace("'", ""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql", "mysql:loadbalance", "mariadb", "mariadb:sequential" })
	void hostOfAnotherDriverThatIsNotRds(String kind) {
		ReportedAnalyses.assertFails(application().with("iam.datasource.url", "jdbc:" + kind + "://localhost/orders"),
				"Property: iam.datasource.url", "'localhost' is not the name of an RDS or Aurora endpoint",
				"iam.datasource.hostname");
	}

	@Test
	void tlsModeThatIsNone() {
		ReportedAnalyses.assertFails(application().with("iam.datasource.tls.mode", "disable"),
				"Property: iam.datasource.tls.mode", "Value: \"disable\"", "verify-full");
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.jdbc.datasource.SimpleDriverDataSource",
			"org.springframework.jdbc.datasource.DriverManagerDataSource", "org.apache.tomcat.jdbc.pool.XADataSource" })
	void kindOfDataSourceThatIsNotSupported(String type) {
		ReportedAnalyses.assertFails(application().with("spring.datasource.type", type),
				"Property: spring.datasource.type", "Value: " + type, "not supported",
				"com.zaxxer.hikari.HikariDataSource", "org.apache.tomcat.jdbc.pool.DataSource",
				"org.apache.commons.dbcp2.BasicDataSource", "io.github.iamdatasource.jdbc.IamDataSource");
	}

	@Test
	void explanationComesBeforeThatOfABeanThatMissesItsDataSource() {
		ReportedAnalyses.assertFails(application(NeedsDatabase.class).without("iam.datasource.username"),
				"Property: iam.datasource.username");
	}

	private static Application application(Class<?>... configuration) {
		return Application.unconfigured(configuration)
			.with("iam.datasource.url", URL)
			.with("iam.datasource.username", "app");
	}

	private static void failToLogIn(DataSource dataSource) {
		assertThat(catchThrowable(dataSource::getConnection)).isInstanceOf(SQLException.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class HibernateLogin {

		@Bean
		Object entityManagerFactory(DataSource dataSource) {
			failToLogIn(dataSource);
			throw new DialectUnknownException();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PoolTimeout {

		@Bean
		Object cache(DataSource dataSource) throws SQLException {
			failToLogIn(dataSource);
			throw new SQLTransientConnectionException(
					"orders - Connection is not available, request timed out after 2000ms");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailureAfterLogin {

		@Bean
		Object cache(DataSource dataSource) {
			failToLogIn(dataSource);
			throw new IllegalStateException("something else");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsDatabase {

		@Bean
		Object repository(JdbcTemplate jdbc) {
			return new Object();
		}

	}

}

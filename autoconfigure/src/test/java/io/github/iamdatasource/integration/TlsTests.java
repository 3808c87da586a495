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

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.integration.TlsListener.Protocol;
import io.github.iamdatasource.integration.TlsListener.Visit;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No token travels outside verified TLS, whichever driver sends it.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class TlsTests {

	private static RdsIamEmulator mariaDb;

	private static Path mariaDbCaFile;

	private final OrdersDatabase database;

	TlsTests(OrdersDatabase database) {
		this.database = database;
	}

	@BeforeAll
	static void startMariaDb(@TempDir Path folder) throws IOException {
		mariaDb = RdsIamEmulator.mariadb()
			.hostname(OrdersDatabase.HOSTNAME)
			.region("eu-west-1")
			.database("orders")
			.user("app")
			.principal(IamPrincipal.withKeys(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY)
				.allowedToConnectAs("app"))
			.start();
		mariaDbCaFile = Files.writeString(folder.resolve("ca.pem"), mariaDb.caCertificatePem());
	}

	@AfterAll
	static void stopMariaDb() {
		mariaDb.close();
	}

	@ParameterizedTest
	@EnumSource
	void serverWithoutTlsIsSentNothing(Driver driver) throws Exception {
		try (TlsListener server = TlsListener.withoutTls(driver.protocol)) {
			Throwable failure = failure(
					application(driver).with("iam.datasource.url", driver.url(OrdersDatabase.HOSTNAME, server.port())));
			assertThat(failure).hasStackTraceContaining(driver.withoutTls);
			Visit visit = server.visit();
			// From PostgreSQL's client, nothing but the eight bytes that ask for TLS.
			assertThat(visit.plain()).hasSize((driver == Driver.POSTGRESQL) ? 8 : 0);
			assertThat(server.hasVisits()).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource
	void verifiedServerIsSentTheToken(Driver driver) throws Exception {
		long accepted = rds(driver).accepted();
		try (ConfigurableApplicationContext context = application(driver).run()) {
			MultiHostTests.logIn(MultiHostTests.dataSource(context));
		}
		assertThat(rds(driver).accepted()).isEqualTo(accepted + 1);
	}

	@ParameterizedTest
	@EnumSource
	void unknownCertificateAuthorityIsSentNothing(Driver driver) {
		assertNothingSent(driver, application(driver).without("iam.datasource.tls.ca-certificates"),
				"no trusted certificate authority vouches for the server's certificate",
				"iam.datasource.tls.ca-certificates");
	}

	@ParameterizedTest
	@EnumSource
	void anotherServersCertificateIsSentNothing(Driver driver) {
		assertNothingSent(driver,
				application(driver).with("iam.datasource.url",
						driver.url(OrdersDatabase.OTHER_HOSTNAME, rds(driver).port())),
				"certificate does not name " + OrdersDatabase.OTHER_HOSTNAME, "iam.datasource.hostname");
	}

	@ParameterizedTest
	@EnumSource
	void anotherServersCertificateIsSentNothingThroughATunnel(Driver driver) {
		assertNothingSent(driver,
				application(driver).with("iam.datasource.url", driver.url("localhost", rds(driver).port()))
					.with("iam.datasource.hostname", OrdersDatabase.OTHER_HOSTNAME),
				"certificate does not name " + OrdersDatabase.OTHER_HOSTNAME, "iam.datasource.hostname");
	}

	@ParameterizedTest
	@EnumSource
	void verifyCaStillWantsAKnownCertificateAuthority(Driver driver) {
		assertNothingSent(driver,
				application(driver).with("iam.datasource.tls.mode", "verify-ca")
					.without("iam.datasource.tls.ca-certificates"),
				"no trusted certificate authority", "iam.datasource.tls.ca-certificates");
	}

	@ParameterizedTest
	@EnumSource
	void verifyCaTakesAnotherServersCertificate(Driver driver) {
		assertSent(driver, application(driver).with("iam.datasource.tls.mode", "verify-ca")
			.with("iam.datasource.hostname", OrdersDatabase.OTHER_HOSTNAME));
	}

	@ParameterizedTest
	@EnumSource
	void requireTakesAnyCertificate(Driver driver) {
		assertSent(driver,
				application(driver).with("iam.datasource.tls.mode", "require")
					.with("iam.datasource.hostname", OrdersDatabase.OTHER_HOSTNAME)
					.without("iam.datasource.tls.ca-certificates"));
	}

	@ParameterizedTest
	@EnumSource
	void urlMayBeStricterThanTheProperty(Driver driver) {
		assertNothingSent(driver,
				application(driver).with("iam.datasource.tls.mode", "require")
					.with("iam.datasource.url",
							driver.url(OrdersDatabase.HOSTNAME, rds(driver).port()) + "?" + driver.verifyFull)
					.without("iam.datasource.tls.ca-certificates"),
				"no trusted certificate authority", "iam.datasource.tls.ca-certificates");
	}

	private RdsIamEmulator rds(Driver driver) {
		return (driver == Driver.POSTGRESQL) ? this.database.rds() : mariaDb;
	}

	/** Without a pool: each connection is one login. */
	private Application application(Driver driver) {
		Path caFile = (driver == Driver.POSTGRESQL) ? this.database.caFile() : mariaDbCaFile;
		return Application.signingIn(this.database)
			.with("iam.datasource.url", driver.url(OrdersDatabase.HOSTNAME, rds(driver).port()))
			.with("iam.datasource.tls.ca-certificates", caFile.toString())
			.with("spring.datasource.type", IamDataSource.class.getName());
	}

	// The token is for another host: that the server says so shows that it was sent.
	private void assertSent(Driver driver, Application application) {
		long rejected = rds(driver).rejected(Rejection.WRONG_HOST);
		assertThat(failure(application)).hasMessageContaining("did not accept the token");
		assertThat(rds(driver).rejected(Rejection.WRONG_HOST)).isGreaterThan(rejected);
	}

	private void assertNothingSent(Driver driver, Application application, String problem, String action) {
		long tokens = rds(driver).accepted() + rds(driver).rejected();
		assertThat(failure(application)).isInstanceOf(IamLoginException.class)
			.hasMessageContaining("No token was sent")
			.hasMessageContaining(problem)
			.hasMessageContaining(action);
		assertThat(rds(driver).accepted() + rds(driver).rejected()).isEqualTo(tokens);
	}

	private static Throwable failure(Application application) {
		try (ConfigurableApplicationContext context = application.run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			return MultiHostTests.failure(dataSource);
		}
	}

	/**
	 * The drivers, and what they call things.
	 */
	enum Driver {

		POSTGRESQL("postgresql", Protocol.POSTGRESQL, "The server does not support SSL", "sslmode=verify-full"),

		MYSQL("mysql", Protocol.MYSQL, "SSL Connection required, but not provided by server",
				"sslMode=VERIFY_IDENTITY"),

		MARIADB("mariadb", Protocol.MYSQL, "ssl not enabled in the server", "sslMode=verify-full");

		private final String subprotocol;

		private final Protocol protocol;

		private final String withoutTls;

		private final String verifyFull;

		Driver(String subprotocol, Protocol protocol, String withoutTls, String verifyFull) {
			this.subprotocol = subprotocol;
			this.protocol = protocol;
			this.withoutTls = withoutTls;
			this.verifyFull = verifyFull;
		}

		private String url(String hostname, int port) {
			return "jdbc:" + this.subprotocol + "://" + hostname + ":" + port + "/orders";
		}

	}

}

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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.PemCertificates;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.MutableClock;
import io.github.iamdatasource.token.TokenSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.support.TypeBasedParameterResolver;

/**
 * An emulated RDS instance in simulated time that tests may take down and make reject
 * logins: what they do to it is undone after each. Started for the first test that asks
 * for it and closed after the last.
 *
 * @param rds the emulator
 * @param clock its clock, a whole hour when a test begins
 * @param caFile its certificate authority
 */
record SimulatedRds(RdsIamEmulator rds, MutableClock clock, Path caFile) implements AutoCloseable {

	static SimulatedRds start() {
		MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));
		RdsIamEmulator rds = RdsIamEmulator.postgresql()
			.hostname(OrdersDatabase.HOSTNAME)
			.region("eu-west-1")
			.database("orders")
			.user("app")
			.clock(clock)
			.principal(IamPrincipal.withKeys(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY)
				.allowedToConnectAs("app"))
			.principal(IamPrincipal.withKeys(TestCredentials.SESSION_ACCESS_KEY, TestCredentials.SECRET_KEY)
				.withSessionToken(TestCredentials.SESSION_TOKEN)
				.allowedToConnectAs("app"))
			.start();
		try {
			return new SimulatedRds(rds, clock, rds.writeCaCertificate(Files.createTempFile("emulator-ca", ".pem")));
		}
		catch (IOException ex) {
			rds.close();
			throw new UncheckedIOException(ex);
		}
	}

	DatabaseEndpoint endpoint() {
		return new DatabaseEndpoint(this.rds.hostname(), this.rds.port(), this.rds.region(), "app");
	}

	IamDataSource dataSource(TokenSource tokens, Clock clock) {
		TlsSettings tls = new TlsSettings(TlsMode.VERIFY_FULL, PemCertificates.read(this.caFile.toString()));
		return new IamDataSource(JdbcUrl.parse(this.rds.jdbcUrl()), endpoint(), tls, tokens, clock);
	}

	private void beginAnHour() {
		Instant hour = this.clock.instant().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
		this.clock.advance(Duration.between(this.clock.instant(), hour));
	}

	private void repair() {
		this.rds.rejectLogins(false);
		this.rds.resumeServing();
	}

	@Override
	public void close() throws IOException {
		this.rds.close();
		Files.deleteIfExists(this.caFile);
	}

	/**
	 * Gives tests the database as a parameter.
	 */
	static final class Resolver extends TypeBasedParameterResolver<SimulatedRds> implements AfterEachCallback {

		@Override
		public SimulatedRds resolveParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
			SimulatedRds database = database(extensionContext);
			database.beginAnHour();
			return database;
		}

		@Override
		public void afterEach(ExtensionContext context) {
			database(context).repair();
		}

		private static SimulatedRds database(ExtensionContext context) {
			return context.getRoot()
				.getStore(ExtensionContext.Namespace.GLOBAL)
				.computeIfAbsent(SimulatedRds.class, (key) -> start(), SimulatedRds.class);
		}

	}

}

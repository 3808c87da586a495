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
import java.util.Objects;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.support.TypeBasedParameterResolver;

/**
 * One emulated RDS instance with a real server behind it. That with PostgreSQL is for all
 * tests that ask for it: started for the first and closed after the last.
 *
 * @param rds the emulator
 * @param caFile its certificate authority
 */
record OrdersDatabase(RdsIamEmulator rds, Path caFile) implements AutoCloseable {

	/** Leads to this machine by the hosts file that the build sets. */
	static final String HOSTNAME = "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

	/** Leads to this machine, too, but the certificate does not bear it. */
	static final String OTHER_HOSTNAME = "other.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

	static OrdersDatabase start() {
		return start(Engine.POSTGRESQL);
	}

	static OrdersDatabase start(Engine engine) {
		RdsIamEmulator rds = RdsIamEmulator.of(engine)
			.hostname(HOSTNAME)
			.region("eu-west-1")
			.account("123456789012")
			.resourceId("db-ABCDEFGHIJKL01234")
			.database("orders")
			.user("app")
			.user("auditor")
			.principal(IamPrincipal.withKeys(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY)
				.allowedToConnectAs("app"))
			.principal(IamPrincipal.withKeys(TestCredentials.SESSION_ACCESS_KEY, TestCredentials.SECRET_KEY)
				.withSessionToken(TestCredentials.SESSION_TOKEN)
				.allowedToConnectAs("app"))
			.principal(IamPrincipal.withKeys(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
			.start();
		try {
			Path caFile = Files.createTempFile("emulator-ca", ".pem");
			rds.writeCaCertificate(caFile);
			return new OrdersDatabase(rds, caFile);
		}
		catch (IOException ex) {
			rds.close();
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.rds.close();
		Files.deleteIfExists(this.caFile);
	}

	/**
	 * Gives tests the database as a parameter.
	 */
	static final class Resolver extends TypeBasedParameterResolver<OrdersDatabase> implements BeforeAllCallback {

		/** For the static methods in which Spring asks for properties. */
		private static volatile @Nullable OrdersDatabase started;

		@Override
		public void beforeAll(ExtensionContext context) {
			started = database(context);
		}

		@Override
		public OrdersDatabase resolveParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
			return database(extensionContext);
		}

		static OrdersDatabase started() {
			return Objects.requireNonNull(started);
		}

		private static OrdersDatabase database(ExtensionContext context) {
			return OrdersDatabases.Resolver.databases(context).of(Engine.POSTGRESQL);
		}

	}

}

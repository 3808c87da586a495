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
package io.github.iamdatasource.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.stream.Stream;

import io.github.iamdatasource.emulator.embedded.Servers;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives tests an emulator that all of them share, as starting one takes seconds.
 */
class SharedRds implements ParameterResolver {

	static final String HOSTNAME = "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == Rds.class;
	}

	/**
	 * For which engine, by an annotation on the test.
	 */
	private static Engine engine(ExtensionContext context) {
		return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), With.class)
			.map(With::value)
			.orElse(Engine.POSTGRESQL);
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return context.getRoot()
			.getStore(Namespace.create(SharedRds.class))
			.computeIfAbsent(engine(context), (engine) -> startOrSkip(describe(engine)), Rds.class);
	}

	static Rds startOrSkip(RdsIamEmulatorBuilder builder) {
		try {
			return Rds.of(builder);
		}
		catch (EmulatorException ex) {
			Servers.skipIfUnavailable(ex);
			throw ex;
		}
	}

	private static RdsIamEmulatorBuilder describe(Engine engine) {
		return RdsIamEmulator.of(engine)
			.hostname(HOSTNAME)
			.region("eu-west-1")
			.database("orders")
			.user("app")
			.user("Other User")
			.user("forbidden")
			.principal(Tokens.PRINCIPAL.allowedToConnectAs("app", "Other User", "unknown"));
	}

	/**
	 * The engine that a class of tests needs, PostgreSQL by default.
	 */
	@Retention(RetentionPolicy.RUNTIME)
	@Target(ElementType.TYPE)
	@interface With {

		Engine value();

	}

	/**
	 * An emulator, and how a careful client logs in to it.
	 *
	 * @param emulator the emulator
	 * @param caFile its CA certificate
	 */
	record Rds(RdsIamEmulator emulator, Path caFile) implements AutoCloseable {

		static Rds of(RdsIamEmulatorBuilder builder) {
			RdsIamEmulator emulator = builder.start();
			try {
				Path folder = Files.createTempDirectory("ca");
				return new Rds(emulator, emulator.writeCaCertificate(folder.resolve("ca.pem")));
			}
			catch (IOException ex) {
				emulator.close();
				throw new UncheckedIOException(ex);
			}
		}

		String token(String user) {
			return Tokens.sign(this.emulator, user);
		}

		Connection connect(String user) throws SQLException {
			return connect(user, token(user));
		}

		Connection connect(String user, String token, String... properties) throws SQLException {
			return connectTo(this.emulator.jdbcUrl(), user, token, properties);
		}

		Connection connectTo(String url, String user, String token, String... properties) throws SQLException {
			Properties all = new Properties();
			all.setProperty("user", user);
			all.setProperty("password", token);
			all.setProperty("sslmode", "verify-full");
			all.setProperty("sslrootcert", this.caFile.toString());
			for (int i = 0; i < properties.length; i += 2) {
				all.setProperty(properties[i], properties[i + 1]);
			}
			return DriverManager.getConnection(url, all);
		}

		@Override
		public void close() throws IOException {
			this.emulator.close();
			try (Stream<Path> files = Files.list(this.caFile.getParent())) {
				for (Path file : files.toList()) {
					Files.delete(file);
				}
			}
			Files.delete(this.caFile.getParent());
		}

	}

}

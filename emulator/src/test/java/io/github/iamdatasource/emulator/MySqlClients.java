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
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.junit.jupiter.api.Assumptions;

/**
 * Drivers that log in to MySQL and MariaDB as careful clients do.
 */
enum MySqlClients {

	/** MySQL Connector/J. */
	CONNECTOR_J("mysql", "com.mysql.cj.jdbc.Driver") {

		@Override
		void verifyTls(Properties properties, Rds rds) {
			properties.setProperty("sslMode", "VERIFY_IDENTITY");
			properties.setProperty("trustCertificateKeyStoreUrl", trustStore(rds).toUri().toString());
			properties.setProperty("trustCertificateKeyStoreType", "PKCS12");
			properties.setProperty("trustCertificateKeyStorePassword", TRUST_STORE_PASSWORD);
			properties.setProperty("fallbackToSystemTrustStore", "false");
		}

	},

	/** MariaDB Connector/J, in the version that Spring Boot manages. */
	MARIADB("mariadb", "org.mariadb.jdbc.Driver") {

		@Override
		void verifyTls(Properties properties, Rds rds) {
			properties.setProperty("sslMode", "verify-full");
			properties.setProperty("serverSslCert", rds.caFile().toString());
		}

	},

	/** The next line of MariaDB Connector/J, apart from the other. */
	MARIADB_4("mariadb", "org.mariadb.jdbc.Driver") {

		@Override
		void verifyTls(Properties properties, Rds rds) {
			MARIADB.verifyTls(properties, rds);
		}

		@Override
		ClassLoader classLoader() {
			return MariaDb4.CLASS_LOADER;
		}

	};

	private static final String TRUST_STORE_PASSWORD = "certificates are public";

	private final String subprotocol;

	private final String driver;

	MySqlClients(String subprotocol, String driver) {
		this.subprotocol = subprotocol;
		this.driver = driver;
	}

	String subprotocol() {
		return this.subprotocol;
	}

	abstract void verifyTls(Properties properties, Rds rds);

	Connection connect(Rds rds, String user) throws SQLException {
		return connect(rds, user, rds.token(user));
	}

	Connection connect(Rds rds, String user, String token, String... properties) throws SQLException {
		return connectTo(rds, rds.emulator().jdbcUrl(this.subprotocol), user, token, properties);
	}

	/** With the driver itself, as there may be several that take the URL. */
	Connection connectTo(Rds rds, String url, String user, String token, String... properties) throws SQLException {
		Properties all = new Properties();
		all.setProperty("user", user);
		all.setProperty("password", token);
		verifyTls(all, rds);
		for (int i = 0; i < properties.length; i += 2) {
			all.setProperty(properties[i], properties[i + 1]);
		}
		return newDriver().connect(url, all);
	}

	ClassLoader classLoader() {
		return MySqlClients.class.getClassLoader();
	}

	private Driver newDriver() {
		try {
			return (Driver) Class.forName(this.driver, true, classLoader()).getConstructor().newInstance();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static final class MariaDb4 {

		static final ClassLoader CLASS_LOADER = classLoader();

		private static ClassLoader classLoader() {
			String jar = System.getProperty("mariadb-java-client-4.jar", "");
			if (!Files.exists(Path.of(jar))) {
				System.out.println("Skipped: only the build provides MariaDB Connector/J 4");
				return Assumptions.abort("Only the build provides MariaDB Connector/J 4");
			}
			try {
				return new URLClassLoader(new URL[] { Path.of(jar).toUri().toURL() },
						ClassLoader.getPlatformClassLoader());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	private static Path trustStore(Rds rds) {
		Path file = rds.caFile().resolveSibling(rds.caFile().getFileName() + ".p12");
		if (Files.exists(file)) {
			return file;
		}
		try (InputStream pem = Files.newInputStream(rds.caFile()); OutputStream target = Files.newOutputStream(file)) {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
			store.store(target, TRUST_STORE_PASSWORD.toCharArray());
			return file;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

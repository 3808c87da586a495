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
package io.github.iamdatasource.jdbc;

import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

import javax.net.ssl.SSLSocketFactory;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.token.AuthenticationToken;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.SslMode;

/**
 * Opens connections through pgjdbc.
 */
final class PostgreSqlDriverProfile implements DriverProfile {

	private final Driver driver = new Driver();

	private final String url;

	private final Properties properties = new Properties();

	private final TlsMode tlsMode;

	/** The driver only has its key, which is good as long as this is held. */
	@SuppressWarnings({ "unused", "FieldCanBeLocal" })
	private final SSLSocketFactory socketFactory;

	PostgreSqlDriverProfile(PostgreSqlUrl url, DatabaseEndpoint endpoint, TlsSettings tls) {
		TlsSettings effective = merge(url, tls);
		this.tlsMode = effective.mode();
		this.socketFactory = new VerifyingSocketFactory(effective, endpoint.hostname());
		this.url = url.withoutParameters();
		this.properties.putAll(url.parameters());
		PGProperty.USER.set(this.properties, endpoint.username());
		PGProperty.SSL_MODE.set(this.properties, driverMode(effective.mode(), url, endpoint).value);
		PGProperty.SSL_FACTORY.set(this.properties, PostgreSqlSocketFactory.class.getName());
		PGProperty.SSL_FACTORY_ARG.set(this.properties, PostgreSqlSocketFactory.handOver(this.socketFactory));
		// A connection that GSS encrypts would be one without TLS.
		PGProperty.GSS_ENC_MODE.set(this.properties, "disable");
	}

	@Override
	public Connection connect(AuthenticationToken token, int loginTimeout) throws SQLException {
		Properties properties = new Properties();
		properties.putAll(this.properties);
		PGProperty.PASSWORD.set(properties, token.value());
		if (loginTimeout > 0 && !PGProperty.LOGIN_TIMEOUT.isPresent(properties)) {
			PGProperty.LOGIN_TIMEOUT.set(properties, loginTimeout);
		}
		Connection connection = this.driver.connect(this.url, properties);
		if (connection == null) {
			throw new SQLException("The PostgreSQL driver does not take its own URL " + this.url);
		}
		return connection;
	}

	/**
	 * What the driver verifies by itself, besides what the socket factory has verified:
	 * it knows no name but the URL's, which a certificate does not bear if it is that of
	 * a tunnel or an alias.
	 */
	private static SslMode driverMode(TlsMode mode, PostgreSqlUrl url, DatabaseEndpoint endpoint) {
		return switch (mode) {
			case REQUIRE -> SslMode.REQUIRE;
			case VERIFY_CA -> SslMode.VERIFY_CA;
			case VERIFY_FULL -> url.host().equals(endpoint.hostname()) ? SslMode.VERIFY_FULL : SslMode.VERIFY_CA;
		};
	}

	@Override
	public TlsMode tlsMode() {
		return this.tlsMode;
	}

	private static TlsSettings merge(PostgreSqlUrl url, TlsSettings tls) {
		String gssEncMode = url.parameter(PGProperty.GSS_ENC_MODE);
		if ("prefer".equalsIgnoreCase(gssEncMode) || "require".equalsIgnoreCase(gssEncMode)) {
			throw new InvalidSettingException(
					"It has gssEncMode=" + gssEncMode + ", by which a token could be sent without TLS.",
					"Remove gssEncMode from the URL.");
		}
		TlsMode mode = mode(url, tls.mode());
		List<X509Certificate> trusted = tls.trustedCertificates();
		String rootCertificate = url.parameter(PGProperty.SSL_ROOT_CERT);
		if (rootCertificate != null) {
			if (!trusted.isEmpty()) {
				throw new InvalidSettingException(
						"It has the parameter 'sslrootcert' while iam.datasource.tls.ca-certificates is set, too.",
						"Keep one of the two.");
			}
			trusted = PemCertificates.read(rootCertificate);
		}
		if (mode == TlsMode.REQUIRE && !trusted.isEmpty()) {
			throw new InvalidSettingException(
					"Certificate authorities are named, but by the TLS mode 'require' none would be looked at.",
					"Set iam.datasource.tls.mode to verify-full or verify-ca, or name no certificate authorities.");
		}
		return new TlsSettings(mode, trusted);
	}

	private static TlsMode mode(PostgreSqlUrl url, TlsMode atLeast) {
		String sslMode = url.parameter(PGProperty.SSL_MODE);
		if (sslMode != null) {
			return Arrays.stream(TlsMode.values())
				.filter((mode) -> mode.toString().equalsIgnoreCase(sslMode))
				.filter((mode) -> mode.isAtLeast(atLeast))
				.findFirst()
				.orElseThrow(() -> weaker("sslmode=" + sslMode, atLeast));
		}
		String ssl = url.parameter(PGProperty.SSL);
		if (ssl == null) {
			return atLeast;
		}
		if (!ssl.isEmpty() && !Boolean.parseBoolean(ssl)) {
			throw weaker("ssl=" + ssl, atLeast);
		}
		// So says the driver.
		return TlsMode.VERIFY_FULL;
	}

	private static InvalidSettingException weaker(String parameter, TlsMode mode) {
		return new InvalidSettingException(
				"It has " + parameter + ", which is not as strict as " + mode
						+ ": the token could be sent to a server that did not prove who it is.",
				"Remove the parameter from the URL. What is verified is set by iam.datasource.tls.mode (verify-full by "
						+ "default, verify-ca or require); for a certificate authority of your own set "
						+ "iam.datasource.tls.ca-certificates.");
	}

}

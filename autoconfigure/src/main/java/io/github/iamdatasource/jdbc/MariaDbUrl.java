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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.jdbc.DriverProfile.Timeout;
import io.github.iamdatasource.jdbc.DriverProfile.TokenRequest;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.Driver;
import org.mariadb.jdbc.HostAddress;

/**
 * A URL for MariaDB Connector/J.
 *
 * @param hosts where to connect to
 * @param address the URL's beginning, up to the database
 * @param parameters what else the URL says
 */
record MariaDbUrl(List<HostAndPort> hosts, String address, Map<String, String> parameters) implements DriverUrl {

	/** Has this driver take a URL that begins like one for MySQL's. */
	private static final String MYSQL_SCHEME = "permitMysqlScheme";

	private static final int PREFIX = "jdbc:".length();

	private static final Pattern IN_AN_ADDRESS = Pattern.compile("\\(([^=)]*)=");

	private static final Set<String> OF_AN_ADDRESS = Set.of("host", "port", "type");

	private static final String NO_PASSWORD = "Remove it: a signed token takes the place of the password.";

	private static final String NO_SOCKET = "Remove it: a token is sent over TLS, to the host that it was signed for.";

	/** Parameters under which a token, or the promise of TLS, would not hold. */
	private static final Map<String, String> REFUSED = Map.ofEntries(
			Map.entry("user", "Set iam.datasource.username instead: the token is signed for that user."),
			Map.entry("password", NO_PASSWORD), Map.entry("password2", NO_PASSWORD),
			Map.entry("password3", NO_PASSWORD),
			Map.entry("credentialType", "Remove it: the token is provided by this library."),
			Map.entry("tlsSocketType", "Remove it: the connection is encrypted by this library."),
			Map.entry("socketFactory", "Remove it: the connection is encrypted by this library."),
			Map.entry("localSocket", NO_SOCKET), Map.entry("pipe", NO_SOCKET),
			Map.entry("pool", "Remove it: the pool is the application's own."));

	MariaDbUrl {
		hosts = List.copyOf(hosts);
		parameters = Map.copyOf(parameters);
	}

	static boolean isForMariaDbDriver(String url) {
		return url.toLowerCase(Locale.ROOT).contains(MYSQL_SCHEME.toLowerCase(Locale.ROOT));
	}

	static MariaDbUrl parse(String url) {
		int query = url.indexOf('?');
		String address = (query != -1) ? url.substring(0, query) : url;
		if (address.indexOf('@') != -1) {
			throw DriverUrl.userInAddress();
		}
		IN_AN_ADDRESS.matcher(address)
			.results()
			.forEach((found) -> DriverUrl.requireOfAnAddress(found.group(1), OF_AN_ADDRESS));
		UrlParameters parameters = UrlParameters.split((query != -1) ? url.substring(query + 1) : "");
		parameters.refuse(REFUSED);
		List<HostAndPort> hosts = parseByDriver(url).addresses().stream().map(MariaDbUrl::address).toList();
		if (hosts.isEmpty()) {
			throw malformed();
		}
		// The parameter that has the driver take the other scheme is not in the address.
		return new MariaDbUrl(hosts, "jdbc:mariadb:" + address.substring(address.indexOf(':', PREFIX) + 1),
				parameters.asMap());
	}

	private static Configuration parseByDriver(String url) {
		int lastAddress = url.lastIndexOf("address=(");
		if (lastAddress != -1 && url.indexOf(')', lastAddress) == -1) {
			// The driver would look for the bracket for ever.
			throw malformed();
		}
		Configuration parsed;
		try {
			parsed = Configuration.parse(url);
		}
		catch (SQLException | RuntimeException ex) {
			// Its message has the URL.
			throw malformed();
		}
		if (parsed == null) {
			throw malformed();
		}
		return parsed;
	}

	private static HostAndPort address(HostAddress address) {
		if (address.host == null || address.pipe != null || address.localSocket != null
				|| !DatabaseEndpoint.isHostname(address.host)) {
			throw malformed();
		}
		return new HostAndPort(address.host, address.port);
	}

	private static InvalidSettingException malformed() {
		return new InvalidSettingException("The MariaDB driver cannot parse it.",
				"Write it like jdbc:mariadb://<endpoint>:3306/<database>.");
	}

	@Override
	public DriverProfile profile(TlsSettings configured) {
		UrlParameters parameters = new UrlParameters(this.parameters);
		TlsSettings tls = tls(parameters, configured);
		Map<String, String> properties = new TreeMap<>(parameters.asMap());
		properties.put("sslMode", (tls.mode() == TlsMode.REQUIRE) ? "trust" : tls.mode().toString());
		properties.put("tlsSocketType", MariaDbTlsPlugin.TYPE);
		// Unless asked for, a server does not send its clients to another endpoint.
		properties.putIfAbsent("permitRedirect", "false");
		// Else it goes round its hosts for half a minute, whatever the login's timeout
		// is.
		properties.putIfAbsent("retriesAllDown", Integer.toString(this.hosts.size()));
		properties.put("credentialType", MariaDbTokenPlugin.TYPE);
		return new DriverProfile(new Driver(), this.address, properties, tls, DriverCallbacks.KEY_PROPERTY,
				new Timeout("connectTimeout", TimeUnit.MILLISECONDS, this.hosts.size()),
				new TokenRequest(MariaDbTokenPlugin.class, false));
	}

	private static TlsSettings tls(UrlParameters parameters, TlsSettings configured) {
		TlsParameters tls = new TlsParameters(configured);
		String sslMode = parameters.remove("sslMode");
		String useSsl = parameters.remove("useSsl");
		String trustServer = parameters.remove("trustServerCertificate");
		String disableName = parameters.remove("disableSslHostnameVerification");
		if (sslMode != null) {
			tls.mode("sslMode=" + sslMode, mode(sslMode));
		}
		// In the driver's older words, of which only these mean less.
		if (useSsl != null && !UrlParameters.isTrue(useSsl)) {
			tls.mode("useSsl=" + useSsl, null);
		}
		if (trustServer != null && UrlParameters.isTrue(trustServer)) {
			tls.mode("trustServerCertificate=" + trustServer, TlsMode.REQUIRE);
		}
		else if (disableName != null && UrlParameters.isTrue(disableName)) {
			tls.mode("disableSslHostnameVerification=" + disableName, TlsMode.VERIFY_CA);
		}
		String serverCertificate = parameters.remove("serverSslCert");
		String trustStore = parameters.removeAny("trustStore", "trustCertificateKeyStoreUrl");
		String trustStoreType = parameters.removeAny("trustStoreType", "trustCertificateKeyStoreType");
		String trustStorePassword = parameters.removeAny("trustStorePassword", "trustCertificateKeyStorePassword");
		if (serverCertificate != null) {
			tls.trusted("serverSslCert", () -> certificates(serverCertificate));
		}
		else if (trustStore != null) {
			tls.trusted("trustStore",
					() -> KeyStoreFile.read("trustStore", trustStore, trustStoreType, trustStorePassword)
						.certificates());
		}
		tls.fallback(parameters.remove("fallbackToSystemTrustStore"));
		parameters.remove("fallbackToSystemKeyStore");
		String keyStore = parameters.removeAny("keyStore", "clientCertificateKeyStoreUrl");
		String keyStoreType = parameters.removeAny("keyStoreType", "clientCertificateKeyStoreType");
		String keyStorePassword = parameters.removeAny("keyStorePassword", "clientCertificateKeyStorePassword");
		String keyPassword = parameters.remove("keyPassword");
		if (keyStore != null) {
			tls.keys("keyStore", () -> KeyStoreFile.read("keyStore", keyStore, keyStoreType, keyStorePassword)
				.keyManagers((keyPassword != null) ? keyPassword : keyStorePassword));
		}
		return tls.merge();
	}

	private static @Nullable TlsMode mode(String sslMode) {
		return switch (sslMode.toUpperCase(Locale.ROOT).replace('-', '_')) {
			case "TRUST", "REQUIRED" -> TlsMode.REQUIRE;
			case "VERIFY_CA" -> TlsMode.VERIFY_CA;
			case "VERIFY_FULL", "VERIFY_IDENTITY", "1", "TRUE" -> TlsMode.VERIFY_FULL;
			default -> null;
		};
	}

	private static List<X509Certificate> certificates(String value) {
		if (!value.startsWith("-----BEGIN")) {
			return PemCertificates.read(value.startsWith("file:") ? value.substring("file:".length()) : value);
		}
		try {
			return PemCertificates.read(new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8)),
					"serverSslCert");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public DatabaseUsers users() {
		return DatabaseUsers.MYSQL;
	}

	@Override
	public String toString() {
		return this.address;
	}

}

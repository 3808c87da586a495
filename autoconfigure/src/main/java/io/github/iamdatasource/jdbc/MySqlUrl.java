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

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.mysql.cj.conf.ConnectionUrlParser;
import com.mysql.cj.conf.HostInfo;
import com.mysql.cj.exceptions.CJException;
import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.jdbc.DriverProfile.Timeout;
import io.github.iamdatasource.jdbc.DriverProfile.TokenRequest;
import org.jspecify.annotations.Nullable;

/**
 * A URL for MySQL Connector/J.
 *
 * @param hosts where to connect to
 * @param address the URL's beginning, up to the database
 * @param parameters what else the URL says
 */
record MySqlUrl(List<HostAndPort> hosts, String address, Map<String, String> parameters) implements DriverUrl {

	private static final String DEFAULT_PORT = "3306";

	private static final Set<String> OF_AN_ADDRESS = Set.of("host", "port", "type", "priority");

	private static final String NO_PASSWORD = "Remove it: a signed token takes the place of the password.";

	private static final String NO_PLUGIN = "Remove it: the token is sent by a plugin of this library's.";

	private static final String NAME_AUTHORITIES = "Remove it, and name the certificate authorities to trust in "
			+ "iam.datasource.tls.ca-certificates.";

	private static final String NOTHING_LOGGED = "Remove it: the driver would log packets, and a token may be in one.";

	private static final String IN_THE_URL = "Write what it sets into the URL, where it can be checked.";

	/** Parameters under which a token, or the promise of TLS, would not hold. */
	private static final Map<String, String> REFUSED = Map.ofEntries(
			Map.entry("user", "Set iam.datasource.username instead: the token is signed for that user."),
			Map.entry("password", NO_PASSWORD), Map.entry("password1", NO_PASSWORD),
			Map.entry("password2", NO_PASSWORD), Map.entry("password3", NO_PASSWORD),
			Map.entry("authenticationPlugins", NO_PLUGIN), Map.entry("defaultAuthenticationPlugin", NO_PLUGIN),
			Map.entry("disabledAuthenticationPlugins", NO_PLUGIN),
			Map.entry("authenticationWebAuthnCallbackHandler", NO_PLUGIN),
			Map.entry("authenticationOpenidConnectCallbackHandler", NO_PLUGIN),
			Map.entry("traceProtocol", NOTHING_LOGGED), Map.entry("enablePacketDebug", NOTHING_LOGGED),
			Map.entry("socketFactory",
					"Remove it: the connection is opened and encrypted by a socket factory of this library's."),
			Map.entry("socksProxyHost", "Remove it, and set iam.datasource.hostname if the URL names a tunnel."),
			Map.entry("keyManagerFactoryProvider", NAME_AUTHORITIES),
			Map.entry("trustManagerFactoryProvider", NAME_AUTHORITIES), Map.entry("keyStoreProvider", NAME_AUTHORITIES),
			Map.entry("sslContextProvider", NAME_AUTHORITIES), Map.entry("useConfigs", IN_THE_URL),
			Map.entry("propertiesTransform", IN_THE_URL));

	/** Parameters that would have the driver connect to another host than the address. */
	private static final Map<String, String> SECOND_ADDRESS = Map.of("host", "Name the host before the question mark.",
			"port", "Name the port before the question mark.", "dnsSrv",
			"Name the endpoint itself: it is what the token is signed for.");

	MySqlUrl {
		hosts = List.copyOf(hosts);
		parameters = Map.copyOf(parameters);
	}

	static MySqlUrl parse(String url) {
		int query = url.indexOf('?');
		if (query != -1) {
			UrlParameters.split(url.substring(query + 1)).refuse(REFUSED);
		}
		ConnectionUrlParser parsed = parseByDriver(url);
		String scheme = parsed.getScheme().toLowerCase(Locale.ROOT);
		if (!scheme.startsWith("jdbc:mysql:") || scheme.indexOf('+') != -1) {
			throw new InvalidSettingException("Its scheme '" + scheme + "' is not supported.",
					"Write it like jdbc:mysql://<endpoint>:3306/<database>. Names that DNS SRV records lead to are no "
							+ "RDS endpoints.");
		}
		UrlParameters parameters = new UrlParameters(parsed.getProperties());
		parameters.refuse(REFUSED);
		parameters.refuse(SECOND_ADDRESS);
		List<HostAndPort> hosts = parsed.getHosts().stream().map(MySqlUrl::address).toList();
		return new MySqlUrl(hosts,
				scheme + "//" + Objects.toString(parsed.getAuthority(), "") + "/"
						+ URLEncoder.encode(Objects.toString(parsed.getPath(), ""), StandardCharsets.UTF_8),
				parameters.asMap());
	}

	private static ConnectionUrlParser parseByDriver(String url) {
		try {
			ConnectionUrlParser parsed = ConnectionUrlParser.parseConnectionString(url);
			// Parses them only now.
			parsed.getHosts();
			parsed.getProperties();
			return parsed;
		}
		catch (RuntimeException ex) {
			// Its message has the URL.
			throw malformed();
		}
	}

	private static HostAndPort address(HostInfo host) {
		if (host.getUser() != null || host.getPassword() != null) {
			throw DriverUrl.userInAddress();
		}
		host.getHostProperties().keySet().forEach((name) -> DriverUrl.requireOfAnAddress(name, OF_AN_ADDRESS));
		UrlParameters properties = new UrlParameters(host.getHostProperties());
		String hostname = (host.getHost() != null) ? host.getHost()
				: Objects.requireNonNullElse(properties.get("host"), "localhost");
		if (!DatabaseEndpoint.isHostname(hostname)) {
			throw malformed();
		}
		return new HostAndPort(hostname, (host.getPort() != HostInfo.NO_PORT) ? host.getPort()
				: port(Objects.requireNonNullElse(properties.get("port"), DEFAULT_PORT)));
	}

	private static int port(String port) {
		try {
			int number = Integer.parseInt(port);
			if (number < 0) {
				// Means the default to the driver.
				throw malformed();
			}
			return number;
		}
		catch (NumberFormatException ex) {
			throw malformed();
		}
	}

	private static InvalidSettingException malformed() {
		return new InvalidSettingException("The MySQL driver cannot parse it.",
				"Write it like jdbc:mysql://<endpoint>:3306/<database>.");
	}

	@Override
	public DriverProfile profile(TlsSettings configured) {
		UrlParameters parameters = new UrlParameters(this.parameters);
		TlsSettings tls = tls(parameters, configured);
		Map<String, String> properties = new TreeMap<>(parameters.asMap());
		properties.put("sslMode", driverMode(tls.mode()));
		// Else it goes round them for half a minute, whatever the login's timeout is.
		properties.putIfAbsent("retriesAllDown", Integer.toString(this.hosts.size()));
		properties.put("socketFactory", MySqlSocketFactory.class.getName());
		// By its protocol's name it takes the place of the driver's own plugin.
		properties.put("authenticationPlugins", MySqlTokenPlugin.class.getName());
		return new DriverProfile(newDriver(), this.address, properties, tls, DriverCallbacks.KEY_PROPERTY,
				new Timeout("connectTimeout", TimeUnit.MILLISECONDS, this.hosts.size()),
				new TokenRequest(MySqlTokenPlugin.class, true));
	}

	private static Driver newDriver() {
		try {
			return new com.mysql.cj.jdbc.Driver();
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The MySQL driver cannot be created", ex);
		}
	}

	private static String driverMode(TlsMode mode) {
		return switch (mode) {
			case REQUIRE -> "REQUIRED";
			case VERIFY_CA -> "VERIFY_CA";
			case VERIFY_FULL -> "VERIFY_IDENTITY";
		};
	}

	private static TlsSettings tls(UrlParameters parameters, TlsSettings configured) {
		TlsParameters tls = new TlsParameters(configured);
		String sslMode = parameters.remove("sslMode");
		String useSsl = parameters.remove("useSSL");
		String requireSsl = parameters.remove("requireSSL");
		String verify = parameters.remove("verifyServerCertificate");
		if (sslMode != null) {
			tls.mode("sslMode=" + sslMode, mode(sslMode));
		}
		else {
			// In the driver's older words, of which only a 'no' means less.
			refuseNo(tls, "useSSL", useSsl, null);
			refuseNo(tls, "requireSSL", requireSsl, null);
			refuseNo(tls, "verifyServerCertificate", verify, TlsMode.REQUIRE);
		}
		String trustStore = parameters.remove("trustCertificateKeyStoreUrl");
		String trustStoreType = parameters.remove("trustCertificateKeyStoreType");
		String trustStorePassword = parameters.remove("trustCertificateKeyStorePassword");
		if (trustStore != null) {
			tls.trusted("trustCertificateKeyStoreUrl",
					() -> KeyStoreFile
						.read("trustCertificateKeyStoreUrl", trustStore, trustStoreType, trustStorePassword)
						.certificates());
		}
		tls.fallback(parameters.remove("fallbackToSystemTrustStore"));
		parameters.remove("fallbackToSystemKeyStore");
		String keyStore = parameters.remove("clientCertificateKeyStoreUrl");
		String keyStoreType = parameters.remove("clientCertificateKeyStoreType");
		String keyStorePassword = parameters.remove("clientCertificateKeyStorePassword");
		if (keyStore != null) {
			tls.keys("clientCertificateKeyStoreUrl",
					() -> KeyStoreFile.read("clientCertificateKeyStoreUrl", keyStore, keyStoreType, keyStorePassword)
						.keyManagers(keyStorePassword));
		}
		list(parameters.removeAny("tlsVersions", "enabledTLSProtocols"), tls::protocols);
		list(parameters.removeAny("tlsCiphersuites", "enabledSSLCipherSuites"), tls::cipherSuites);
		return tls.merge();
	}

	private static @Nullable TlsMode mode(String sslMode) {
		return switch (sslMode.toUpperCase(Locale.ROOT)) {
			case "REQUIRED" -> TlsMode.REQUIRE;
			case "VERIFY_CA" -> TlsMode.VERIFY_CA;
			case "VERIFY_IDENTITY" -> TlsMode.VERIFY_FULL;
			default -> null;
		};
	}

	private static void refuseNo(TlsParameters tls, String name, @Nullable String value, @Nullable TlsMode meaning) {
		if (value != null && !UrlParameters.isTrue(value)) {
			tls.mode(name + "=" + value, meaning);
		}
	}

	private static void list(@Nullable String value, Consumer<List<String>> consumer) {
		if (value != null && !value.isBlank()) {
			consumer.accept(Arrays.stream(value.split(",")).map(String::strip).toList());
		}
	}

	@Override
	public DatabaseUsers users() {
		return DatabaseUsers.MYSQL;
	}

	@Override
	public @Nullable String sqlState(Throwable cause) {
		return (cause instanceof CJException failure) ? failure.getSQLState() : DriverUrl.super.sqlState(cause);
	}

	@Override
	public String toString() {
		return this.address;
	}

}

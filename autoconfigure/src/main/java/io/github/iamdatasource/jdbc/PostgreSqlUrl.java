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

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.jdbc.DriverProfile.Timeout;
import io.github.iamdatasource.jdbc.DriverProfile.TokenRequest;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * A URL for pgjdbc.
 *
 * @param hosts where to connect to
 * @param database the database, or {@code null} for the one that is named like the user
 * @param parameters what else the URL says
 */
record PostgreSqlUrl(List<HostAndPort> hosts, @Nullable String database,
		Map<String, String> parameters) implements DriverUrl {

	private static final String NAME_AUTHORITIES = "Remove it, and name the certificate authorities to trust in "
			+ "iam.datasource.tls.ca-certificates.";

	/**
	 * Parameters under which a token, or the promise of TLS, would not hold. Those
	 * without a constant are of newer drivers than the oldest that has to work.
	 */
	private static final Map<String, String> REFUSED = Map.ofEntries(
			Map.entry(PGProperty.USER.getName(),
					"Set iam.datasource.username instead: the token is signed for that user."),
			Map.entry(PGProperty.PASSWORD.getName(), "Remove it: a signed token takes the place of the password."),
			Map.entry(PGProperty.SERVICE.getName(), "Write the host, port and database into the URL."),
			Map.entry(PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME.getName(),
					"Remove it: a signed token takes the place of what the plugin provides."),
			Map.entry("requireAuth", "Remove it: a token is sent as a password, and nothing else is taken."),
			Map.entry("channelBinding", "Remove it: a token is sent as a password, to which no channel can be bound."),
			Map.entry(PGProperty.SSL_FACTORY.getName(), NAME_AUTHORITIES),
			Map.entry(PGProperty.SSL_FACTORY_ARG.getName(), NAME_AUTHORITIES),
			Map.entry(PGProperty.SSL_HOSTNAME_VERIFIER.getName(),
					"Remove it. If the URL names a tunnel or an alias, set iam.datasource.hostname to the endpoint's own "
							+ "name: the certificate is verified against that."),
			Map.entry(PGProperty.SSL_PASSWORD_CALLBACK.getName(),
					"Remove it, and set sslpassword or use an SSL bundle by iam.datasource.tls.bundle."));

	private static final String HOST = "(?:\\[[^\\]]*\\]|[^:,\\[\\]()=/]*)(?::\\d*)?";

	/**
	 * What a URL looks like up to its parameters; nothing else is shown to the driver.
	 */
	private static final Pattern ADDRESS = Pattern
		.compile("jdbc:postgresql:(?:(?!/).*|//|///|//" + HOST + "(?:," + HOST + ")*+/[^/]*)", Pattern.DOTALL);

	PostgreSqlUrl {
		hosts = List.copyOf(hosts);
		parameters = Map.copyOf(parameters);
	}

	static PostgreSqlUrl parse(String url) {
		int query = url.indexOf('?');
		String withoutQuery = (query != -1) ? url.substring(0, query) : url;
		if (withoutQuery.indexOf('@') != -1) {
			throw DriverUrl.userInAddress();
		}
		UrlParameters given = UrlParameters.split((query != -1) ? url.substring(query + 1) : "");
		given.refuse(REFUSED);
		// The driver logs what it cannot parse, so it is given nothing that could be
		// secret and that it stumbles over.
		if (!ADDRESS.matcher(withoutQuery).matches()) {
			throw malformed();
		}
		Properties authority = parseByDriver(withoutQuery);
		Map<String, String> decoded = decode(given.asMap());
		requireSame(authority, PGProperty.PG_HOST, "host", decoded);
		requireSame(authority, PGProperty.PG_PORT, "port", decoded);
		Properties parsed = parseByDriver(url);
		String hosts = authority.getProperty(PGProperty.PG_HOST.getName());
		String ports = authority.getProperty(PGProperty.PG_PORT.getName());
		if (!hosts.equals(parsed.getProperty(PGProperty.PG_HOST.getName()))
				|| !ports.equals(parsed.getProperty(PGProperty.PG_PORT.getName()))) {
			throw secondAddress();
		}
		return new PostgreSqlUrl(hosts(hosts.split(","), ports.split(",")), PGProperty.PG_DBNAME.getOrDefault(parsed),
				parameters(parsed));
	}

	private static Map<String, String> decode(Map<String, String> parameters) {
		Map<String, String> decoded = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		parameters.forEach((name, value) -> {
			try {
				decoded.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
			}
			catch (IllegalArgumentException ex) {
				throw malformed();
			}
		});
		return decoded;
	}

	private static void requireSame(Properties authority, PGProperty property, String otherName,
			Map<String, String> parameters) {
		String expected = authority.getProperty(property.getName());
		for (String name : List.of(property.getName(), otherName)) {
			if (!parameters.getOrDefault(name, expected).equals(expected)) {
				throw secondAddress();
			}
		}
	}

	private static InvalidSettingException secondAddress() {
		return new InvalidSettingException("Its parameters name another host or port than its address does.",
				"Name the host and the port once, like jdbc:postgresql://<endpoint>:5432/<database>.");
	}

	private static List<HostAndPort> hosts(String[] hosts, String[] ports) {
		List<HostAndPort> addresses = new ArrayList<>();
		for (int i = 0; i < hosts.length; i++) {
			if (i >= ports.length || !DatabaseEndpoint.isHostname(hosts[i])) {
				throw malformed();
			}
			addresses.add(new HostAndPort(hosts[i], Integer.parseInt(ports[i])));
		}
		return addresses;
	}

	private static Properties parseByDriver(String url) {
		Properties parsed;
		try {
			parsed = Driver.parseURL(url, null);
		}
		catch (RuntimeException ex) {
			// Such as for a comma and no host.
			throw malformed();
		}
		if (parsed == null) {
			throw malformed();
		}
		if (parsed.getProperty(PGProperty.PG_HOST.getName()).isEmpty()) {
			// As the driver connects to it.
			parsed.setProperty(PGProperty.PG_HOST.getName(), "localhost");
		}
		return parsed;
	}

	private static InvalidSettingException malformed() {
		return new InvalidSettingException("The PostgreSQL driver cannot parse it.",
				"Write it like jdbc:postgresql://<endpoint>:5432/<database>.");
	}

	private static Map<String, String> parameters(Properties parsed) {
		Map<String, String> parameters = new TreeMap<>();
		parsed.stringPropertyNames().forEach((name) -> parameters.put(name, parsed.getProperty(name)));
		// The parser adds the address, and a password if ~/.pgpass has one.
		for (PGProperty added : new PGProperty[] { PGProperty.PG_HOST, PGProperty.PG_PORT, PGProperty.PG_DBNAME,
				PGProperty.PASSWORD }) {
			parameters.remove(added.getName());
		}
		return parameters;
	}

	@Override
	public DriverProfile profile(TlsSettings configured) {
		UrlParameters parameters = new UrlParameters(this.parameters);
		TlsSettings tls = tls(parameters, configured);
		Map<String, String> properties = new TreeMap<>(parameters.asMap());
		// The socket factory has verified the name by then, and knows it better: behind a
		// tunnel or an alias the URL's is not the one that the certificate bears.
		properties.put(PGProperty.SSL_MODE.getName(),
				(tls.mode() == TlsMode.REQUIRE) ? TlsMode.REQUIRE.toString() : TlsMode.VERIFY_CA.toString());
		properties.put(PGProperty.SSL_FACTORY.getName(), PostgreSqlSocketFactory.class.getName());
		properties.put(PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME.getName(), PostgreSqlTokenPlugin.class.getName());
		// A connection that GSS encrypts would be one without TLS.
		properties.put(PGProperty.GSS_ENC_MODE.getName(), "disable");
		return new DriverProfile(new Driver(), toString(), properties, tls, PGProperty.SSL_FACTORY_ARG.getName(),
				new Timeout(PGProperty.LOGIN_TIMEOUT.getName(), TimeUnit.SECONDS, 1),
				new TokenRequest(PostgreSqlTokenPlugin.class, true));
	}

	private static TlsSettings tls(UrlParameters parameters, TlsSettings configured) {
		String gssEncMode = parameters.remove(PGProperty.GSS_ENC_MODE.getName());
		if ("prefer".equalsIgnoreCase(gssEncMode) || "require".equalsIgnoreCase(gssEncMode)) {
			throw new InvalidSettingException(
					"It has gssEncMode=" + gssEncMode + ", by which a token could be sent without TLS.",
					"Remove gssEncMode from the URL.");
		}
		TlsParameters tls = new TlsParameters(configured);
		String sslMode = parameters.remove(PGProperty.SSL_MODE.getName());
		String ssl = parameters.remove(PGProperty.SSL.getName());
		if (sslMode != null) {
			tls.mode("sslmode=" + sslMode,
					Arrays.stream(TlsMode.values())
						.filter((mode) -> mode.toString().equalsIgnoreCase(sslMode))
						.findFirst()
						.orElse(null));
		}
		else if (ssl != null) {
			// So says the driver.
			tls.mode("ssl=" + ssl, (ssl.isEmpty() || Boolean.parseBoolean(ssl)) ? TlsMode.VERIFY_FULL : null);
		}
		String rootCertificate = parameters.remove(PGProperty.SSL_ROOT_CERT.getName());
		if (rootCertificate != null) {
			tls.trusted(PGProperty.SSL_ROOT_CERT.getName(), () -> PemCertificates.read(rootCertificate));
		}
		String certificate = parameters.remove(PGProperty.SSL_CERT.getName());
		String key = parameters.remove(PGProperty.SSL_KEY.getName());
		String password = parameters.remove(PGProperty.SSL_PASSWORD.getName());
		if (certificate != null || key != null) {
			tls.keys((key != null) ? PGProperty.SSL_KEY.getName() : PGProperty.SSL_CERT.getName(),
					() -> PostgreSqlClientKey.read(certificate, key, password));
		}
		return tls.merge();
	}

	@Override
	public DatabaseUsers users() {
		return DatabaseUsers.POSTGRESQL;
	}

	/**
	 * Return a URL with the addresses alone: what stands in a URL wins over what is set
	 * beside it.
	 */
	@Override
	public String toString() {
		String name = (this.database != null) ? URLEncoder.encode(this.database, StandardCharsets.UTF_8) : "";
		return "jdbc:postgresql://" + this.hosts.stream().map(HostAndPort::toString).collect(Collectors.joining(","))
				+ "/" + name;
	}

}

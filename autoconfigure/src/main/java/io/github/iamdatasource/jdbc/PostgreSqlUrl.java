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
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * A URL as pgjdbc parses it.
 *
 * @param host the host to connect to
 * @param port the port to connect to
 * @param database the database, or {@code null} for the one named like the user
 * @param parameters the user's own parameters
 */
record PostgreSqlUrl(String host, int port, @Nullable String database,
		Map<String, String> parameters) implements JdbcUrl {

	/** Parameters under which a token, or the promise of TLS, would not hold. */
	private static final Map<PGProperty, String> REFUSED = Map.ofEntries(
			Map.entry(PGProperty.USER, "Set iam.datasource.username instead: the token is signed for that user."),
			Map.entry(PGProperty.PASSWORD, "Remove it: a signed token takes the place of the password."),
			Map.entry(PGProperty.SERVICE, "Write the host, port and database into the URL."),
			Map.entry(PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME,
					"Remove it: a signed token takes the place of what the plugin provides."),
			Map.entry(PGProperty.SSL_FACTORY,
					"Remove it, and name the certificate authorities to trust in iam.datasource.tls.ca-certificates."),
			Map.entry(PGProperty.SSL_FACTORY_ARG,
					"Remove it, and name the certificate authorities to trust in iam.datasource.tls.ca-certificates."),
			Map.entry(PGProperty.SSL_HOSTNAME_VERIFIER,
					"Remove it. If the URL names a tunnel or an alias, set iam.datasource.hostname to the endpoint's own "
							+ "name: the certificate is verified against that."),
			Map.entry(PGProperty.SSL_CERT, "Remove it: client certificates are not supported."),
			Map.entry(PGProperty.SSL_KEY, "Remove it: client certificates are not supported."),
			Map.entry(PGProperty.SSL_PASSWORD, "Remove it: client certificates are not supported."));

	PostgreSqlUrl {
		parameters = Map.copyOf(parameters);
	}

	static PostgreSqlUrl parse(String url) {
		int query = url.indexOf('?');
		String withoutQuery = (query != -1) ? url.substring(0, query) : url;
		if (withoutQuery.indexOf('@') != -1) {
			throw new InvalidSettingException("It has a user or a password before an '@'.",
					"Remove them: the user belongs into iam.datasource.username, and a signed token takes the place of "
							+ "the password.");
		}
		if (query != -1) {
			refuseParameters(url.substring(query + 1));
		}
		// The driver logs a URL that it cannot parse, so first without the parameters.
		Properties authority = parseByDriver(withoutQuery);
		Properties parsed = parseByDriver(url);
		String host = authority.getProperty(PGProperty.PG_HOST.getName());
		String port = authority.getProperty(PGProperty.PG_PORT.getName());
		if (!host.equals(parsed.getProperty(PGProperty.PG_HOST.getName()))
				|| !port.equals(parsed.getProperty(PGProperty.PG_PORT.getName()))) {
			throw new InvalidSettingException("Its parameters name another host or port than its address does.",
					"Name the host and the port once, like jdbc:postgresql://<endpoint>:5432/<database>.");
		}
		if (host.indexOf(',') != -1) {
			throw new InvalidSettingException("It names several hosts, but a token is signed for one.",
					"Name one host. For Aurora, use the cluster endpoint: it follows a failover.");
		}
		if (!DatabaseEndpoint.isHostname(host)) {
			throw malformed();
		}
		return new PostgreSqlUrl(host, Integer.parseInt(port), PGProperty.PG_DBNAME.getOrDefault(parsed),
				parameters(parsed));
	}

	private static Properties parseByDriver(String url) {
		Properties parsed = Driver.parseURL(url, null);
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

	private static void refuseParameters(String query) {
		for (String parameter : query.split("&")) {
			String name = parameter.split("=", 2)[0];
			REFUSED.forEach((refused, action) -> {
				// The driver knows a name in its own case only, and keeps the others.
				if (refused.getName().equalsIgnoreCase(name)) {
					throw new InvalidSettingException("It has the parameter '" + refused.getName() + "'.", action);
				}
			});
		}
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

	@Nullable String parameter(PGProperty property) {
		return this.parameters.get(property.getName());
	}

	/**
	 * Return a URL with the address alone: what stands in a URL wins over what is set
	 * beside it.
	 * @return the URL to give to the driver
	 */
	String withoutParameters() {
		String name = (this.database != null) ? URLEncoder.encode(this.database, StandardCharsets.UTF_8) : "";
		return "jdbc:postgresql://" + this.host + ":" + this.port + "/" + name;
	}

	@Override
	public String toString() {
		return withoutParameters();
	}

}

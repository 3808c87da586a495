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
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import software.amazon.jdbc.Driver;

/**
 * A URL for the AWS Advanced JDBC Wrapper. Whichever host the wrapper has its driver
 * connect to, the driver asks for the token of that host.
 *
 * @param target the URL of the wrapper's driver
 */
record AwsWrapperUrl(DriverUrl target) implements DriverUrl {

	private static final String PREFIX = "jdbc:aws-wrapper:";

	private static final String OWN_CREDENTIALS = "It provides a password of its own, which would take the place of "
			+ "the token. Remove it from wrapperPlugins: the token is provided by this library.";

	private static final String OTHER_HOST = "It connects to addresses that are not the names of RDS endpoints, for which "
			+ "no token can be signed. Remove it from wrapperPlugins; failover2 and efm2 work.";

	/** Plugins with which no login would succeed, by their code in lower case. */
	private static final Map<String, String> REFUSED = Map.of("iam", OWN_CREDENTIALS, "awssecretsmanager",
			OWN_CREDENTIALS, "awssecretsmanager2", OWN_CREDENTIALS, "federatedauth", OWN_CREDENTIALS, "okta",
			OWN_CREDENTIALS, "bg", OTHER_HOST, "limitless", OTHER_HOST);

	private static final Map<String, String> REFUSED_PARAMETERS = Map.of("connectionPoolType",
			"Remove it: the pool is the application's own.", "wrapperProfileName",
			"Name the plugins in wrapperPlugins, where they can be checked.");

	private static final Pattern OF_MONITORS = Pattern.compile("(topology-)?monitoring-|frt-");

	private static final Pattern OF_LOGINS = Pattern.compile("ssl|tls|auth|credential|password|user|trust|keystore");

	static AwsWrapperUrl parse(String url) {
		int query = url.indexOf('?');
		UrlParameters parameters = UrlParameters.split((query != -1) ? url.substring(query + 1) : "");
		parameters.refuse(REFUSED_PARAMETERS);
		parameters.asMap().keySet().forEach(AwsWrapperUrl::requireForAll);
		String plugins = parameters.get("wrapperPlugins");
		if (plugins != null) {
			Arrays.stream(decode(plugins).split(",")).map(String::strip).forEach(AwsWrapperUrl::requireUsable);
		}
		DriverUrl target = DriverUrl.parse("jdbc:" + url.substring(PREFIX.length()));
		if (target instanceof AwsWrapperUrl) {
			throw new InvalidSettingException("It names the wrapper twice.",
					"Write it like jdbc:aws-wrapper:postgresql://<endpoint>:5432/<database>.");
		}
		return new AwsWrapperUrl(target);
	}

	private static String decode(String value) {
		try {
			return URLDecoder.decode(value, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidSettingException("Its parameter 'wrapperPlugins' cannot be decoded.",
					"Write the names of the plugins with commas in between.");
		}
	}

	/** What monitors connect with may not be weaker, either. */
	private static void requireForAll(String parameter) {
		String name = parameter.toLowerCase(Locale.ROOT);
		if (OF_MONITORS.matcher(name).lookingAt() && OF_LOGINS.matcher(name).find()) {
			throw new InvalidSettingException("It has the parameter '" + parameter + "'.",
					"Remove it: the connections that the wrapper opens for itself log in as all others do.");
		}
	}

	private static void requireUsable(String plugin) {
		String action = REFUSED.get(plugin.toLowerCase(Locale.ROOT));
		if (action != null) {
			throw new InvalidSettingException("It has the plugin '" + plugin + "' in wrapperPlugins.", action);
		}
	}

	@Override
	public List<HostAndPort> hosts() {
		return this.target.hosts();
	}

	@Override
	public DriverProfile profile(TlsSettings configured) {
		// It takes all times in milliseconds, also those that its driver takes in
		// seconds.
		return this.target.profile(configured).under(new Driver(), toString(), TimeUnit.MILLISECONDS);
	}

	@Override
	public DatabaseUsers users() {
		return this.target.users();
	}

	@Override
	public @Nullable String sqlState(Throwable cause) {
		return this.target.sqlState(cause);
	}

	@Override
	public String toString() {
		return PREFIX + this.target.toString().substring("jdbc:".length());
	}

}

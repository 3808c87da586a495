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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.iamdatasource.endpoint.InvalidSettingException;

/**
 * A JDBC URL of a database that IAM authentication can be used with.
 */
public sealed interface JdbcUrl permits PostgreSqlUrl {

	/**
	 * Parse a URL, with the driver's own parser.
	 * @param url the URL
	 * @return the parsed URL
	 * @throws InvalidSettingException if it is malformed, names no supported database,
	 * its driver is missing, or it contains what contradicts IAM authentication
	 */
	static JdbcUrl parse(String url) {
		Matcher matcher = Pattern.compile("jdbc:([A-Za-z0-9+.-]+):.*", Pattern.DOTALL).matcher(url);
		if (!matcher.matches()) {
			throw new InvalidSettingException("It is not a JDBC URL.",
					"Write it like jdbc:postgresql://<endpoint>:5432/<database>.");
		}
		String subprotocol = matcher.group(1);
		if (!subprotocol.equals("postgresql")) {
			throw new InvalidSettingException("The JDBC subprotocol '" + subprotocol + "' is not supported.",
					"Supported is jdbc:postgresql: (Amazon RDS for PostgreSQL and Aurora PostgreSQL).");
		}
		if (!isPresent("org.postgresql.Driver")) {
			throw new InvalidSettingException("Its driver, org.postgresql.Driver, is not on the class path.",
					"Add the dependency org.postgresql:postgresql, with scope runtime.");
		}
		return PostgreSqlUrl.parse(url);
	}

	/**
	 * Return the part of a URL that can hold no secret: its beginning, as long as that
	 * looks like an address, and nothing of an address with an {@code @} in it.
	 * @param url any text, even if it is no URL
	 * @return what may be shown
	 */
	static String redact(String url) {
		Pattern harmless = Pattern
			.compile((url.indexOf('@') != -1) ? "jdbc:[\\w+.-]+:(//)?|[\\w+.-]+://" : "[\\w+.:/,\\[\\]-]*");
		Matcher matcher = harmless.matcher(url);
		String shown = matcher.lookingAt() ? matcher.group() : "";
		return (shown.length() < url.length()) ? shown + "…" : shown;
	}

	private static boolean isPresent(String className) {
		try {
			Class.forName(className, false, JdbcUrl.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	/**
	 * Return the host to connect to.
	 * @return a host name or an address
	 */
	String host();

	/**
	 * Return the URL without its parameters, which may be shown to anybody.
	 * @return a JDBC URL
	 */
	@Override
	String toString();

	/**
	 * Return the port to connect to.
	 * @return the port, the database's default if the URL has none
	 */
	int port();

}

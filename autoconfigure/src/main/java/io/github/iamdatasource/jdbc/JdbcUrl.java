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

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.endpoint.InvalidSettingException;

/**
 * The JDBC URL of a database that takes IAM authentication tokens, as its driver
 * understands it.
 */
public sealed interface JdbcUrl permits DriverUrl {

	/**
	 * Parse a URL, with the driver's own parser.
	 * @param url the URL
	 * @return the parsed URL
	 * @throws InvalidSettingException if it is malformed, names no supported database,
	 * its driver is missing, or it contains what contradicts IAM authentication
	 */
	static JdbcUrl parse(String url) {
		return DriverUrl.parse(url);
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

	/**
	 * Return where to connect to.
	 * @return the hosts in the URL's order, at least one; with the database's default
	 * port where the URL has none
	 */
	List<HostAndPort> hosts();

	/**
	 * Return the URL without its parameters, which may be shown to anybody.
	 * @return a JDBC URL
	 */
	@Override
	String toString();

}

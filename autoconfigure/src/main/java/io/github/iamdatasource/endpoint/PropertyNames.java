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
package io.github.iamdatasource.endpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the properties of a data source are called, so that a message names those which
 * its user has written. Messages are written as for an application's only data source,
 * whose properties begin with {@code iam.datasource}.
 *
 * @param own what the names of the URL, the region, the host name and the port begin with
 * @param username what the name of the user's begins with
 * @param credentials what the names of those for the credentials begin with
 * @param token what the names of those for the tokens begin with
 * @param tls what the names of those for TLS begin with
 */
public record PropertyNames(String own, String username, String credentials, String token, String tls) {

	/** Those of an application's only data source. */
	public static final PropertyNames PRIMARY = of("iam.datasource");

	private static final Pattern NAME = Pattern
		.compile("\\biam\\.datasource\\.(url|region|hostname|port|username|credentials|token|tls)\\b");

	/**
	 * Return the names of a data source that has all its properties in one place.
	 * @param prefix what all of them begin with
	 * @return the names
	 */
	public static PropertyNames of(String prefix) {
		return new PropertyNames(prefix, prefix, prefix + ".credentials", prefix + ".token", prefix + ".tls");
	}

	/**
	 * Return a text with these names in it.
	 * @param text names properties as an application's only data source has them
	 * @return the same text for this data source
	 */
	public String in(String text) {
		return NAME.matcher(text).replaceAll((name) -> Matcher.quoteReplacement(named(name.group(1))));
	}

	private String named(String property) {
		return switch (property) {
			case "username" -> this.username + ".username";
			case "credentials" -> this.credentials;
			case "token" -> this.token;
			case "tls" -> this.tls;
			default -> this.own + "." + property;
		};
	}

}

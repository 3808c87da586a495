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

import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * A URL together with what is known of its driver.
 */
sealed interface DriverUrl extends JdbcUrl permits PostgreSqlUrl, MySqlUrl, MariaDbUrl, AwsWrapperUrl {

	/**
	 * Parse a URL.
	 * @param url the URL
	 * @return the parsed URL
	 * @throws InvalidSettingException as {@link JdbcUrl#parse(String)} does
	 */
	static DriverUrl parse(String url) {
		Matcher matcher = Pattern.compile("jdbc:([A-Za-z0-9+.-]+):.*", Pattern.DOTALL).matcher(url);
		if (!matcher.matches()) {
			throw new InvalidSettingException("It is not a JDBC URL.",
					"Write it like jdbc:postgresql://<endpoint>:5432/<database>.");
		}
		return switch (matcher.group(1)) {
			case "postgresql" -> JdbcDriver.POSTGRESQL.require(() -> PostgreSqlUrl.parse(requireQuestionMark(url)));
			case "mariadb" -> JdbcDriver.MARIADB.require(() -> MariaDbUrl.parse(requireQuestionMark(url)));
			case "mysql" -> MariaDbUrl.isForMariaDbDriver(url)
					? JdbcDriver.MARIADB.require(() -> MariaDbUrl.parse(requireQuestionMark(url)))
					: JdbcDriver.MYSQL.require(() -> MySqlUrl.parse(requireQuestionMark(url)));
			case "aws-wrapper" -> JdbcDriver.AWS_WRAPPER.require(() -> AwsWrapperUrl.parse(requireQuestionMark(url)));
			default -> throw new InvalidSettingException(
					"The JDBC subprotocol '" + matcher.group(1).toLowerCase(Locale.ROOT) + "' is not supported.",
					"Supported are jdbc:postgresql:, jdbc:mysql: and jdbc:mariadb: (Amazon RDS and Aurora for PostgreSQL, "
							+ "MySQL and MariaDB), and each of them behind jdbc:aws-wrapper:.");
		};
	}

	/**
	 * Refuse parameters that drivers would take for a part of the database's name, which
	 * is shown.
	 */
	private static String requireQuestionMark(String url) {
		int query = url.indexOf('?');
		if (Pattern.compile("[&;#].*=", Pattern.DOTALL).matcher((query != -1) ? url.substring(0, query) : url).find()) {
			throw new InvalidSettingException("It has a parameter without a question mark before the first one.",
					"Write it like jdbc:postgresql://<endpoint>:5432/<database>?<parameter>=<value>. In the name of a "
							+ "database, write & as %26, ; as %3B and # as %23.");
		}
		return url;
	}

	/**
	 * Return the exception for a URL that names a user in front of its hosts.
	 */
	static InvalidSettingException userInAddress() {
		return new InvalidSettingException("It has a user or a password before an '@'.",
				"Remove them: the user belongs into iam.datasource.username, and a signed token takes the place of "
						+ "the password.");
	}

	/**
	 * Refuse what a URL says of one of its hosts alone, unless it is part of its address:
	 * it could say something else of TLS, or have a secret in it.
	 * @param parameter the parameter's name
	 * @param allowed what an address consists of, in lower case
	 */
	static void requireOfAnAddress(String parameter, Set<String> allowed) {
		if (!allowed.contains(parameter.strip().toLowerCase(Locale.ROOT))) {
			throw new InvalidSettingException(
					"It has the parameter '" + parameter.strip() + "' for one of its hosts alone.",
					"Write it behind the question mark, for all hosts.");
		}
	}

	/**
	 * Tell how the driver has to be used.
	 * @param configured how the server is to be verified, if the URL says nothing of it
	 * @return how to connect
	 * @throws InvalidSettingException if the URL contradicts the settings
	 */
	DriverProfile profile(TlsSettings configured);

	/**
	 * Tell how the database has its users sign in with tokens.
	 * @return the kind of database
	 */
	DatabaseUsers users();

	/**
	 * Tell what the database has answered.
	 * @param cause what the driver threw, or one of its causes
	 * @return the SQLSTATE, or {@code null} if it has none
	 */
	default @Nullable String sqlState(Throwable cause) {
		return (cause instanceof SQLException failure) ? failure.getSQLState() : null;
	}

	/**
	 * Tell whether the database has answered with a certain kind of SQLSTATE.
	 * @param failure what the driver threw
	 * @param beginning what the SQLSTATE begins with
	 */
	default boolean hasState(SQLException failure, String beginning) {
		return Causes.has(failure, (cause) -> {
			String sqlState = sqlState(cause);
			return sqlState != null && sqlState.startsWith(beginning);
		});
	}

}

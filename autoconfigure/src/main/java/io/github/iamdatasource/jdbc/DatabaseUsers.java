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

/**
 * How a kind of database has its users sign in with tokens.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html">Creating
 * a database account using IAM authentication</a>
 */
enum DatabaseUsers {

	/** A role's membership in {@code rds_iam}. */
	POSTGRESQL("was not granted rds_iam") {

		@Override
		String takesTokens(String username) {
			return "was granted rds_iam (on PostgreSQL: GRANT rds_iam TO " + quote(username) + ")";
		}

		@Override
		List<String> statements(String username) {
			return List.of("CREATE USER " + quote(username) + ";",
					OR_EXISTING + "ALTER ROLE " + quote(username) + " LOGIN;",
					"GRANT rds_iam TO " + quote(username) + ";");
		}

	},

	/** A plugin for authentication, which each user has one of. */
	MYSQL("was not created with AWSAuthenticationPlugin") {

		@Override
		String takesTokens(String username) {
			return "was created for it (CREATE USER " + identified(username) + ")";
		}

		@Override
		List<String> statements(String username) {
			return List.of("CREATE USER " + identified(username) + ";",
					OR_EXISTING + "ALTER USER " + identified(username) + ";",
					"ALTER USER " + quoteAccount(username) + " REQUIRE SSL;");
		}

		private String identified(String username) {
			return quoteAccount(username) + " IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
		}

		private String quoteAccount(String username) {
			return "'" + username.replace("\\", "\\\\").replace("'", "''") + "'@'%'";
		}

	};

	private static final String OR_EXISTING = "-- or, if there is one: ";

	private final String takesNoTokens;

	DatabaseUsers(String takesNoTokens) {
		this.takesNoTokens = takesNoTokens;
	}

	/**
	 * Tell how a user signs in with tokens.
	 * @param username the database user
	 * @return what a sentence goes on with after 'check that the user'
	 */
	abstract String takesTokens(String username);

	/**
	 * Tell what an administrator of the database has to do for a user.
	 * @param username the database user
	 * @return SQL statements
	 */
	abstract List<String> statements(String username);

	/** What a sentence goes on with after 'the user'. */
	String takesNoTokens() {
		return this.takesNoTokens;
	}

	/** PostgreSQL would otherwise have it in lower case. */
	static String quote(String identifier) {
		return "\"" + identifier.replace("\"", "\"\"") + "\"";
	}

}

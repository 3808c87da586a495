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
import java.util.Map;

import io.github.iamdatasource.endpoint.PropertyNames;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import io.github.iamdatasource.token.TokenSigningException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a login failed, as far as it can be told from this side.
 */
final class LoginFailures {

	/** What MySQL and MariaDB say of a database that the user may not use. */
	private static final int DATABASE_ACCESS_DENIED = 1044;

	private static final int UNKNOWN_DATABASE = 1049;

	private static final int TOO_MANY_CONNECTIONS = 1040;

	private final DriverUrl url;

	private final RejectionDiagnoses rejections;

	private final ConnectionDiagnoses connections;

	private final PropertyNames names;

	/**
	 * Create an instance.
	 * @param url tells how a user is allowed to log in with tokens
	 * @param driver tells when the driver sends one
	 * @param names what the properties are called that a failure may be cured with
	 */
	LoginFailures(DriverUrl url, DriverProfile driver, PropertyNames names) {
		this.url = url;
		this.rejections = new RejectionDiagnoses(url.users(), driver.tokenRequest().asked());
		this.connections = new ConnectionDiagnoses(url);
		this.names = names;
	}

	/** Also if the driver has tried several times, and says no more than that. */
	boolean isRejection(SQLException failure) {
		return this.url.hasState(failure, "28");
	}

	/**
	 * Explain a failure.
	 * @param failure as the driver threw it
	 * @param login what is known of the login
	 * @return the same failure, explained if it can be
	 */
	SQLException explain(SQLException failure, LoginCircumstances login) {
		if (failure instanceof IamLoginException) {
			return failure;
		}
		LoginDiagnosis diagnosis = diagnose(failure, login);
		return (diagnosis != null) ? new IamLoginException(diagnosis.named(this.names), failure) : failure;
	}

	private @Nullable LoginDiagnosis diagnose(SQLException failure, LoginCircumstances login) {
		if (isRejection(failure)) {
			return this.rejections.of(failure, login);
		}
		// Some say so before they look at who it is.
		if (this.url.hasState(failure, "53300") || Causes.hasCode(failure, TOO_MANY_CONNECTIONS)) {
			return new LoginDiagnosis("The database has no connection left: " + Causes.sentence(failure), login.facts(),
					"Make the pools of all its clients smaller together than its max_connections (a pool has "
							+ "maximum-pool-size connections in each instance of the application), or put RDS Proxy between.");
		}
		LoginDiagnosis connection = this.connections.of(failure, login);
		return (connection != null) ? connection : notAdmitted(failure, login);
	}

	/** The token was good, but that is not all that a login needs. */
	private @Nullable LoginDiagnosis notAdmitted(SQLException failure, LoginCircumstances login) {
		if (login.token() == null) {
			return null;
		}
		String user = "'" + login.endpoint().username() + "'";
		if (this.url.hasState(failure, "3D000") || Causes.hasCode(failure, UNKNOWN_DATABASE)) {
			return new LoginDiagnosis(
					"The token was accepted, but there is no database of the name in the URL: "
							+ Causes.sentence(failure),
					login.facts(), "Correct the name after the host in iam.datasource.url, or create the database.");
		}
		if (this.url.hasState(failure, "42501") || Causes.hasCode(failure, DATABASE_ACCESS_DENIED)) {
			return new LoginDiagnosis(
					"The token was accepted, but the user " + user + " may not use the database: "
							+ Causes.sentence(failure),
					login.facts(), "Grant it to the user (on PostgreSQL: GRANT CONNECT ON DATABASE …; on MySQL and "
							+ "MariaDB: GRANT … ON <database>.* TO …).");
		}
		return null;
	}

	/**
	 * Whoever has the name, but not the database, would get all that is written to it.
	 */
	SQLException letIn(LoginCircumstances login) {
		return new IamLoginException(new LoginDiagnosis(
				"The server let user '" + login.endpoint().username() + "' in without asking for a token, so it is not "
						+ "taken for the database. The connection was closed.",
				login.facts(),
				"Check that the URL names the database, and that the user has no other way to log in than by tokens."),
				new SQLException("No token was asked for", "28000"));
	}

	SQLException explain(TokenSigningException failure) {
		CredentialsUnavailableException reason = failure.getReason();
		return new IamLoginException(
				new LoginDiagnosis("There is no token to log in with. " + Causes.sentence(failure), Map.of(),
						(reason != null) ? reason.getAction() : "Check that the application can get AWS credentials."),
				failure);
	}

}

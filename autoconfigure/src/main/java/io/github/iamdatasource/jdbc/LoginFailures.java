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

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.endpoint.PropertyNames;
import io.github.iamdatasource.jdbc.RejectionClues.Clue;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import io.github.iamdatasource.token.TokenSigningException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a login failed, as far as it can be told from this side.
 */
final class LoginFailures {

	/** Of MySQL and MariaDB: a user who may not log in, whatever is sent. */
	private static final int ACCESS_DENIED = 1045;

	/** What MySQL and MariaDB say of a database that the user may not use. */
	private static final int DATABASE_ACCESS_DENIED = 1044;

	private static final int UNKNOWN_DATABASE = 1049;

	private static final int TOO_MANY_CONNECTIONS = 1040;

	/** What pgjdbc, Connector/J and MariaDB Connector/J say, in this order. */
	private static final Pattern NO_TLS = Pattern.compile("The server does not support SSL.*"
			+ "|.*SSL Connection required, but not (?:supported|provided) by server.*"
			+ "|.*ssl not enabled in the server.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private final DriverUrl url;

	private final boolean asked;

	private final PropertyNames names;

	/**
	 * Create an instance.
	 * @param url tells how a user is allowed to log in with tokens
	 * @param driver tells when the driver sends one
	 * @param names what the properties are called that a failure may be cured with
	 */
	LoginFailures(DriverUrl url, DriverProfile driver, PropertyNames names) {
		this.url = url;
		this.asked = driver.tokenRequest().asked();
		this.names = names;
	}

	/** Also if the driver has tried several times, and says no more than that. */
	boolean isRejection(SQLException failure) {
		return hasState(failure, "28");
	}

	private boolean hasState(SQLException failure, String beginning) {
		return has(failure, (cause) -> {
			String sqlState = this.url.sqlState(cause);
			return sqlState != null && sqlState.startsWith(beginning);
		});
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
			return (login.token() != null) ? rejected(failure, login) : refused(failure, login);
		}
		return Stream
			.<@Nullable LoginDiagnosis>of(notSent(failure, login), notConnected(failure, login),
					notAdmitted(failure, login))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private LoginDiagnosis rejected(SQLException failure, LoginCircumstances login) {
		LoginAdvice advice = advice(login);
		Clue clue = RejectionClues.find(login, this.asked);
		String rejection = "The database did not accept the token as a login of user '" + login.endpoint().username()
				+ "': " + sentence(failure);
		String check = whatToCheck(login.endpoint(), advice);
		return new LoginDiagnosis((clue != null) ? clue.problem() + " " + rejection : rejection, login.facts(),
				(clue != null) ? clue.action() + " If that is not it: " + check : check, advice.policy(),
				advice.resourceIdCommand(), advice.sql());
	}

	private static String whatToCheck(DatabaseEndpoint endpoint, LoginAdvice advice) {
		return "Check that the database has the user '" + endpoint.username() + "', in exactly this case, and that it "
				+ advice.takesTokens() + "; that the IAM policy of " + advice.policyHolder() + " allows "
				+ endpoint.policyAction() + " on " + advice.resource() + "; that " + endpoint.hostAndPort()
				+ " is the endpoint's own name and port; that IAM "
				+ "authentication is enabled on the database; that the region and the clock are right. The database's "
				+ "log 'iam-db-auth-error' has the server's reason.";
	}

	private LoginDiagnosis refused(SQLException failure, LoginCircumstances login) {
		String refusal = "The database refused the login of user '" + login.endpoint().username()
				+ "' without having been sent a token: " + sentence(failure);
		LoginAdvice advice = advice(login);
		if (has(failure, PasswordRequestedException.class::isInstance) || hasCode(failure, ACCESS_DENIED)) {
			Clue clue = RejectionClues.notAsked(login, advice.takesNoTokens());
			return new LoginDiagnosis(clue.problem() + " " + refusal, login.facts(), clue.action(), null, null,
					advice.sql());
		}
		return new LoginDiagnosis(refusal, login.facts(),
				"Check that the database has the user '" + login.endpoint().username()
						+ "', in exactly this case, and that it " + advice.takesTokens()
						+ "; or, if the message above speaks of something else, that the database lets this "
						+ "machine connect to it in this way.",
				null, null, advice.sql());
	}

	private LoginAdvice advice(LoginCircumstances login) {
		return new LoginAdvice(login.endpoint(), login.caller(), this.url.users());
	}

	/** There is no TLS that a token may be sent over. */
	private static @Nullable LoginDiagnosis notSent(SQLException failure, LoginCircumstances login) {
		InvalidSettingException setting = cause(failure, InvalidSettingException.class);
		if (setting != null) {
			return new LoginDiagnosis("No token was sent. " + sentence(setting), login.facts(), setting.getAction());
		}
		String server = login.endpoint().hostAndPort();
		if (has(failure, CertificateExpiredException.class::isInstance)) {
			return new LoginDiagnosis(
					"No token was sent to " + server + ", because the server's certificate has expired: "
							+ sentence(failure),
					login.facts(),
					"Have the database's certificate renewed (aws rds modify-db-instance --ca-certificate-identifier …), "
							+ "or set this machine's clock, which says " + login.now() + ".");
		}
		if (has(failure, CertPathBuilderException.class::isInstance)) {
			return new LoginDiagnosis(
					"No token was sent to " + server
							+ ", because no trusted certificate authority vouches for the server's certificate: "
							+ sentence(failure),
					login.facts(),
					"Trusted are the certificate authorities of the JDK (with verify-full) and of Amazon RDS, unless "
							+ "iam.datasource.tls.ca-certificates names others. For a server with a certificate authority "
							+ "of its own, or in a region newer than this library, set that property to a PEM file with "
							+ "the right one.");
		}
		if (has(failure, LoginFailures::isWrongName)) {
			return new LoginDiagnosis(
					"No token was sent, because the server's certificate does not name " + login.endpoint().hostname()
							+ ": " + sentence(failure),
					login.facts(),
					"Set iam.datasource.url to the endpoint's own name. If the URL has to name a tunnel or an alias, set "
							+ "iam.datasource.hostname to the endpoint's own name: the certificate is verified against that.");
		}
		if (has(failure, (cause) -> cause.getMessage() != null && NO_TLS.matcher(cause.getMessage()).matches())) {
			return new LoginDiagnosis(
					"No token was sent to " + login.where() + ", because the server does not offer TLS: "
							+ sentence(failure),
					login.facts(),
					"Amazon RDS and Aurora always offer it: check that the URL names the database, or a tunnel that leads "
							+ "to it, and not some other server.");
		}
		return null;
	}

	private static @Nullable LoginDiagnosis notConnected(SQLException failure, LoginCircumstances login) {
		if (login.tls() != null) {
			return null;
		}
		Map<String, String> facts = login.facts();
		if (has(failure, UnknownHostException.class::isInstance)) {
			return new LoginDiagnosis(
					"There is no host of the name " + login.address().host() + ": " + sentence(failure), facts,
					"Check the name in iam.datasource.url against the endpoint that the RDS console shows, and that this "
							+ "machine asks the DNS of the right network: the name of a private database may not be known "
							+ "outside.");
		}
		if (has(failure, LoginFailures::isWithoutAnswer)) {
			return new LoginDiagnosis(login.where() + " does not answer: " + sentence(failure), facts,
					"Most often a security group does not let this machine in, or there is no route: check the database's "
							+ "inbound rules for the port " + login.address().port()
							+ ", the subnets, and the VPN or peering between them.");
		}
		if (has(failure, ConnectException.class::isInstance)) {
			return new LoginDiagnosis("Nothing accepts connections at " + login.where() + ": " + sentence(failure),
					facts, "Check the port in iam.datasource.url, and that the database, or the tunnel to it, is "
							+ "running.");
		}
		return null;
	}

	/** Not each driver says so by an exception of its own. */
	private static boolean isWithoutAnswer(Throwable cause) {
		return cause instanceof SocketTimeoutException || cause instanceof NoRouteToHostException
				|| String.valueOf(cause.getMessage()).contains("timed out");
	}

	/** The token was good, but that is not all that a login needs. */
	private @Nullable LoginDiagnosis notAdmitted(SQLException failure, LoginCircumstances login) {
		if (login.token() == null) {
			return null;
		}
		String user = "'" + login.endpoint().username() + "'";
		if (hasState(failure, "3D000") || hasCode(failure, UNKNOWN_DATABASE)) {
			return new LoginDiagnosis(
					"The token was accepted, but there is no database of the name in the URL: " + sentence(failure),
					login.facts(), "Correct the name after the host in iam.datasource.url, or create the database.");
		}
		if (hasState(failure, "42501") || hasCode(failure, DATABASE_ACCESS_DENIED)) {
			return new LoginDiagnosis(
					"The token was accepted, but the user " + user + " may not use the database: " + sentence(failure),
					login.facts(), "Grant it to the user (on PostgreSQL: GRANT CONNECT ON DATABASE …; on MySQL and "
							+ "MariaDB: GRANT … ON <database>.* TO …).");
		}
		if (hasState(failure, "53300") || hasCode(failure, TOO_MANY_CONNECTIONS)) {
			return new LoginDiagnosis("The database has no connection left: " + sentence(failure), login.facts(),
					"Make the pools of all its clients smaller together than its max_connections (a pool has "
							+ "maximum-pool-size connections in each instance of the application), or put RDS Proxy between.");
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
				new LoginDiagnosis("There is no token to log in with. " + sentence(failure), Map.of(),
						(reason != null) ? reason.getAction() : "Check that the application can get AWS credentials."),
				failure);
	}

	private static String sentence(Throwable failure) {
		// Some have the SQL state, or what the server says besides, on lines of their
		// own.
		String message = String.valueOf(failure.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
		return message.endsWith(".") ? message : message + ".";
	}

	private static boolean isWrongName(Throwable cause) {
		return cause instanceof CertificateException && cause.getMessage() != null
				&& (cause.getMessage().startsWith("No subject alternative")
						|| cause.getMessage().startsWith("No name matching"));
	}

	private static boolean hasCode(Throwable failure, int code) {
		return has(failure, (cause) -> cause instanceof SQLException sql && sql.getErrorCode() == code);
	}

	private static boolean has(Throwable failure, Predicate<Throwable> predicate) {
		return causes(failure).anyMatch(predicate);
	}

	private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
		return causes(failure).filter(type::isInstance).map(type::cast).findFirst().orElse(null);
	}

	private static Stream<Throwable> causes(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
	}

}

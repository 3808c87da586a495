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

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.endpoint.PropertyNames;
import io.github.iamdatasource.endpoint.TokenService;
import io.github.iamdatasource.jdbc.RejectionClues.Clue;
import io.github.iamdatasource.token.CallerIdentity;
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

	/** Causes may go round in a circle. */
	private static final int DEPTH = 10;

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
			.<@Nullable LoginDiagnosis>of(overcrowded(failure, login), notSent(failure, login),
					notConnected(failure, login), notAdmitted(failure, login))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private LoginDiagnosis rejected(SQLException failure, LoginCircumstances login) {
		Clue clue = RejectionClues.find(login, isRejectedByIam(failure, login.endpoint()));
		DatabaseEndpoint meant = (clue != null && clue.meant() != null) ? clue.meant() : login.endpoint();
		LoginAdvice advice = new LoginAdvice(meant, login.caller(), this.url.users());
		String rejection = "The database did not accept the token as a login of user '" + login.endpoint().username()
				+ "': " + sentence(failure);
		String check = "Check " + advice.userToCheck() + "; that the IAM policy of " + advice.policyHolder()
				+ " allows " + meant.policyAction() + " on " + advice.resource() + "; that " + meant.hostAndPort()
				+ " is the endpoint's own name and port; " + advice.whatElseToCheck();
		return new LoginDiagnosis((clue != null) ? clue.problem() + " " + rejection : rejection, login.facts(),
				(clue != null) ? clue.action() + " If that is not it: " + check : check, advice.policy(),
				advice.resourceIdCommand(), advice.sql());
	}

	/**
	 * Whether the server takes tokens from this user, and AWS did not take this one.
	 * Otherwise what the server says may be the reason itself, such as that a role may
	 * not log in; and a proxy and DSQL ask everybody for a token.
	 */
	private boolean isRejectedByIam(SQLException failure, DatabaseEndpoint endpoint) {
		boolean database = endpoint.service() == TokenService.RDS && !advice(endpoint, null).isProxy();
		return this.asked && database && (hasCode(failure, ACCESS_DENIED)
				|| has(failure, (cause) -> String.valueOf(cause.getMessage()).contains("PAM ")));
	}

	private LoginDiagnosis refused(SQLException failure, LoginCircumstances login) {
		String refusal = "The database refused the login of user '" + login.endpoint().username()
				+ "' without having been sent a token: " + sentence(failure);
		LoginAdvice advice = advice(login.endpoint(), login.caller());
		if (!has(failure, PasswordRequestedException.class::isInstance) && !hasCode(failure, ACCESS_DENIED)) {
			return new LoginDiagnosis(refusal, login.facts(),
					"Check " + advice.userToCheck()
							+ "; or, if the message above speaks of something else, that the database lets this "
							+ "machine connect to it in this way.",
					null, null, advice.sql());
		}
		Clue name = RejectionClues.username(login);
		if (name != null) {
			return new LoginDiagnosis(name.problem() + " " + refusal, login.facts(), name.action());
		}
		if (advice.isProxy()) {
			return new LoginDiagnosis(
					"The proxy does not take tokens from user '" + login.endpoint().username()
							+ "': it did not ask for one. " + refusal,
					login.facts(),
					"Have the proxy require IAM authentication for this user, and check " + advice.userToCheck() + ".");
		}
		Clue clue = RejectionClues.notAsked(login, advice.takesNoTokens());
		return new LoginDiagnosis(clue.problem() + " " + refusal, login.facts(), clue.action(), null, null,
				advice.sql());
	}

	private LoginAdvice advice(DatabaseEndpoint endpoint, @Nullable CallerIdentity caller) {
		return new LoginAdvice(endpoint, caller, this.url.users());
	}

	/** Some say so before they look at who it is. */
	private @Nullable LoginDiagnosis overcrowded(SQLException failure, LoginCircumstances login) {
		if (hasState(failure, "53300") || hasCode(failure, TOO_MANY_CONNECTIONS)) {
			return new LoginDiagnosis("The database has no connection left: " + sentence(failure), login.facts(),
					"Make the pools of all its clients smaller together than its max_connections (a pool has "
							+ "maximum-pool-size connections in each instance of the application), or put RDS Proxy between.");
		}
		return null;
	}

	/** There is no TLS that a token may be sent over. */
	private @Nullable LoginDiagnosis notSent(SQLException failure, LoginCircumstances login) {
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
		if (has(failure, CertificateNotYetValidException.class::isInstance)) {
			return new LoginDiagnosis(
					"No token was sent to " + server + ", because the server's certificate is not valid yet: "
							+ sentence(failure),
					login.facts(), "Set this machine's clock, which says " + login.now() + ".");
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
		if (isWithoutTls(failure, login)) {
			return new LoginDiagnosis(
					"No token was sent to " + login.where() + ", because the server does not offer TLS: "
							+ sentence(failure),
					login.facts(),
					"Amazon RDS and Aurora always offer it: check that the URL names the database, or a tunnel that leads "
							+ "to it, and not some other server.");
		}
		return null;
	}

	/** pgjdbc says so in the language of the JVM. */
	private boolean isWithoutTls(SQLException failure, LoginCircumstances login) {
		boolean postgreSql = this.url.users() == DatabaseUsers.POSTGRESQL && login.tls() == null
				&& hasState(failure, "08004");
		return postgreSql
				|| has(failure, (cause) -> cause.getMessage() != null && NO_TLS.matcher(cause.getMessage()).matches());
	}

	private static @Nullable LoginDiagnosis notConnected(SQLException failure, LoginCircumstances login) {
		if (login.tls() != null) {
			return null;
		}
		Map<String, String> facts = login.facts();
		UnknownHostException unknown = cause(failure, UnknownHostException.class);
		if (unknown != null) {
			return new LoginDiagnosis("There is no host of the name " + name(unknown) + ": " + sentence(failure), facts,
					"Check the name in iam.datasource.url against the endpoint that the RDS console shows, and that this "
							+ "machine asks the DNS of the right network: the name of a private database may not be known "
							+ "outside.");
		}
		if (has(failure, ConnectException.class::isInstance)
				&& !has(failure, (cause) -> String.valueOf(cause.getMessage()).contains("timed out"))) {
			return new LoginDiagnosis("Nothing accepts connections at " + login.where() + ": " + sentence(failure),
					facts, "Check the port in iam.datasource.url, and that the database, or the tunnel to it, is "
							+ "running.");
		}
		if (login.late() || has(failure, LoginFailures::isWithoutAnswer)) {
			return new LoginDiagnosis(login.where() + " does not answer: " + sentence(failure), facts,
					(login.isIndirect() ? "Check that the tunnel leads to the database. Otherwise, most often"
							: "Most often")
							+ " a security group does not let the connection in, or there is no route: check the "
							+ "database's inbound rules for the port " + login.endpoint().port()
							+ ", the subnets, and the VPN or peering between them.");
		}
		if (has(failure, EOFException.class::isInstance) || has(failure, SocketException.class::isInstance)) {
			return new LoginDiagnosis(
					"The connection to " + login.where() + " was closed before it was encrypted: " + sentence(failure),
					facts,
					"Check that the URL names the database's own port and the right kind of database. If it names a "
							+ "tunnel, its far end may be dead.");
		}
		return null;
	}

	/** With what the system says of it, or without. */
	private static String name(UnknownHostException failure) {
		String message = sentence(failure);
		int end = message.indexOf(": ");
		return (end != -1) ? message.substring(0, end) : message.substring(0, message.length() - 1);
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

	/**
	 * Return what a failure says, on one line: some have the SQL state, or what the
	 * server says besides, on lines of their own, and whoever is taken for the server may
	 * say anything.
	 */
	private static String sentence(Throwable failure) {
		String message = String.valueOf(failure.getMessage()).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
		return message.endsWith(".") ? message : message + ".";
	}

	/**
	 * Return what a failure and its causes say, for one that nothing more is known of.
	 */
	static String withCauses(Throwable failure) {
		return causes(failure).map((cause) -> cause.getClass().getName() + ": " + sentence(cause))
			.collect(Collectors.joining(" Caused by "));
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
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(DEPTH);
	}

}

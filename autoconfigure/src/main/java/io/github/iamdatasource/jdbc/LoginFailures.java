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

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.endpoint.TokenService;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CallerIdentity;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import io.github.iamdatasource.token.TokenSigningException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a login failed, as far as it can be told from this side. The server gives
 * one and the same answer to every bad token.
 */
final class LoginFailures {

	/** More than the time that an answer takes. */
	private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

	private static final String DSQL_GRANT = "is linked to the IAM role of the application (AWS IAM GRANT; the user "
			+ "'admin' needs no link)";

	private final DriverUrl url;

	/**
	 * Create an instance.
	 * @param url tells how a user is allowed to log in with tokens
	 */
	LoginFailures(DriverUrl url) {
		this.url = url;
	}

	/** Also if the driver has tried several times, and says no more than that. */
	boolean isRejection(SQLException failure) {
		return hasCause(failure, (cause) -> {
			String sqlState = this.url.sqlState(cause);
			return sqlState != null && sqlState.startsWith("28");
		});
	}

	/**
	 * Explain a failure.
	 * @param failure as the driver threw it
	 * @param endpoint what was reached
	 * @param token what was sent there, if anything was
	 * @param caller whose token it was, if that is known
	 * @param now the time it is now
	 * @return the same failure, explained if it can be
	 */
	SQLException explain(SQLException failure, DatabaseEndpoint endpoint, @Nullable AuthenticationToken token,
			@Nullable CallerIdentity caller, Instant now) {
		if (failure instanceof IamLoginException) {
			return failure;
		}
		if (isRejection(failure)) {
			return (token != null)
					? new IamLoginException(rejection(failure, endpoint, token, caller, now),
							whatToCheck(endpoint, caller), failure)
					: new IamLoginException(
							"The database refused the login of user '" + endpoint.username()
									+ "' without having been sent a token: " + sentence(failure),
							"Check that the database has the user '" + endpoint.username()
									+ "', in exactly this case, and that it " + grant(endpoint)
									+ "; or, if the message above speaks of something else, that the database lets this "
									+ "machine connect to it in this way.",
							failure);
		}
		InvalidSettingException setting = cause(failure, InvalidSettingException.class);
		if (setting != null) {
			return new IamLoginException("No token was sent. " + sentence(setting), setting.getAction(), failure);
		}
		if (hasCause(failure, CertPathBuilderException.class::isInstance)) {
			return new IamLoginException(
					"No token was sent to " + endpoint.hostAndPort()
							+ ", because no trusted certificate authority vouches for the server's certificate: "
							+ sentence(failure),
					"Trusted are the certificate authorities of the JDK (with verify-full) and of Amazon RDS, unless "
							+ "iam.datasource.tls.ca-certificates names others. For a server with a certificate authority "
							+ "of its own, or in a region newer than this library, set that property to a PEM file with "
							+ "the right one.",
					failure);
		}
		if (hasCause(failure, LoginFailures::isWrongName)) {
			return new IamLoginException(
					"No token was sent, because the server's certificate does not name " + endpoint.hostname() + ": "
							+ sentence(failure),
					"Set iam.datasource.url to the endpoint's own name. If the URL has to name a tunnel or an alias, set "
							+ "iam.datasource.hostname to the endpoint's own name: the certificate is verified against that.",
					failure);
		}
		return failure;
	}

	/**
	 * Whoever has the name, but not the database, would get all that is written to it.
	 */
	SQLException letIn(String username) {
		return new IamLoginException(
				"The server let user '" + username + "' in without asking for a token, so it is not "
						+ "taken for the database. The connection was closed.",
				"Check that the URL names the database, and that the user has no other way to log in than by tokens.",
				new SQLException("No token was asked for", "28000"));
	}

	SQLException explain(TokenSigningException failure) {
		CredentialsUnavailableException reason = failure.getReason();
		return new IamLoginException("There is no token to log in with. " + sentence(failure),
				(reason != null) ? reason.getAction() : "Check that the application can get AWS credentials.", failure);
	}

	private static String rejection(SQLException failure, DatabaseEndpoint endpoint, AuthenticationToken token,
			@Nullable CallerIdentity caller, Instant now) {
		return "The database did not accept the token as a login of user '" + endpoint.username() + "': "
				+ sentence(failure) + " The token was signed for " + endpoint.hostAndPort() + " in " + endpoint.region()
				+ " with the access key that ends in '" + token.signedBy().accessKeyEnding() + "'" + of(caller)
				+ " from the " + token.signedBy().source() + ", is " + seconds(token.age(now))
				+ " old and good for another " + seconds(token.remaining(now)) + " by this machine's clock (" + now
				+ ")." + whatIsWrong(caller);
	}

	private static String of(@Nullable CallerIdentity caller) {
		return (caller != null && caller.arn() != null) ? " of " + caller.arn() : "";
	}

	private static String whatIsWrong(@Nullable CallerIdentity caller) {
		if (caller == null) {
			return "";
		}
		Duration ahead = caller.clockAhead();
		String clock = (ahead != null && ahead.abs().compareTo(CLOCK_TOLERANCE) > 0) ? " That clock is "
				+ seconds(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead of") + " that of AWS." : "";
		return ((caller.refusal() != null) ? " " + caller.refusal() : "") + clock;
	}

	private String whatToCheck(DatabaseEndpoint endpoint, @Nullable CallerIdentity caller) {
		return "Check that the database has the user '" + endpoint.username() + "', in exactly this case, and that it "
				+ grant(endpoint) + "; that the IAM policy of " + policyHolder(caller) + " allows "
				+ endpoint.policyAction() + " on " + endpoint.policyResource((caller != null) ? caller.account() : null)
				+ "; that " + endpoint.hostAndPort() + " is the endpoint's own name and port; that IAM "
				+ "authentication is enabled on the database; that the region and the clock are right. The database's "
				+ "log 'iam-db-auth-error' has the server's reason.";
	}

	private static String policyHolder(@Nullable CallerIdentity caller) {
		if (caller == null || caller.arn() == null) {
			return "the application";
		}
		return (caller.role() != null) ? "the role '" + caller.role() + "'" : caller.arn();
	}

	private String grant(DatabaseEndpoint endpoint) {
		return (endpoint.service() == TokenService.DSQL) ? DSQL_GRANT : this.url.grant(endpoint.username());
	}

	private static String sentence(Throwable failure) {
		String message = String.valueOf(failure.getMessage());
		return message.endsWith(".") ? message : message + ".";
	}

	private static String seconds(Duration duration) {
		return duration.toSeconds() + " s";
	}

	private static boolean isWrongName(Throwable cause) {
		return cause instanceof CertificateException && cause.getMessage() != null
				&& (cause.getMessage().startsWith("No subject alternative")
						|| cause.getMessage().startsWith("No name matching"));
	}

	private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

	private static boolean hasCause(Throwable failure, Predicate<Throwable> predicate) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (predicate.test(cause)) {
				return true;
			}
		}
		return false;
	}

}

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

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.RdsHostname;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CallerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Finds the mistake behind a token that was rejected. The server gives the same answer to
 * every one, so it is looked for in what this side knows: from what is certain to what is
 * left over.
 */
final class RejectionClues {

	/**
	 * By how much AWS lets a clock be ahead. One that is behind only shortens the life of
	 * the tokens that are signed by it.
	 *
	 * @see <a href=
	 * "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html">Troubleshooting
	 * Signature Version 4</a>
	 */
	private static final Duration CLOCK_LIMIT = Duration.ofMinutes(5);

	private static final Pattern NAME_WITH_MORE = Pattern.compile("\\s.*|.*\\s|[\"'`].*|arn:.*|.*@'?%'?",
			Pattern.DOTALL);

	private RejectionClues() {
	}

	/**
	 * Look for the mistake.
	 * @param login what is known, with the token that was rejected
	 * @param asked whether it is known that the server takes tokens from this user, so
	 * that it was AWS that did not take this one
	 * @return the mistake, or {@code null} if there is nothing to choose between those
	 * that remain
	 */
	static @Nullable Clue find(LoginCircumstances login, boolean asked) {
		return Stream
			.<Function<LoginCircumstances, @Nullable Clue>>of(RejectionClues::clock, RejectionClues::credentials,
					RejectionClues::expiry, RejectionClues::region, RejectionClues::host, RejectionClues::port,
					RejectionClues::username)
			.map((clue) -> clue.apply(login))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseGet(() -> asked ? policy(login) : null);
	}

	private static @Nullable Clue clock(LoginCircumstances login) {
		Duration ahead = login.clockAhead();
		if (ahead == null
				|| ahead.abs().compareTo(ahead.isNegative() ? AuthenticationToken.LIFETIME : CLOCK_LIMIT) < 0) {
			return null;
		}
		return new Clue(
				"This machine's clock is " + LoginCircumstances.seconds(ahead.abs())
						+ (ahead.isNegative() ? " behind" : " ahead of")
						+ " that of AWS, so its tokens are not valid when they are signed.",
				"Set the clock, and keep it right by NTP (chrony; in EC2 with the Amazon Time Sync Service).");
	}

	private static @Nullable Clue credentials(LoginCircumstances login) {
		CallerIdentity caller = login.caller();
		return (caller != null && caller.refusal() != null)
				? new Clue("AWS does not accept the credentials that signed the token. " + caller.refusal(),
						"Look after the credentials from the "
								+ Objects.requireNonNull(login.token()).signedBy().source() + ".")
				: null;
	}

	private static @Nullable Clue expiry(LoginCircumstances login) {
		AuthenticationToken token = Objects.requireNonNull(login.token());
		return (token.remaining(login.now()).compareTo(Duration.ZERO) <= 0) ? new Clue(
				"The token ended while the login was under way, together with the credentials that signed it.",
				"Have credentials that live longer provided, or find out why the login took so long.") : null;
	}

	private static @Nullable Clue region(LoginCircumstances login) {
		DatabaseEndpoint endpoint = login.endpoint();
		return RdsHostname.parse(endpoint.hostname())
			.map(RdsHostname::region)
			.filter((region) -> !region.equals(endpoint.region()))
			.map((region) -> new Clue(
					"The token was signed for the region " + endpoint.region() + ", but " + endpoint.hostname()
							+ " is in " + region + ".",
					"Remove iam.datasource.region, or set it to " + region + ".",
					new DatabaseEndpoint(endpoint.hostname(), endpoint.port(), region, endpoint.username())))
			.orElse(null);
	}

	private static @Nullable Clue host(LoginCircumstances login) {
		String signed = login.endpoint().hostname();
		if (RdsHostname.parse(signed).isEmpty()) {
			return new Clue(
					"The token was signed for " + signed + ", which is no name that AWS gives to a database, and a "
							+ "database only accepts tokens for its own name.",
					"Unless this is an emulator, set iam.datasource.hostname to the endpoint's own name, as the RDS "
							+ "console shows it.");
		}
		String connected = login.address().host();
		return (!connected.equals(signed) && RdsHostname.parse(connected).isPresent())
				? new Clue("The token was signed for " + signed + ", but the URL connects to " + connected + ".",
						"Remove iam.datasource.hostname: the URL has the endpoint's own name.")
				: null;
	}

	private static @Nullable Clue port(LoginCircumstances login) {
		int signed = login.endpoint().port();
		return (!login.isIndirect() && signed != login.address().port()) ? new Clue(
				"The token was signed for the port " + signed + ", but the URL connects to the port "
						+ login.address().port() + " of the same host.",
				"Remove iam.datasource.port: it is for URLs that name a tunnel.") : null;
	}

	/**
	 * Return what is wrong with the name of the user, if it looks so.
	 */
	static @Nullable Clue username(LoginCircumstances login) {
		String username = login.endpoint().username();
		return NAME_WITH_MORE.matcher(username).matches() ? new Clue(
				"The database user is [" + username
						+ "], which looks as if more than a name had been written into iam.datasource.username.",
				"Set it to the bare name of the database user, without quotes, blanks or a host. It is neither an IAM user "
						+ "nor an ARN.")
				: null;
	}

	/** What is left when all that can be known from here is right. */
	private static @Nullable Clue policy(LoginCircumstances login) {
		CallerIdentity caller = login.caller();
		if (caller == null || caller.arn() == null) {
			return null;
		}
		DatabaseEndpoint endpoint = login.endpoint();
		return new Clue(
				"AWS IAM most likely does not allow " + caller.arn() + " to sign in as database user '"
						+ endpoint.username() + "': nothing else is known to be wrong.",
				"Look at the policies of " + caller.policyHolder()
						+ ", and at what limits them (a permissions boundary, "
						+ "a session policy, a service control policy).");
	}

	/**
	 * Return what can be said of a user whom the server did not ask for a token.
	 */
	static Clue notAsked(LoginCircumstances login, String taking) {
		String username = login.endpoint().username();
		boolean capitals = !username.equals(username.toLowerCase(Locale.ROOT));
		return new Clue("The database has no user '" + username + "' who signs in with tokens: it did not ask for one.",
				"Either there is no user of exactly this name" + (capitals ? " (mind the capital letters)" : "")
						+ ", or it " + taking + ", or IAM authentication is not enabled on the database.");
	}

	/**
	 * A mistake.
	 *
	 * @param problem what is wrong
	 * @param action what to do about it
	 * @param meant what should have been signed for, if that is known
	 */
	record Clue(String problem, String action, @Nullable DatabaseEndpoint meant) {

		Clue(String problem, String action) {
			this(problem, action, null);
		}

	}

}

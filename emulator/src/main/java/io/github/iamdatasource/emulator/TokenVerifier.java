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
package io.github.iamdatasource.emulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.github.iamdatasource.emulator.sigv4.CredentialScope;
import io.github.iamdatasource.emulator.sigv4.MalformedException;
import io.github.iamdatasource.emulator.sigv4.PresignedUrl;
import io.github.iamdatasource.emulator.sigv4.Sigv4;
import org.jspecify.annotations.Nullable;

/**
 * Checks authentication tokens as RDS does, without the AWS SDK: what the token says, its
 * signature, its time, and the principal's policy. An endpoint with a name of Aurora
 * DSQL's takes the tokens that Aurora DSQL takes. Safe for use by many threads.
 * <p>
 * Nothing that it returns or throws contains a part of a token.
 */
public final class TokenVerifier {

	/** How long a token may claim to be valid, and for how long RDS accepts one. */
	public static final Duration LONGEST_LIFETIME = Duration.ofMinutes(15);

	/** How long a token may claim to be valid for Aurora DSQL. */
	public static final Duration LONGEST_DSQL_LIFETIME = Duration.ofDays(7);

	/** How far the signer's clock may be ahead. */
	public static final Duration ALLOWED_SKEW = Duration.ofMinutes(5);

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
		.withResolverStyle(ResolverStyle.STRICT);

	private final RdsEndpoint endpoint;

	/** Read without a lock, as each login reads it. */
	private final Map<String, IamPrincipal> principals = new ConcurrentHashMap<>();

	private final Clock clock;

	private final Duration tokenLifetime;

	/**
	 * Creates a verifier that accepts a token for as long as RDS does: for 15 minutes,
	 * also where Aurora DSQL would for longer.
	 * @param endpoint what tokens must be signed for
	 * @param principals who may sign
	 * @param clock tells the time
	 * @throws IllegalArgumentException if two principals have the same access key id
	 */
	public TokenVerifier(RdsEndpoint endpoint, Collection<IamPrincipal> principals, Clock clock) {
		this(endpoint, principals, clock, LONGEST_LIFETIME);
	}

	/**
	 * Creates a verifier.
	 * @param endpoint what tokens must be signed for
	 * @param principals who may sign
	 * @param clock tells the time
	 * @param tokenLifetime how long a token is accepted, if it does not itself claim to
	 * be valid for less; it counts from the second in which the token was signed, which
	 * is all that a token tells
	 * @throws IllegalArgumentException if two principals have the same access key id, or
	 * the lifetime is not positive or longer than {@link #LONGEST_LIFETIME}
	 */
	public TokenVerifier(RdsEndpoint endpoint, Collection<IamPrincipal> principals, Clock clock,
			Duration tokenLifetime) {
		if (tokenLifetime.isZero() || tokenLifetime.isNegative() || tokenLifetime.compareTo(LONGEST_LIFETIME) > 0) {
			throw new IllegalArgumentException(
					"The token lifetime is not a positive duration of at most 15 minutes, as long as RDS accepts a token");
		}
		this.endpoint = endpoint;
		this.clock = clock;
		this.tokenLifetime = tokenLifetime;
		for (IamPrincipal principal : principals) {
			if (this.principals.put(principal.accessKeyId(), principal) != null) {
				throw new IllegalArgumentException("Two principals have the access key id " + principal.accessKeyId()
						+ ": give all its permissions to one");
			}
		}
	}

	void addPrincipal(IamPrincipal principal) {
		if (this.principals.putIfAbsent(principal.accessKeyId(), principal) != null) {
			throw new IllegalArgumentException("There is a principal with the access key id " + principal.accessKeyId()
					+ " already: remove that one first");
		}
	}

	boolean removePrincipal(String accessKeyId) {
		return this.principals.remove(accessKeyId) != null;
	}

	/**
	 * Checks a token.
	 * @param token what the client sent as its password
	 * @param databaseUser who the client wants to log in as
	 * @return why the login is refused, or empty if it is not
	 */
	public Optional<Rejection> verify(String token, String databaseUser) {
		try {
			return Optional.ofNullable(findRejection(PresignedUrl.parse(token), databaseUser));
		}
		catch (MalformedException ex) {
			return Optional.of(Rejection.MALFORMED_TOKEN);
		}
	}

	/**
	 * What the token says of itself comes before its signature: both are wrong in a token
	 * for another host, and the host is the better explanation. That the credentials have
	 * ended comes before the token's own time, as nothing helps but other credentials.
	 */
	private @Nullable Rejection findRejection(PresignedUrl token, String databaseUser) throws MalformedException {
		String timestamp = token.requiredParameter("X-Amz-Date");
		Instant signedAt = parseTimestamp(timestamp);
		CredentialScope scope = CredentialScope.parse(token.requiredParameter("X-Amz-Credential"));
		Duration lifetime = parseLifetime(token.requiredParameter("X-Amz-Expires"));
		String signature = token.signature();
		if (!scope.date().equals(timestamp.substring(0, 8))
				|| !token.requiredParameter("X-Amz-SignedHeaders").equals("host")) {
			return Rejection.MALFORMED_TOKEN;
		}
		Rejection rejection = checkPurpose(token, scope, databaseUser);
		if (rejection != null) {
			return rejection;
		}
		IamPrincipal principal = this.principals.get(scope.accessKeyId());
		if (principal == null) {
			return Rejection.UNKNOWN_ACCESS_KEY;
		}
		rejection = checkSessionToken(token.parameter("X-Amz-Security-Token"), principal.sessionToken());
		if (rejection != null) {
			return rejection;
		}
		if (!same(Sigv4.sign(token, timestamp, scope, principal.secretAccessKey()), signature)) {
			return Rejection.SIGNATURE_MISMATCH;
		}
		Instant now = this.clock.instant();
		if (principal.sessionHasExpired(now)) {
			return Rejection.SESSION_EXPIRED;
		}
		rejection = checkTime(signedAt, lifetime, now);
		if (rejection != null) {
			return rejection;
		}
		return principal.mayConnect(this.endpoint, databaseUser) ? null : Rejection.POLICY_DENIES;
	}

	private @Nullable Rejection checkPurpose(PresignedUrl token, CredentialScope scope, String databaseUser)
			throws MalformedException {
		if (!token.requiredParameter("X-Amz-Algorithm").equals(Sigv4.ALGORITHM)) {
			return Rejection.WRONG_ALGORITHM;
		}
		boolean dsql = this.endpoint.isDsql();
		Rejection rejection = dsql ? checkDsqlRequest(token, databaseUser) : checkRequest(token, databaseUser);
		if (rejection != null) {
			return rejection;
		}
		if (!scope.service().equals(dsql ? "dsql" : "rds-db")) {
			return Rejection.WRONG_SERVICE;
		}
		return scope.region().equals(this.endpoint.region()) ? null : Rejection.WRONG_REGION;
	}

	private @Nullable Rejection checkRequest(PresignedUrl token, String databaseUser) throws MalformedException {
		if (!token.requiredParameter("Action").equals("connect")) {
			return Rejection.WRONG_ACTION;
		}
		if (!token.requiredParameter("DBUser").equals(databaseUser)) {
			return Rejection.WRONG_USER;
		}
		int colon = token.authority().indexOf(':');
		if (colon < 0) {
			return Rejection.MALFORMED_TOKEN;
		}
		if (!token.authority().substring(0, colon).equals(this.endpoint.hostname())) {
			return Rejection.WRONG_HOST;
		}
		return token.authority().substring(colon + 1).equals(Integer.toString(this.endpoint.port())) ? null
				: Rejection.WRONG_PORT;
	}

	/** Tells no user but the administrator, and no port. */
	private @Nullable Rejection checkDsqlRequest(PresignedUrl token, String databaseUser) throws MalformedException {
		if (!token.requiredParameter("Action").equals(databaseUser.equals("admin") ? "DbConnectAdmin" : "DbConnect")) {
			return Rejection.WRONG_ACTION;
		}
		int colon = token.authority().indexOf(':');
		if (!token.authority()
			.substring(0, (colon < 0) ? token.authority().length() : colon)
			.equals(this.endpoint.hostname())) {
			return Rejection.WRONG_HOST;
		}
		return (colon < 0) ? null : Rejection.WRONG_PORT;
	}

	private static @Nullable Rejection checkSessionToken(@Nullable String actual, @Nullable String expected) {
		if (expected == null) {
			return (actual == null) ? null : Rejection.SESSION_TOKEN_WRONG;
		}
		if (actual == null) {
			return Rejection.SESSION_TOKEN_MISSING;
		}
		return same(expected, actual) ? null : Rejection.SESSION_TOKEN_WRONG;
	}

	private @Nullable Rejection checkTime(Instant signedAt, Duration lifetime, Instant now) {
		if (lifetime.compareTo(this.endpoint.isDsql() ? LONGEST_DSQL_LIFETIME : LONGEST_LIFETIME) > 0) {
			return Rejection.LIFETIME_TOO_LONG;
		}
		if (signedAt.isAfter(now.plus(ALLOWED_SKEW))) {
			return Rejection.NOT_YET_VALID;
		}
		Duration accepted = (lifetime.compareTo(this.tokenLifetime) < 0) ? lifetime : this.tokenLifetime;
		return now.isBefore(signedAt.plus(accepted)) ? null : Rejection.EXPIRED;
	}

	private static Instant parseTimestamp(String timestamp) throws MalformedException {
		try {
			return LocalDateTime.parse(timestamp, TIMESTAMP).toInstant(ZoneOffset.UTC);
		}
		catch (DateTimeParseException ex) {
			// Not as its cause: the exception repeats what it was given.
			throw new MalformedException();
		}
	}

	private static Duration parseLifetime(String seconds) throws MalformedException {
		if (!seconds.matches("[1-9][0-9]{0,8}")) {
			throw new MalformedException();
		}
		return Duration.ofSeconds(Long.parseLong(seconds));
	}

	/** Takes as long for a near miss as for a wild guess. */
	private static boolean same(String expected, String actual) {
		return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8),
				actual.getBytes(StandardCharsets.UTF_8));
	}

}

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
package io.github.iamdatasource.actuate;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.jdbc.IamDataSourceSnapshot;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt;
import io.github.iamdatasource.jdbc.LoginCount;
import io.github.iamdatasource.jdbc.NegotiatedTls;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.token.CallerIdentity;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import io.github.iamdatasource.token.SigningIdentity;
import io.github.iamdatasource.token.TokenSigningException;
import io.github.iamdatasource.token.TokenSnapshot;
import io.github.iamdatasource.token.TokenSnapshot.SigningFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What is known of an IAM data source. Times are ISO-8601.
 *
 * @param endpoint the host and the port that the token is signed for
 * @param username the database user
 * @param region the AWS region of the database
 * @param token the token for that endpoint
 * @param credentials whose credentials signed it, or {@code null} before the first
 * @param tls how the server is verified, and how the newest connection is encrypted
 * @param logins how many attempts to open a physical connection ended how
 * @param lastFailures the newest of those that did not succeed, the last one first
 * @param otherEndpoints the states of the tokens for other endpoints: of an alias, or of
 * a URL with several hosts
 */
public record IamDataSourceDescriptor(String endpoint, String username, String region, Token token,
		@Nullable Credentials credentials, Tls tls, Map<String, Logins> logins, List<Failure> lastFailures,
		Map<String, String> otherEndpoints) implements OperationResponseBody {

	static IamDataSourceDescriptor of(IamDataSourceSnapshot snapshot, TlsMode mode, Instant now) {
		DatabaseEndpoint endpoint = snapshot.endpoint();
		Map<String, Logins> logins = new TreeMap<>();
		snapshot.attempts().forEach((outcome, count) -> logins.put(words(outcome), Logins.of(count)));
		Map<String, String> others = new TreeMap<>();
		snapshot.tokens().forEach((other, token) -> {
			if (!other.equals(endpoint)) {
				others.put(other.hostAndPort(), words(token.state()));
			}
		});
		return new IamDataSourceDescriptor(endpoint.hostAndPort(), endpoint.username(), endpoint.region(),
				Token.of(snapshot.token(), now), Credentials.of(snapshot.token().signedBy(), snapshot.caller(), now),
				Tls.of(mode, snapshot.tls()), logins, snapshot.failures().stream().map(Failure::of).toList(), others);
	}

	private static String words(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static @Nullable String between(@Nullable Instant from, @Nullable Instant to) {
		return (from != null && to != null) ? Duration.between(from, to).truncatedTo(ChronoUnit.SECONDS).toString()
				: null;
	}

	private static @Nullable String seconds(@Nullable Instant instant) {
		return (instant != null) ? instant.truncatedTo(ChronoUnit.SECONDS).toString() : null;
	}

	/**
	 * A token.
	 *
	 * @param state {@code usable}, {@code refresh-failing}, {@code unavailable},
	 * {@code absent} or {@code closed}
	 * @param signedAt when it was signed, or {@code null} before the first
	 * @param age how old it is
	 * @param expiresIn how long it lives, negative if it has expired
	 * @param signatures how many were signed so far
	 * @param refreshes how many of them before the one before had to be
	 * @param failures how many could not be signed
	 * @param lastFailure the newest of these, if none was signed since
	 */
	public record Token(String state, @Nullable String signedAt, @Nullable String age, @Nullable String expiresIn,
			long signatures, long refreshes, long failures, @Nullable Failure lastFailure) {

		static Token of(TokenSnapshot token, Instant now) {
			return new Token(words(token.state()), seconds(token.signedAt()), between(token.signedAt(), now),
					between(now, token.expiresAt()), token.counts().signatures(), token.counts().refreshes(),
					token.counts().failures(), Failure.of(token.lastFailure()));
		}

	}

	/**
	 * The credentials that signed the token.
	 *
	 * @param source where they came from
	 * @param accessKeyEnding the last characters of the access key id
	 * @param expireIn how long they live, or {@code null} if they do not end
	 * @param caller whose they are, which AWS STS is asked when a login is rejected
	 * @param refusal what AWS STS says is wrong with them
	 */
	public record Credentials(String source, String accessKeyEnding, @Nullable String expireIn, @Nullable String caller,
			@Nullable String refusal) {

		static @Nullable Credentials of(@Nullable SigningIdentity signedBy, @Nullable CallerIdentity caller,
				Instant now) {
			return (signedBy == null) ? null
					: new Credentials(signedBy.source(), signedBy.accessKeyEnding(), between(now, signedBy.expiresAt()),
							(caller != null) ? caller.arn() : null, (caller != null) ? caller.refusal() : null);
		}

	}

	/**
	 * How connections are encrypted.
	 *
	 * @param mode what is verified
	 * @param protocol the protocol of the newest connection, or {@code null} before the
	 * first, as are the others
	 * @param cipherSuite its ciphers
	 * @param peerSubject whom the server's certificate names
	 * @param peerIssuer who vouches for it
	 * @param peerExpiresAt when it ends
	 */
	public record Tls(String mode, @Nullable String protocol, @Nullable String cipherSuite,
			@Nullable String peerSubject, @Nullable String peerIssuer, @Nullable String peerExpiresAt) {

		static Tls of(TlsMode mode, @Nullable NegotiatedTls tls) {
			return (tls == null) ? new Tls(words(mode), null, null, null, null, null)
					: new Tls(words(mode), tls.protocol(), tls.cipherSuite(), tls.peerSubject(), tls.peerIssuer(),
							seconds(tls.peerExpiresAt()));
		}

	}

	/**
	 * Attempts to open a physical connection that ended in the same way.
	 *
	 * @param count how many
	 * @param meanTime how long one took, or {@code null} if there was none
	 */
	public record Logins(long count, @Nullable String meanTime) {

		static Logins of(LoginCount attempts) {
			return new Logins(attempts.count(), (attempts.count() > 0)
					? attempts.time().dividedBy(attempts.count()).truncatedTo(ChronoUnit.MILLIS).toString() : null);
		}

	}

	/**
	 * Something that failed.
	 *
	 * @param at when
	 * @param what what was tried: an outcome of logins, or {@code signature}
	 * @param sqlState the SQL state, if it was a login
	 * @param problem what happened: in words, or else the class of the failure, whose own
	 * words could be anybody's
	 * @param action what to do or to check, if that is known
	 */
	public record Failure(String at, String what, @Nullable String sqlState, String problem, @Nullable String action) {

		static Failure of(LoginAttempt attempt) {
			SQLException failure = attempt.failure();
			IamLoginException explained = (failure instanceof IamLoginException login) ? login : null;
			return new Failure(String.valueOf(seconds(attempt.at())), words(attempt.outcome()),
					(failure != null) ? failure.getSQLState() : null,
					(explained != null) ? explained.getProblem() : String.valueOf(type(failure)),
					(explained != null) ? explained.getAction() : null);
		}

		static @Nullable Failure of(@Nullable SigningFailure failure) {
			if (failure == null) {
				return null;
			}
			TokenSigningException cause = failure.cause();
			CredentialsUnavailableException reason = cause.getReason();
			return new Failure(String.valueOf(seconds(failure.at())), "signature", null,
					(reason != null) ? String.valueOf(reason.getMessage()) : String.valueOf(type(cause)),
					(reason != null) ? reason.getAction() : null);
		}

		private static @Nullable String type(@Nullable Throwable failure) {
			return (failure != null) ? failure.getClass().getName() : null;
		}

	}

}

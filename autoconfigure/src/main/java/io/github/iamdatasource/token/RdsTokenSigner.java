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
package io.github.iamdatasource.token;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Signs tokens with the AWS SDK's {@link RdsUtilities}.
 * <p>
 * The SDK logs what it signs, and even the token. In a Spring Boot application the
 * auto-configuration keeps {@link #LOGGERS_TO_SILENCE these loggers} from it; whoever
 * uses this class without it has to.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.Java.html">Connecting
 * with IAM authentication and the AWS SDK for Java</a>
 */
public final class RdsTokenSigner implements TokenSigner {

	/**
	 * The AWS SDK's loggers that write session tokens at {@code DEBUG} or authentication
	 * tokens at {@code TRACE} and so have to stay at {@code INFO}: the signer of RDS
	 * tokens, the signer of requests to AWS such as to STS, and the parser of the signed
	 * URL.
	 */
	public static final List<String> LOGGERS_TO_SILENCE = List.of("software.amazon.awssdk.auth.signer.Aws4Signer",
			"software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner",
			"software.amazon.awssdk.utils.uri.SdkUri");

	private static final Pattern SIGNING_DATE = Pattern.compile("[?&]X-Amz-Date=(\\d{8}T\\d{6}Z)");

	private static final DateTimeFormatter DATE_FORMAT = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private final DatabaseEndpoint endpoint;

	private final CredentialsSource credentials;

	private final RefreshPolicy policy;

	private final Clock clock;

	private final RdsUtilities utilities;

	/**
	 * Create a signer.
	 * @param endpoint what the tokens are for
	 * @param credentials where the credentials come from, asked once for each token, and
	 * once more if they end too soon
	 * @param policy tells what is too soon
	 * @param clock tells whether the credentials have expired
	 */
	public RdsTokenSigner(DatabaseEndpoint endpoint, CredentialsSource credentials, RefreshPolicy policy, Clock clock) {
		this.endpoint = endpoint;
		this.credentials = credentials;
		this.policy = policy;
		this.clock = clock;
		this.utilities = RdsUtilities.builder().region(Region.of(endpoint.region())).build();
	}

	@Override
	public AuthenticationToken sign(CredentialsFreshness freshness) {
		AwsCredentialsIdentity identity = requireUsable(resolveLongEnough(freshness));
		String value = this.utilities
			.generateAuthenticationToken((request) -> request.hostname(this.endpoint.hostname())
				.port(this.endpoint.port())
				.username(this.endpoint.username())
				.credentialsProvider(new Resolved(identity)));
		Instant signedAt = signedAt(value);
		Instant expiresAt = signedAt.plus(AuthenticationToken.LIFETIME);
		Instant credentialsExpireAt = identity.expirationTime().orElse(null);
		return new AuthenticationToken(
				value, signedAt, (credentialsExpireAt != null && credentialsExpireAt.isBefore(expiresAt))
						? credentialsExpireAt : expiresAt,
				SigningIdentity.of(identity.accessKeyId(), credentialsExpireAt));
	}

	private AwsCredentialsIdentity resolveLongEnough(CredentialsFreshness freshness) {
		AwsCredentialsIdentity identity = resolve(freshness);
		if (freshness == CredentialsFreshness.NEW || !endsTooSoon(identity)) {
			return identity;
		}
		try {
			AwsCredentialsIdentity other = resolve(CredentialsFreshness.NEW);
			return end(other).isBefore(end(identity)) ? identity : other;
		}
		catch (TokenSigningException ex) {
			// What is left of the first may be enough for this login.
			return identity;
		}
	}

	private static Instant end(AwsCredentialsIdentity identity) {
		return identity.expirationTime().orElse(Instant.MAX);
	}

	private boolean endsTooSoon(AwsCredentialsIdentity identity) {
		return identity.expirationTime()
			.filter((expiry) -> this.policy.isTooShort(expiry, this.clock.instant()))
			.isPresent();
	}

	private AwsCredentialsIdentity resolve(CredentialsFreshness freshness) {
		try {
			return this.credentials.resolve(freshness);
		}
		// The SDK's, and whatever a provider of the user's own throws.
		catch (RuntimeException ex) {
			throw new TokenSigningException(
					"No AWS credentials to sign an authentication token for " + this.endpoint.hostAndPort() + " with: "
							+ ((ex.getMessage() != null) ? ex.getMessage() : ex.getClass().getName()),
					ex);
		}
	}

	private AwsCredentialsIdentity requireUsable(AwsCredentialsIdentity identity) {
		if (identity.accessKeyId() == null || identity.secretAccessKey() == null) {
			throw new TokenSigningException("The AWS credentials to sign an authentication token for "
					+ this.endpoint.hostAndPort() + " with are anonymous: a token has to be signed by somebody");
		}
		identity.expirationTime().filter((expiry) -> !expiry.isAfter(this.clock.instant())).ifPresent((expiry) -> {
			throw new TokenSigningException("The AWS credentials to sign an authentication token for "
					+ this.endpoint.hostAndPort() + " with expired at " + expiry
					+ ". Their source has to provide new ones, or this machine's clock is wrong: it is "
					+ this.clock.instant() + " here");
		});
		return identity;
	}

	// What the server will judge by is what stands in the token.
	private static Instant signedAt(String token) {
		Matcher matcher = SIGNING_DATE.matcher(token);
		if (!matcher.find()) {
			throw new IllegalStateException("The AWS SDK signed a token without a date");
		}
		return DATE_FORMAT.parse(matcher.group(1), Instant::from);
	}

	/**
	 * The credentials whose expiry is known: the SDK must not resolve others to sign
	 * with.
	 */
	private record Resolved(AwsCredentialsIdentity identity) implements IdentityProvider<AwsCredentialsIdentity> {

		@Override
		public Class<AwsCredentialsIdentity> identityType() {
			return AwsCredentialsIdentity.class;
		}

		@Override
		public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
			return CompletableFuture.completedFuture(this.identity);
		}

		@Override
		public String toString() {
			return "Resolved";
		}

	}

}

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
import java.time.temporal.ChronoUnit;
import java.util.Map;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Signs the tokens that Amazon RDS and Aurora DSQL take: a presigned request to connect.
 * <p>
 * The tests hold them to have the parameters and the signature that the AWS SDK gives
 * them. Its {@code RdsUtilities} are not used here, as they would be the largest part of
 * what an application loads to connect, and as they log the tokens at {@code TRACE}.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html">Connecting
 * to your DB instance using IAM authentication</a>
 */
public final class RdsTokenSigner implements TokenSigner {

	/**
	 * What the access keys of sessions begin with.
	 *
	 * @see <a href=
	 * "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html">IAM
	 * identifiers</a>
	 */
	private static final String SESSION_KEY = "ASIA";

	private final DatabaseEndpoint endpoint;

	private final CredentialsSource credentials;

	private final RefreshPolicy policy;

	private final Clock clock;

	private final String host;

	private final Map<String, String> request;

	private final Sigv4Presigner presigner;

	/**
	 * Create a signer.
	 * @param endpoint what the tokens are for
	 * @param credentials where the credentials come from, asked once for each token, and
	 * once more if they end too soon
	 * @param policy tells what is too soon
	 * @param clock tells when a token is signed, and whether the credentials have expired
	 */
	public RdsTokenSigner(DatabaseEndpoint endpoint, CredentialsSource credentials, RefreshPolicy policy, Clock clock) {
		this.endpoint = endpoint;
		this.credentials = credentials;
		this.policy = policy;
		this.clock = clock;
		this.host = endpoint.signingHost();
		this.request = endpoint.request();
		this.presigner = new Sigv4Presigner(endpoint.region(), endpoint.service().signingName());
	}

	@Override
	public AuthenticationToken sign(CredentialsFreshness freshness) {
		AwsCredentialsIdentity identity = resolveLongEnough(freshness);
		// What stands in the token has no fractions.
		Instant signedAt = this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
		String value = this.presigner.presign(this.host, this.request, identity, signedAt,
				AuthenticationToken.LIFETIME);
		Instant expiresAt = signedAt.plus(AuthenticationToken.LIFETIME);
		Instant credentialsExpireAt = identity.expirationTime().filter(RdsTokenSigner::isTime).orElse(null);
		return new AuthenticationToken(value, signedAt,
				(credentialsExpireAt != null && credentialsExpireAt.isBefore(expiresAt)) ? credentialsExpireAt
						: expiresAt,
				SigningIdentity.of(identity.accessKeyId(), credentialsExpireAt, this.credentials.description()));
	}

	/** The SDK says so of a program's credentials that do not end. */
	private static boolean isTime(Instant expiry) {
		return expiry.isBefore(Instant.MAX);
	}

	private AwsCredentialsIdentity resolveLongEnough(CredentialsFreshness freshness) {
		AwsCredentialsIdentity identity = resolve(freshness);
		if (freshness == CredentialsFreshness.NEW || !endsTooSoon(identity)) {
			return requireUsable(identity);
		}
		AwsCredentialsIdentity other;
		try {
			other = resolve(CredentialsFreshness.NEW);
		}
		catch (TokenSigningException ex) {
			return requireUsable(identity, ex);
		}
		return requireUsable(end(other).isBefore(end(identity)) ? identity : other);
	}

	/**
	 * What is left of credentials may be enough for this login if there are no others.
	 */
	private AwsCredentialsIdentity requireUsable(AwsCredentialsIdentity identity, TokenSigningException noOthers) {
		try {
			return requireUsable(identity);
		}
		catch (TokenSigningException ex) {
			ex.addSuppressed(noOthers);
			throw ex;
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
		AwsCredentialsIdentity identity;
		try {
			identity = this.credentials.resolve(freshness);
		}
		catch (TokenSigningException ex) {
			throw ex;
		}
		// The SDK's, and whatever a provider of the user's own throws.
		catch (RuntimeException ex) {
			throw new TokenSigningException("No AWS credentials to sign an authentication token for "
					+ this.endpoint.hostAndPort() + " with: " + reason(ex), ex);
		}
		if (identity == null) {
			throw new TokenSigningException("No AWS credentials to sign an authentication token for "
					+ this.endpoint.hostAndPort() + " with: their provider returned null");
		}
		return identity;
	}

	/** Our own and the SDK's messages hold no secrets, others might. */
	private static String reason(RuntimeException failure) {
		boolean shown = failure instanceof CredentialsUnavailableException || failure instanceof SdkException;
		return (shown && failure.getMessage() != null) ? failure.getMessage() : failure.getClass().getName();
	}

	private AwsCredentialsIdentity requireUsable(AwsCredentialsIdentity identity) {
		if (identity.accessKeyId() == null || identity.secretAccessKey() == null) {
			throw new TokenSigningException("The AWS credentials to sign an authentication token for "
					+ this.endpoint.hostAndPort() + " with are anonymous: a token has to be signed by somebody");
		}
		if (identity.accessKeyId().startsWith(SESSION_KEY) && !(identity instanceof AwsSessionCredentialsIdentity)) {
			throw new TokenSigningException("The AWS credentials to sign an authentication token for "
					+ this.endpoint.hostAndPort() + " with are those of a session (the access key begins with "
					+ SESSION_KEY + "), but no session token came with them. Their source (the "
					+ this.credentials.description() + ") has to provide it, too, as AWS_SESSION_TOKEN does");
		}
		identity.expirationTime().filter((expiry) -> !expiry.isAfter(this.clock.instant())).ifPresent((expiry) -> {
			throw new TokenSigningException("The AWS credentials to sign an authentication token for "
					+ this.endpoint.hostAndPort() + " with expired at " + expiry
					+ ". Their source has to provide new ones, or this machine's clock is wrong: it is "
					+ this.clock.instant() + " here");
		});
		return identity;
	}

}

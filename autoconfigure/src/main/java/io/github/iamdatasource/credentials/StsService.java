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
package io.github.iamdatasource.credentials;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.model.IdpCommunicationErrorException;

/**
 * Makes clients of AWS STS. Whoever waits for one's answer waits for a token, so they
 * give up sooner than the SDK would.
 */
final class StsService {

	private static final Duration ATTEMPT = Duration.ofSeconds(10);

	private static final Duration CALL = Duration.ofSeconds(25);

	private StsService() {
	}

	static StsClient client(StsEndpoint endpoint, CredentialsSource credentials) {
		return client(endpoint, new Provider(credentials));
	}

	/** What is asked without credentials. */
	static StsClient client(StsEndpoint endpoint) {
		return client(endpoint, AnonymousCredentialsProvider.create());
	}

	static StsClient client(StsEndpoint endpoint, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
		StsClientBuilder builder = StsClient.builder()
			.region(Region.of(endpoint.region().get()))
			.credentialsProvider(credentials)
			.overrideConfiguration((configuration) -> configuration.apiCallAttemptTimeout(ATTEMPT)
				.apiCallTimeout(CALL)
				.retryStrategy(AwsRetryStrategy.standardRetryStrategy()
					.toBuilder()
					.retryOnException(IdpCommunicationErrorException.class)
					.build()));
		if (endpoint.override() != null) {
			// The SDK refuses to put one together with what its other settings ask for.
			builder.endpointOverride(endpoint.override()).fipsEnabled(false).dualstackEnabled(false);
		}
		return builder.build();
	}

	/**
	 * Has the SDK ask a source of ours.
	 *
	 * @param source the source
	 */
	private record Provider(CredentialsSource source) implements IdentityProvider<AwsCredentialsIdentity> {

		@Override
		public Class<AwsCredentialsIdentity> identityType() {
			return AwsCredentialsIdentity.class;
		}

		@Override
		public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
			try {
				return CompletableFuture.completedFuture(this.source.resolve(CredentialsFreshness.CACHED));
			}
			catch (RuntimeException ex) {
				return CompletableFuture.failedFuture(ex);
			}
		}

	}

}

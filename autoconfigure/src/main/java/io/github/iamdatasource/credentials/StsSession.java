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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleWithWebIdentityCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * Sessions of a role, which AWS STS hands out.
 */
final class StsSession implements CredentialsSource {

	/**
	 * From when on before its end a session may be followed by another, at a moment that
	 * the SDK leaves to chance, and two minutes before it at the latest: most tokens
	 * shall live as long as they can, and there shall be time to try again.
	 */
	private static final Duration AHEAD = AuthenticationToken.LIFETIME.plusMinutes(1);

	/** Those that the role is assumed with, if any are needed. */
	private final @Nullable CredentialsSource base;

	private final AssumedRole role;

	private final StsEndpoint endpoint;

	private final Supplier<StsClient> clientCreator;

	private final RenewableProvider provider;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable StsClient client;

	private boolean closed;

	private StsSession(@Nullable CredentialsSource base, AssumedRole role, StsEndpoint endpoint,
			Supplier<StsClient> clientCreator, Function<StsClient, AwsCredentialsProvider> providerCreator) {
		this.base = base;
		this.role = role;
		this.endpoint = endpoint;
		this.clientCreator = clientCreator;
		this.provider = new RenewableProvider("role " + role.arn(), () -> providerCreator.apply(client()));
	}

	/**
	 * Sessions that are asked for with other credentials.
	 */
	static StsSession assumed(CredentialsSource base, AssumedRole role, StsEndpoint endpoint) {
		AssumeRoleRequest request = AssumeRoleRequest.builder()
			.roleArn(role.arn())
			.roleSessionName(role.sessionName())
			.externalId(role.externalId())
			.durationSeconds(Math.toIntExact(role.duration().toSeconds()))
			.sourceIdentity(role.sourceIdentity())
			.tags(role.tags().entrySet().stream().map(StsSession::tag).toList())
			.build();
		return new StsSession(base, role, endpoint, () -> StsService.client(endpoint, base),
				(client) -> StsAssumeRoleCredentialsProvider.builder()
					.stsClient(client)
					.refreshRequest(request)
					.prefetchTime(AHEAD)
					.build());
	}

	private static Tag tag(Map.Entry<String, String> tag) {
		return Tag.builder().key(tag.getKey()).value(tag.getValue()).build();
	}

	/**
	 * Sessions that are asked for with the token in a file, which is read each time, as
	 * it is replaced before it expires.
	 */
	static StsSession webIdentity(Path tokenFile, AssumedRole role, StsEndpoint endpoint) {
		AssumeRoleWithWebIdentityRequest request = AssumeRoleWithWebIdentityRequest.builder()
			.roleArn(role.arn())
			.roleSessionName(role.sessionName())
			.durationSeconds(Math.toIntExact(role.duration().toSeconds()))
			.build();
		return new StsSession(null, role, endpoint, () -> StsService.client(endpoint),
				(client) -> StsAssumeRoleWithWebIdentityCredentialsProvider.builder()
					.stsClient(client)
					.refreshRequest(() -> request.toBuilder().webIdentityToken(read(tokenFile)).build())
					.prefetchTime(AHEAD)
					.build());
	}

	private static String read(Path tokenFile) {
		try {
			return Files.readString(tokenFile).strip();
		}
		catch (IOException ex) {
			throw new CredentialsUnavailableException(
					CredentialsFailures
						.sentence("The web identity token cannot be read: " + CredentialsFailures.reason(ex)),
					"Check that the file exists, is the one that the platform writes the token to, and may be read by "
							+ "the application.",
					ex);
		}
	}

	private StsClient client() {
		this.lock.lock();
		try {
			if (this.closed) {
				throw RenewableProvider.hasEnded();
			}
			if (this.client == null) {
				this.client = this.clientCreator.get();
			}
			return this.client;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public String description() {
		return this.provider.description();
	}

	@Override
	public AwsCredentialsIdentity resolve(CredentialsFreshness freshness) {
		try {
			if (this.base != null && freshness == CredentialsFreshness.NEW) {
				// What it caches would be used otherwise.
				this.base.resolve(freshness);
			}
			return this.provider.resolve(freshness);
		}
		catch (RuntimeException ex) {
			throw explain(ex);
		}
	}

	private CredentialsUnavailableException explain(RuntimeException failure) {
		// Those that the role is assumed with, which may be another role's.
		CredentialsUnavailableException explained = CredentialsFailures.find(failure,
				CredentialsUnavailableException.class);
		if (explained != null) {
			return explained;
		}
		SdkServiceException answer = CredentialsFailures.find(failure, SdkServiceException.class);
		if (StsFailures.isOfSts(answer)) {
			return StsFailures.explain(answer, description(), this.role);
		}
		return new CredentialsUnavailableException(
				CredentialsFailures.sentence("AWS STS could not be asked for the role " + this.role.arn() + ": "
						+ CredentialsFailures.reason(failure)),
				"Check that the application can reach " + this.endpoint.name() + ". From a private subnet it takes a "
						+ "VPC endpoint for AWS STS, or a way to the Internet.",
				ShownFailure.of(failure));
	}

	@Override
	public void close() {
		this.provider.close();
		this.lock.lock();
		try {
			this.closed = true;
			if (this.client != null) {
				this.client.close();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (this.base != null) {
			this.base.close();
		}
	}

}

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
package io.github.iamdatasource.integration;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.TokenSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signs in simulated time. The AWS SDK puts the real time into tokens, so the real signer
 * only gets and checks the credentials, and another token is signed with them.
 */
final class SimulatedSigner implements TokenSigner {

	private final DatabaseEndpoint endpoint;

	private final TokenSigner signer;

	private final Clock clock;

	private final List<AwsCredentialsIdentity> resolved = new CopyOnWriteArrayList<>();

	SimulatedSigner(DatabaseEndpoint endpoint, CredentialsSource credentials, Clock clock) {
		this.endpoint = endpoint;
		this.clock = clock;
		this.signer = new RdsTokenSigner(endpoint, (freshness) -> {
			AwsCredentialsIdentity identity = credentials.resolve(freshness);
			this.resolved.add(identity);
			return identity;
		}, RefreshPolicy.DEFAULT, clock);
	}

	@Override
	public AuthenticationToken sign(CredentialsFreshness freshness) {
		this.resolved.clear();
		AuthenticationToken real = this.signer.sign(freshness);
		AwsCredentialsIdentity identity = this.resolved.stream()
			.filter((candidate) -> candidate.accessKeyId().endsWith(real.signedBy().accessKeyEnding())
					&& candidate.expirationTime().equals(Optional.ofNullable(real.signedBy().expiresAt())))
			.findFirst()
			.orElseThrow();
		Instant signedAt = this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
		Duration lifetime = AuthenticationToken.LIFETIME;
		Instant end = identity.expirationTime()
			.filter((credentialsEnd) -> credentialsEnd.isBefore(signedAt.plus(lifetime)))
			.orElse(signedAt.plus(lifetime));
		return new AuthenticationToken(
				CraftedTokens.sign(this.endpoint.port(), this.endpoint.username(), identity, signedAt, lifetime),
				signedAt, end, real.signedBy());
	}

}

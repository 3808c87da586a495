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

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

import io.github.iamdatasource.token.CallerIdentities;
import io.github.iamdatasource.token.CallerIdentity;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import io.github.iamdatasource.token.SigningIdentity;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.utils.Lazy;

/**
 * Creates sources of credentials. None of them asks anybody, or loads what it takes to do
 * so, before it is asked itself; each has to be closed. Their failures are
 * {@link CredentialsUnavailableException}s that explain themselves.
 */
public final class CredentialsSources {

	private static final String STS = "software.amazon.awssdk.services.sts.StsClient";

	private CredentialsSources() {
	}

	/**
	 * The AWS SDK's default chain, with the same places in the same order.
	 * @return a source of its own, which others cannot close
	 * @see <a href=
	 * "https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html">Default
	 * credentials provider chain</a>
	 */
	public static CredentialsSource defaultChain() {
		return new DefaultChain();
	}

	/**
	 * A provider of the application's, which is never closed.
	 * @param description what messages call it
	 * @param provider the provider
	 * @return a source that asks the provider each time
	 */
	public static CredentialsSource provider(String description,
			IdentityProvider<? extends AwsCredentialsIdentity> provider) {
		return new ExplainedSource(description, null, CredentialsSource.of(provider));
	}

	/**
	 * A profile of the shared config and credentials files.
	 * @param name its name
	 * @return a source that follows changes of the files
	 */
	public static CredentialsSource profile(String name) {
		String description = "profile '" + name + "'";
		return new ExplainedSource(description, name, new RenewableProvider(description,
				() -> ProfileCredentialsProvider.builder().profileName(name).build()));
	}

	/**
	 * A role, assumed with other credentials. Needs {@link #isStsPresent() AWS STS}.
	 * @param base the credentials to assume it with, closed with the returned source
	 * @param role the role
	 * @param sts whom to ask
	 * @return a source of sessions, each of which begins before the one before ends
	 */
	public static CredentialsSource assumedRole(CredentialsSource base, AssumedRole role, StsEndpoint sts) {
		return StsSession.assumed(base, role, sts);
	}

	/**
	 * A role, assumed with a web identity token. Needs {@link #isStsPresent() AWS STS}.
	 * @param tokenFile the file that has the token, read for each session
	 * @param role the role, without an external id, a source identity or tags
	 * @param sts whom to ask
	 * @return a source of sessions, each of which begins before the one before ends
	 */
	public static CredentialsSource webIdentity(Path tokenFile, AssumedRole role, StsEndpoint sts) {
		return StsSession.webIdentity(tokenFile, role, sts);
	}

	/**
	 * Whose credentials they are, if AWS STS {@link #isStsPresent() can be asked}.
	 * @param credentials the credentials
	 * @param sts whom to ask
	 * @param clock compared with that of AWS STS
	 * @return asks nobody before it is asked itself
	 */
	public static CallerIdentities callers(CredentialsSource credentials, StsEndpoint sts, Clock clock) {
		return new LazyCallers(new Lazy<>(
				() -> isStsPresent() ? new StsCallerIdentities(credentials, sts, clock) : CallerIdentities.UNKNOWN));
	}

	/**
	 * Return whether the AWS SDK's client of AWS STS is on the class path.
	 * @return whether roles can be assumed
	 */
	public static boolean isStsPresent() {
		try {
			Class.forName(STS, false, CredentialsSources.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	/**
	 * Loads what it takes to ask when somebody is to be asked, which most applications
	 * never need.
	 *
	 * @param callers asks
	 */
	private record LazyCallers(Lazy<CallerIdentities> callers) implements CallerIdentities {

		@Override
		public @Nullable CallerIdentity find(SigningIdentity signedBy, Duration patience) {
			return this.callers.getValue().find(signedBy, patience);
		}

		@Override
		public @Nullable CallerIdentity known() {
			return this.callers.hasValue() ? this.callers.getValue().known() : null;
		}

	}

}

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

import java.util.concurrent.ExecutionException;

import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * Where the credentials come from that tokens are signed with.
 */
@FunctionalInterface
public interface CredentialsSource extends AutoCloseable {

	/**
	 * Resolve the credentials of this moment. May block.
	 * @param freshness whether credentials that are at hand will do
	 * @return the credentials
	 * @throws CredentialsUnavailableException if there are none, for a reason that can be
	 * told
	 */
	AwsCredentialsIdentity resolve(CredentialsFreshness freshness);

	/**
	 * Tell where the credentials come from, without asking for any.
	 * @return such as {@code profile 'orders'}
	 */
	default String description() {
		return "application's credentials provider";
	}

	/**
	 * Let go of what was created for this source. What is not its own stays open.
	 */
	@Override
	default void close() {
	}

	/**
	 * Take the credentials from a provider of the AWS SDK. It cannot be told to forget
	 * what it has cached, only be asked again.
	 * @param provider the provider
	 * @return a source that asks the provider each time
	 */
	static CredentialsSource of(IdentityProvider<? extends AwsCredentialsIdentity> provider) {
		return (freshness) -> {
			try {
				return provider.resolveIdentity().get();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new TokenSigningException("Interrupted while waiting for AWS credentials", ex);
			}
			catch (ExecutionException ex) {
				if (ex.getCause() instanceof RuntimeException cause) {
					throw cause;
				}
				throw new TokenSigningException(
						"AWS credentials could not be had (" + ex.getCause().getClass().getName() + ")", ex.getCause());
			}
		};
	}

}

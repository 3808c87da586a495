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
package io.github.iamdatasource.autoconfigure;

import java.util.concurrent.locks.ReentrantLock;

import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The credentials that tokens are signed with: those of the application's
 * {@link AwsCredentialsProvider} bean, or else of the AWS SDK's default chain.
 * <p>
 * Not an {@code AwsCredentialsProvider} itself, as that would take the place of one in
 * the application. Closes only what it has created.
 */
class SigningCredentials implements CredentialsSource, DisposableBean {

	private final @Nullable AwsCredentialsProvider bean;

	private final ReentrantLock replacing = new ReentrantLock();

	/** The chain in use, and {@code null} if there is a bean or when it is all over. */
	private volatile @Nullable DefaultCredentialsProvider created;

	SigningCredentials(ObjectProvider<AwsCredentialsProvider> provider) {
		this.bean = provider.getIfAvailable();
		this.created = (this.bean != null) ? null : newChain();
	}

	@Override
	public AwsCredentialsIdentity resolve(CredentialsFreshness freshness) {
		if (this.bean != null) {
			return this.bean.resolveCredentials();
		}
		DefaultCredentialsProvider chain = this.created;
		if (chain == null) {
			throw new IllegalStateException("The application context is closed");
		}
		if (freshness == CredentialsFreshness.CACHED) {
			return chain.resolveCredentials();
		}
		// The SDK's providers cannot be told to forget what they have cached.
		DefaultCredentialsProvider another = newChain();
		try {
			AwsCredentialsIdentity identity = another.resolveCredentials();
			another = replace(chain, another);
			return identity;
		}
		finally {
			if (another != null) {
				another.close();
			}
		}
	}

	/**
	 * Use another chain from now on.
	 * @return the one that is not used any more, if any
	 */
	private @Nullable DefaultCredentialsProvider replace(DefaultCredentialsProvider chain,
			DefaultCredentialsProvider another) {
		this.replacing.lock();
		try {
			if (this.created != chain) {
				// Somebody else was faster, or it is all over.
				return another;
			}
			this.created = another;
			return chain;
		}
		finally {
			this.replacing.unlock();
		}
	}

	@Override
	public void destroy() {
		this.replacing.lock();
		try {
			if (this.created != null) {
				this.created.close();
			}
			this.created = null;
		}
		finally {
			this.replacing.unlock();
		}
	}

	// Not create(), which returns one that the whole JVM shares and anybody may close.
	private static DefaultCredentialsProvider newChain() {
		return DefaultCredentialsProvider.builder().build();
	}

}

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
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
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

	private final ReentrantLock changing = new ReentrantLock();

	/**
	 * The chain in use, made when it is first asked: that takes a while, and a thread
	 * other than the one that starts the application has the time.
	 */
	private @Nullable DefaultCredentialsProvider chain;

	private volatile boolean closed;

	SigningCredentials(ObjectProvider<AwsCredentialsProvider> provider) {
		this.bean = provider.getIfAvailable();
	}

	@Override
	public AwsCredentialsIdentity resolve(CredentialsFreshness freshness) {
		if (this.bean != null) {
			return this.bean.resolveCredentials();
		}
		requireOpen();
		AwsCredentialsIdentity ofThisProcess = ofThisProcess();
		if (ofThisProcess != null) {
			return ofThisProcess;
		}
		if (freshness == CredentialsFreshness.CACHED) {
			return chain().resolveCredentials();
		}
		// The SDK's providers cannot be told to forget what they have cached.
		DefaultCredentialsProvider another = newChain();
		try {
			AwsCredentialsIdentity identity = another.resolveCredentials();
			another = use(another);
			return identity;
		}
		finally {
			if (another != null) {
				another.close();
			}
		}
	}

	/**
	 * Look where the default chain looks first, without setting up all the places where
	 * it looks afterwards: that is most of what the first signature takes.
	 * @return the credentials in the system properties or in the environment, if any
	 */
	static @Nullable AwsCredentialsIdentity ofThisProcess() {
		AwsCredentialsIdentity properties = ifPresent(SystemPropertyCredentialsProvider.create());
		return (properties != null) ? properties : ifPresent(EnvironmentVariableCredentialsProvider.create());
	}

	private static @Nullable AwsCredentialsIdentity ifPresent(AwsCredentialsProvider provider) {
		try {
			return provider.resolveCredentials();
		}
		catch (SdkClientException ex) {
			// If there are none anywhere, the chain says so for all places.
			return null;
		}
	}

	private DefaultCredentialsProvider chain() {
		this.changing.lock();
		try {
			requireOpen();
			if (this.chain == null) {
				this.chain = newChain();
			}
			return this.chain;
		}
		finally {
			this.changing.unlock();
		}
	}

	/**
	 * Use another chain from now on.
	 * @return the one that is not used any more, if any
	 */
	private @Nullable DefaultCredentialsProvider use(DefaultCredentialsProvider another) {
		this.changing.lock();
		try {
			if (this.closed) {
				return another;
			}
			DefaultCredentialsProvider before = this.chain;
			this.chain = another;
			return before;
		}
		finally {
			this.changing.unlock();
		}
	}

	private void requireOpen() {
		if (this.closed) {
			throw new IllegalStateException("The application context is closed");
		}
	}

	@Override
	public void destroy() {
		this.changing.lock();
		try {
			this.closed = true;
			if (this.chain != null) {
				this.chain.close();
			}
		}
		finally {
			this.changing.unlock();
		}
	}

	// Not create(), which returns one that the whole JVM shares and anybody may close.
	static DefaultCredentialsProvider newChain() {
		return DefaultCredentialsProvider.builder().build();
	}

}

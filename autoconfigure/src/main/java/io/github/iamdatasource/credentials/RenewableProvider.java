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

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A credentials provider of the AWS SDK that is replaced when new credentials are asked
 * for, as it cannot be told to forget what it has cached. One that was replaced is closed
 * when nobody is using it any more.
 */
final class RenewableProvider implements CredentialsSource {

	private final String description;

	private final Supplier<? extends AwsCredentialsProvider> creator;

	/** Never held while credentials are waited for. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Use current;

	private volatile boolean closed;

	/**
	 * Create an instance.
	 * @param description where the credentials come from
	 * @param creator creates a provider, which asks for nothing until it is asked
	 */
	RenewableProvider(String description, Supplier<? extends AwsCredentialsProvider> creator) {
		this.description = description;
		this.creator = creator;
	}

	@Override
	public String description() {
		return this.description;
	}

	@Override
	public AwsCredentialsIdentity resolve(CredentialsFreshness freshness) {
		Use use = (freshness == CredentialsFreshness.NEW) ? another() : current();
		try {
			AwsCredentialsIdentity identity = use.provider.resolveCredentials();
			if (freshness == CredentialsFreshness.NEW) {
				replaceBy(use);
			}
			return identity;
		}
		finally {
			end(use);
		}
	}

	private Use another() {
		requireOpen();
		return new Use(this.creator.get());
	}

	private Use current() {
		this.lock.lock();
		try {
			requireOpen();
			if (this.current == null) {
				this.current = another();
			}
			this.current.users++;
			return this.current;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void replaceBy(Use use) {
		Use before = null;
		this.lock.lock();
		try {
			if (!this.closed) {
				before = this.current;
				use.users++;
				this.current = use;
			}
		}
		finally {
			this.lock.unlock();
		}
		end(before);
	}

	private void end(@Nullable Use use) {
		if (use == null) {
			return;
		}
		boolean last;
		this.lock.lock();
		try {
			use.users--;
			last = use.users == 0;
		}
		finally {
			this.lock.unlock();
		}
		if (last && use.provider instanceof SdkAutoCloseable closeable) {
			closeable.close();
		}
	}

	private void requireOpen() {
		if (this.closed) {
			throw hasEnded();
		}
	}

	static CredentialsUnavailableException hasEnded() {
		return new CredentialsUnavailableException("The application that the credentials were for has ended.",
				"Nothing has to be done if it was meant to end.", null);
	}

	@Override
	public void close() {
		Use last;
		this.lock.lock();
		try {
			this.closed = true;
			last = this.current;
			this.current = null;
		}
		finally {
			this.lock.unlock();
		}
		end(last);
	}

	/**
	 * A provider and how many hold on to it: those who are asking it, and this class
	 * while it is the current one.
	 */
	private static final class Use {

		private final AwsCredentialsProvider provider;

		private int users = 1;

		Use(AwsCredentialsProvider provider) {
			this.provider = provider;
		}

	}

}

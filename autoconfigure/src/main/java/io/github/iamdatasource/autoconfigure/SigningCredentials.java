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

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The credentials that tokens are signed with: those of the application's
 * {@link AwsCredentialsProvider} bean, or else of the AWS SDK's default chain.
 * <p>
 * Not an {@code AwsCredentialsProvider} itself, as that would take the place of one in
 * the application. Closes only what it has created.
 */
class SigningCredentials implements DisposableBean {

	private final AwsCredentialsProvider provider;

	private final @Nullable DefaultCredentialsProvider created;

	SigningCredentials(ObjectProvider<AwsCredentialsProvider> provider) {
		AwsCredentialsProvider bean = provider.getIfAvailable();
		// Not create(), which returns one that the whole JVM shares and anybody may
		// close.
		this.created = (bean != null) ? null : DefaultCredentialsProvider.builder().build();
		this.provider = (this.created != null) ? this.created : bean;
	}

	AwsCredentialsProvider getProvider() {
		return this.provider;
	}

	@Override
	public void destroy() {
		if (this.created != null) {
			this.created.close();
		}
	}

}

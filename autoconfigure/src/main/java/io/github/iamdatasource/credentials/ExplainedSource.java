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

import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Credentials that come from one place or from none, with failures that explain
 * themselves.
 *
 * @param description what messages call it
 * @param profile the name of the profile, if it is one
 * @param source the credentials
 */
record ExplainedSource(String description, @Nullable String profile,
		CredentialsSource source) implements CredentialsSource {

	@Override
	public AwsCredentialsIdentity resolve(CredentialsFreshness freshness) {
		try {
			return this.source.resolve(freshness);
		}
		catch (RuntimeException ex) {
			throw CredentialsFailures.explain(ex, this.description, this.profile);
		}
	}

	@Override
	public void close() {
		this.source.close();
	}

}

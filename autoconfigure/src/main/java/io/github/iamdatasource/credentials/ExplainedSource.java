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

import java.util.List;

import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.CredentialsUnavailableException;
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
			throw (this.profile == null || ProfileFiles.names(this.profile)) ? explain(ex) : unknown(ex);
		}
	}

	private CredentialsUnavailableException explain(RuntimeException failure) {
		return CredentialsFailures.explain(failure, this.description, this.profile);
	}

	private CredentialsUnavailableException unknown(RuntimeException failure) {
		return new CredentialsUnavailableException(
				"There is no " + this.description + " in " + ProfileFiles.locations() + ".",
				"Write it there" + others() + ". AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name other files.",
				ShownFailure.of(failure));
	}

	private static String others() {
		List<String> others = ProfileFiles.profiles();
		return others.isEmpty() ? ": there are no profiles at all"
				: ", or name another one (there are: " + String.join(", ", others) + ")";
	}

	@Override
	public void close() {
		this.source.close();
	}

}

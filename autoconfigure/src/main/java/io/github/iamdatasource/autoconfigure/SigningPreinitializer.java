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

import java.time.Clock;

import io.github.iamdatasource.credentials.CredentialsSources;
import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;

/**
 * Signs a token that is good for nothing with credentials of nobody, so that the classes
 * for it are loaded in the background while Spring Boot starts: the first signature takes
 * more than 100 ms, all others next to nothing.
 */
class SigningPreinitializer implements BackgroundPreinitializer {

	@Override
	public void preinitialize() {
		CredentialsSources.defaultChain().close();
		DatabaseEndpoint endpoint = new DatabaseEndpoint("localhost", 1, "us-east-1", "nobody");
		new RdsTokenSigner(endpoint, (freshness) -> AwsBasicCredentials.create("none", "none"), RefreshPolicy.DEFAULT,
				Clock.systemUTC())
			.sign(CredentialsFreshness.CACHED);
	}

}

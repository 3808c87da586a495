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
import java.time.ZoneOffset;

import io.github.iamdatasource.SilentSdk;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.SigningIdentity;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Correctly signed tokens that no honest client would sign.
 */
final class CraftedTokens {

	private CraftedTokens() {
	}

	static AuthenticationToken sign(OrdersDatabase database, String username, Duration offset, Duration lifetime) {
		String value = sign(database.rds().port(), username, TestCredentials.user().resolveCredentials(),
				Instant.now().plus(offset), lifetime);
		// Claims to be new, so that the token source hands it out.
		return new AuthenticationToken(value, Instant.now(), Instant.now().plus(AuthenticationToken.LIFETIME),
				SigningIdentity.of(TestCredentials.ACCESS_KEY, null, "test"));
	}

	static String sign(int port, String username, AwsCredentialsIdentity identity, Instant signedAt,
			Duration lifetime) {
		SilentSdk.apply();
		SdkHttpRequest request = SdkHttpRequest.builder()
			.method(SdkHttpMethod.GET)
			.protocol("https")
			.host(OrdersDatabase.HOSTNAME)
			.port(port)
			.encodedPath("/")
			.putRawQueryParameter("Action", "connect")
			.putRawQueryParameter("DBUser", username)
			.build();
		String uri = AwsV4HttpSigner.create()
			.sign((signing) -> signing.identity(identity)
				.request(request)
				.putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "rds-db")
				.putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
				.putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
				.putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, lifetime)
				.putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(signedAt, ZoneOffset.UTC)))
			.request()
			.getUri()
			.toString();
		return uri.substring("https://".length());
	}

}

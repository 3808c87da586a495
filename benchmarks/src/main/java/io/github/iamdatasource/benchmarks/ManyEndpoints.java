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
package io.github.iamdatasource.benchmarks;

import java.time.Clock;
import java.util.Random;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.TokenSigner;
import io.github.iamdatasource.token.TokenSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * As many databases as one wants, each with a token of its own, all signed with the same
 * session credentials.
 */
final class ManyEndpoints {

	/** A role's session token, which becomes a part of each signed token. */
	private static final int SESSION_TOKEN_LENGTH = 1024;

	private static final String BASE_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	private final CredentialsSource credentials = CredentialsSource
		.of(StaticCredentialsProvider.create(AwsSessionCredentials.create(DatabaseAccess.ACCESS_KEY_ID,
				DatabaseAccess.SECRET_ACCESS_KEY, sessionToken())));

	private static String sessionToken() {
		return new Random(42).ints(SESSION_TOKEN_LENGTH, 0, BASE_64.length())
			.map(BASE_64::charAt)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	TokenSigner signer(int number) {
		return new RdsTokenSigner(new DatabaseEndpoint(hostname(number), 5432, DatabaseAccess.REGION, "app_" + number),
				this.credentials, RefreshPolicy.DEFAULT, Clock.systemUTC());
	}

	TokenSource tokens(int number, TokenSigner signer, Clock clock) {
		return new TokenSource("app_" + number + " at " + hostname(number) + ":5432", signer, RefreshPolicy.DEFAULT,
				Refresher.shared(), clock);
	}

	private static String hostname(int number) {
		return "orders-" + number + ".c1a2b3c4d5e6." + DatabaseAccess.REGION + ".rds.amazonaws.com";
	}

}

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
package io.github.iamdatasource;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Made-up AWS credentials. What is secret in them contains {@code NeverLogThis}, which
 * the build searches all test output for.
 */
public final class TestCredentials {

	/** A user of the account with long-lived keys, who may connect as {@code app}. */
	public static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";

	public static final String SECRET_KEY = "NeverLogThis/wJalrXUtnFEMI+K7MDENG";

	/** A role with a session token, which may connect as {@code app}. */
	public static final String SESSION_ACCESS_KEY = "ASIAIOSFODNN7EXAMPLE";

	public static final String SESSION_TOKEN = "NeverLogThis//8wEQ+SessionToken==" + "x".repeat(600);

	/** A user who may connect as nobody. */
	public static final String DENIED_ACCESS_KEY = "AKIAIDENIEDDENIEDDEN";

	private TestCredentials() {
	}

	public static AwsCredentialsProvider user() {
		return longLived(ACCESS_KEY, SECRET_KEY);
	}

	public static AwsCredentialsProvider longLived(String accessKey, String secretKey) {
		return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey));
	}

	public static AwsCredentialsProvider session(@Nullable Instant expiration) {
		return StaticCredentialsProvider.create(AwsSessionCredentials.builder()
			.accessKeyId(SESSION_ACCESS_KEY)
			.secretAccessKey(SECRET_KEY)
			.sessionToken(SESSION_TOKEN)
			.expirationTime(expiration)
			.build());
	}

}

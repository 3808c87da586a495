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
package io.github.iamdatasource.token;

import java.time.Instant;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Whose credentials signed a token, as far as it may be told.
 *
 * @param accessKeyEnding the last four characters of the access key id, which tell one
 * key from another, or {@code ?} if it does not look like one
 * @param expiresAt when session credentials end, or {@code null} if they are long-lived
 * @param source where the credentials came from, such as {@code profile 'orders'}
 */
public record SigningIdentity(String accessKeyEnding, @Nullable Instant expiresAt, String source) {

	private static final int TOLD = 4;

	/**
	 * What AWS gives, and those who stand in for it in tests.
	 *
	 * @see <a href=
	 * "https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html">Credentials</a>
	 */
	private static final Pattern ACCESS_KEY_ID = Pattern.compile("[A-Z0-9]{16,128}");

	/**
	 * Keep what may be told of credentials.
	 * @param accessKeyId the access key id
	 * @param expiresAt when session credentials end, or {@code null} if they are
	 * long-lived
	 * @param source where they came from
	 * @return the identity
	 */
	public static SigningIdentity of(String accessKeyId, @Nullable Instant expiresAt, String source) {
		return new SigningIdentity(ending(accessKeyId), expiresAt, source);
	}

	/**
	 * Return whether this may be what is kept of an access key.
	 * @param accessKeyId the access key id
	 * @return {@code false} if it is another one
	 */
	public boolean isOf(String accessKeyId) {
		return this.accessKeyEnding.equals(ending(accessKeyId));
	}

	private static String ending(String accessKeyId) {
		String trimmed = accessKeyId.trim();
		// Who has mixed up the two keys shall not see the secret one.
		return ACCESS_KEY_ID.matcher(trimmed).matches() ? trimmed.substring(trimmed.length() - TOLD) : "?";
	}

}

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

import org.jspecify.annotations.Nullable;

/**
 * Whose credentials signed a token, as far as it may be told.
 *
 * @param accessKeyEnding the last four characters of the access key id, which tell one
 * key from another
 * @param expiresAt when session credentials end, or {@code null} if they are long-lived
 * @param source where the credentials came from, such as {@code profile 'orders'}
 */
public record SigningIdentity(String accessKeyEnding, @Nullable Instant expiresAt, String source) {

	private static final int TOLD = 4;

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
		return trimmed.substring(Math.max(0, trimmed.length() - TOLD));
	}

}

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
 * What can be told of a {@link TokenSource} at one moment. Holds no token.
 *
 * @param signedAt when the newest token was signed, or {@code null} before the first
 * @param expiresAt when the newest token expires, or {@code null} before the first
 * @param lastFailure the failure of the newest attempt to sign, or {@code null} if it
 * succeeded or there was none
 */
public record TokenSnapshot(@Nullable Instant signedAt, @Nullable Instant expiresAt,
		@Nullable SigningFailure lastFailure) {

	/**
	 * A failed attempt to sign a token.
	 *
	 * @param at when it failed
	 * @param cause why it failed
	 */
	public record SigningFailure(Instant at, TokenSigningException cause) {

	}

}

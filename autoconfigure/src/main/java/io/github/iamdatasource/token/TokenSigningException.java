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

import org.jspecify.annotations.Nullable;

/**
 * No token could be signed, because the credentials to sign it with could not be had.
 * Signing itself is local and cannot fail for want of a network.
 */
public final class TokenSigningException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create the exception.
	 * @param message what was tried and why it failed, without secrets
	 */
	public TokenSigningException(String message) {
		super(message);
	}

	/**
	 * Create the exception with its cause.
	 * @param message what was tried and why it failed, without secrets
	 * @param cause why it failed
	 */
	public TokenSigningException(String message, Throwable cause) {
		super(message, cause);
	}

	/**
	 * Return why there were no credentials.
	 * @return the reason, or {@code null} if nothing is known but the message
	 */
	public @Nullable CredentialsUnavailableException getReason() {
		for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof CredentialsUnavailableException reason) {
				return reason;
			}
		}
		return null;
	}

}

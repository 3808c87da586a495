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

import io.github.iamdatasource.token.TokenSourceState.Failure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in one line what has changed for the logins of one token source: nothing for each
 * signature or each attempt.
 */
final class TokenStateLog {

	private static final Logger logger = LoggerFactory.getLogger(TokenSource.class);

	private final String name;

	TokenStateLog(String name) {
		this.name = name;
	}

	void changed(TokenSourceState before, TokenSourceState after) {
		Failure failure = after.failure();
		if (failure == null) {
			if (before.failure() != null && !after.closed()) {
				logger.info("The token for {} was signed anew after {}", this.name, attempts(before.failure()));
			}
		}
		else if (before.failure() == null || before.failure().withToken() != failure.withToken()) {
			if (failure.withToken()) {
				logger.warn(
						"The token for {} could not be signed anew; logins go on with the one before, until {}. "
								+ "It is tried again meanwhile. {}",
						this.name, expiresAt(after), failure.cause().getMessage());
			}
			else {
				logger.warn("No token for {} could be signed, and there is none left: logins fail until one can be. "
						+ "It is tried again meanwhile. {}", this.name, failure.cause().getMessage());
			}
		}
	}

	private static @Nullable Instant expiresAt(TokenSourceState state) {
		return (state.held() != null) ? state.held().token().expiresAt() : null;
	}

	private static String attempts(Failure failure) {
		return (failure.inARow() == 1) ? "one failed attempt" : failure.inARow() + " failed attempts";
	}

}

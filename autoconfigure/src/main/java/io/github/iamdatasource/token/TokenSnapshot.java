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

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What can be told of a {@link TokenSource} at one moment. Holds no token.
 *
 * @param state whether the next login has a token
 * @param signedAt when the newest token was signed, or {@code null} before the first
 * @param expiresAt when the newest token expires, or {@code null} before the first
 * @param signedBy whose credentials signed it, and when those end, or {@code null} before
 * the first
 * @param lastFailure the failure of the newest attempt to sign, or {@code null} if it
 * succeeded or there was none
 * @param counts what has happened so far
 */
public record TokenSnapshot(TokenState state, @Nullable Instant signedAt, @Nullable Instant expiresAt,
		@Nullable SigningIdentity signedBy, @Nullable SigningFailure lastFailure, Counts counts) {

	/**
	 * A failed attempt to sign a token.
	 *
	 * @param at when it failed
	 * @param cause why it failed
	 * @param inARow how many attempts have failed since the last that did not, this one
	 * included
	 * @param nextAttemptAt until when nobody tries again
	 */
	public record SigningFailure(Instant at, TokenSigningException cause, int inARow, Instant nextAttemptAt) {

	}

	/**
	 * What has happened since the token source was created.
	 *
	 * @param signatures how many tokens were signed
	 * @param refreshes how many of them while the one before was still usable, so that no
	 * login had to wait
	 * @param failures how many attempts to sign failed
	 * @param signingTime how long all signatures took together, the resolving of the
	 * credentials included
	 * @param failingTime how long all failed attempts took together
	 */
	public record Counts(long signatures, long refreshes, long failures, Duration signingTime, Duration failingTime) {

		/** Of a token source to which nothing has happened yet. */
		public static final Counts NONE = new Counts(0, 0, 0, Duration.ZERO, Duration.ZERO);

		/**
		 * Add up what has happened to two token sources.
		 * @param other the counts of the other
		 * @return the sums
		 */
		public Counts plus(Counts other) {
			return new Counts(this.signatures + other.signatures, this.refreshes + other.refreshes,
					this.failures + other.failures, this.signingTime.plus(other.signingTime),
					this.failingTime.plus(other.failingTime));
		}

		Counts withSignature(boolean refresh, Duration took) {
			return new Counts(this.signatures + 1, this.refreshes + (refresh ? 1 : 0), this.failures,
					this.signingTime.plus(took), this.failingTime);
		}

		Counts withFailure(Duration took) {
			return new Counts(this.signatures, this.refreshes, this.failures + 1, this.signingTime,
					this.failingTime.plus(took));
		}

	}

}

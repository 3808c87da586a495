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

/**
 * A signed authentication token, which a database takes instead of a password.
 * <p>
 * Whoever holds the value can log in until it expires, so {@link #toString()} does not
 * show it.
 *
 * @param value the token as it is sent to the server
 * @param signedAt the second at which it was signed, as the token itself says
 * @param expiresAt when the server stops accepting it: {@link #LIFETIME 15 minutes} after
 * signing, or the end of the session credentials that signed it if that is earlier
 * @param signedBy whose credentials signed it
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM
 * database authentication</a>
 */
public record AuthenticationToken(String value, Instant signedAt, Instant expiresAt, SigningIdentity signedBy) {

	/** How long RDS accepts a token after it was signed. */
	public static final Duration LIFETIME = Duration.ofMinutes(15);

	/**
	 * Return how long ago the token was signed.
	 * @param now the time it is now
	 * @return the age, negative if the clock was set back
	 */
	public Duration age(Instant now) {
		return Duration.between(this.signedAt, now);
	}

	/**
	 * Return how much longer the server accepts the token.
	 * @param now the time it is now
	 * @return the time that remains, negative once the token has expired
	 */
	public Duration remaining(Instant now) {
		return Duration.between(now, this.expiresAt);
	}

	@Override
	public String toString() {
		return "AuthenticationToken[signedAt=" + this.signedAt + ", expiresAt=" + this.expiresAt + ", signedBy="
				+ this.signedBy + "]";
	}

}

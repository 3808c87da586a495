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

import com.zaxxer.hikari.HikariConfig;

/**
 * One of those that sign in, with a token of its own or a password.
 */
interface Contender extends AutoCloseable {

	String title();

	/**
	 * Opens one physical connection.
	 * @return this contender's login without a pool
	 */
	Login unpooled();

	/**
	 * Puts this contender under a pool, in the way its users do.
	 * @param pool the pool's configuration
	 */
	void configure(HikariConfig pool);

	/**
	 * Brings about the moment at which a burst of logins shall find this contender, with
	 * a usable token before it.
	 * @param moment the moment
	 * @throws InterruptedException if this thread was interrupted
	 */
	void reach(Moment moment) throws InterruptedException;

	/**
	 * Is told that a burst is about to begin.
	 * @param moment the moment of the burst
	 */
	default void logInsBegin(Moment moment) {
	}

	/**
	 * Is told that all logins of a burst have their connection.
	 * @param moment the moment of the burst
	 * @throws IllegalStateException if the moment was over before
	 */
	default void logInsAreOver(Moment moment) {
	}

	/**
	 * Waits until nothing goes on in the background that a moment has set off.
	 * @throws InterruptedException if this thread was interrupted
	 */
	default void settle() throws InterruptedException {
	}

	/**
	 * How long the credentials take to resolve.
	 * @return the credentials this contender signs with
	 */
	CountingCredentials credentials();

	/**
	 * How many tokens were signed so far.
	 * @return a count since the start
	 */
	int signatures();

	/**
	 * Whether it is an error if there is not exactly one look-up and one signature for
	 * each token that is replaced.
	 * @return whether this contender claims so
	 */
	default boolean claimsOneSignature() {
		return false;
	}

	@Override
	default void close() {
	}

	/**
	 * A moment in the life of a token.
	 */
	enum Moment {

		/** The token is good for a while longer. */
		FRESH,

		/**
		 * The token is being replaced. Whoever does not do that before the token's end
		 * has no other moment for it than that.
		 */
		REFRESH,

		/** The token can no longer be used, and there is no other. */
		EXPIRY

	}

}

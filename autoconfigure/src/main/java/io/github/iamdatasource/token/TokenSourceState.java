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
import java.util.concurrent.FutureTask;
import java.util.function.Function;

import io.github.iamdatasource.token.TokenSnapshot.Counts;
import io.github.iamdatasource.token.TokenSnapshot.SigningFailure;
import org.jspecify.annotations.Nullable;

/**
 * All that a {@link TokenSource} knows at one moment. Times are milliseconds of the wall
 * clock.
 *
 * @param held the newest token
 * @param signing the signature that is being made, or one that nobody could finish
 * @param failure how the newest attempt to sign failed
 * @param rejection the newest token that the server did not accept although it was new
 * @param counts what has happened so far
 * @param closed whether it is over
 */
record TokenSourceState(@Nullable Held held, @Nullable Signing signing, @Nullable Failure failure,
		@Nullable Rejection rejection, Counts counts, boolean closed) {

	static final TokenSourceState INITIAL = new TokenSourceState(null, null, null, null, Counts.NONE, false);

	boolean isUsable(long now) {
		return this.held != null && this.held.isUsable(now);
	}

	boolean isAlive(long now) {
		return this.held != null && this.held.isAlive(now);
	}

	/**
	 * Return the signature to wait for.
	 * @return the signature, or {@code null} if there is none that is still being made
	 */
	@Nullable Signing pending() {
		return (this.signing != null && !this.signing.task().isDone()) ? this.signing : null;
	}

	boolean isRejected(AuthenticationToken token) {
		return this.rejection != null && this.rejection.token() == token;
	}

	/**
	 * Return when to sign anew, or to give up a signature that takes too long.
	 * @param now the time it is now
	 * @return in how many milliseconds, 0 or less if it is due
	 */
	long dueIn(long now) {
		if (this.closed) {
			return Long.MAX_VALUE;
		}
		Signing pending = pending();
		if (pending != null) {
			return pending.remaining(now);
		}
		if (this.failure != null) {
			return this.failure.isFresh(now) ? this.failure.until() - now : 0;
		}
		if (this.held == null) {
			return Long.MAX_VALUE;
		}
		// Before that the clock was set back.
		return (now < this.held.usableFrom()) ? 0 : this.held.refreshAt() - now;
	}

	TokenSourceState withSigning(Signing signing) {
		return new TokenSourceState(this.held, signing, this.failure, this.rejection, this.counts, this.closed);
	}

	/** Nothing comes of a signature that was given up. */
	TokenSourceState withToken(Signing of, Held token, long now, Duration took) {
		if (this.signing != of) {
			return this;
		}
		return new TokenSourceState(token, null, null, this.rejection, this.counts.withSignature(isUsable(now), took),
				false);
	}

	TokenSourceState withFailure(Signing of, TokenSigningException cause, long now, double chance, Duration took) {
		if (this.signing != of) {
			return this;
		}
		int inARow = (this.failure != null) ? this.failure.inARow() + 1 : 1;
		Failure newest = new Failure(now, now + Backoff.delay(inARow, chance), inARow, cause, isAlive(now));
		return new TokenSourceState(this.held, null, newest, this.rejection, this.counts.withFailure(took), false);
	}

	TokenSourceState withRejection(AuthenticationToken token, long now, double chance) {
		if (this.closed || isRejected(token)) {
			return this;
		}
		int inARow = (this.rejection != null) ? this.rejection.inARow() + 1 : 1;
		return new TokenSourceState(this.held, this.signing, this.failure,
				new Rejection(token, now, now + Backoff.delay(inARow, chance), inARow), this.counts, false);
	}

	TokenSourceState withoutRejection() {
		return new TokenSourceState(this.held, this.signing, this.failure, null, this.counts, this.closed);
	}

	/** Keeps no token. */
	TokenSourceState close() {
		return new TokenSourceState(null, null, null, null, this.counts, true);
	}

	TokenSnapshot snapshot(long now) {
		AuthenticationToken token = (this.held != null) ? this.held.token() : null;
		return new TokenSnapshot(state(now), (token != null) ? token.signedAt() : null,
				(token != null) ? token.expiresAt() : null, (token != null) ? token.signedBy() : null,
				(this.failure != null) ? this.failure.told() : null, this.counts);
	}

	private TokenState state(long now) {
		if (this.closed) {
			return TokenState.CLOSED;
		}
		if (this.failure != null) {
			return isAlive(now) ? TokenState.REFRESH_FAILING : TokenState.UNAVAILABLE;
		}
		return isUsable(now) ? TokenState.USABLE : TokenState.ABSENT;
	}

	/**
	 * A signature that is being made, for all who wait for it.
	 */
	static final class Signing {

		/** How long credentials are waited for before they are asked for again. */
		static final long LONGEST_MILLIS = 60_000;

		private final FutureTask<AuthenticationToken> task;

		private final CredentialsFreshness freshness;

		private final long since;

		Signing(Function<Signing, AuthenticationToken> signer, CredentialsFreshness freshness, long now) {
			this.task = new FutureTask<>(() -> signer.apply(this));
			this.freshness = freshness;
			this.since = now;
		}

		FutureTask<AuthenticationToken> task() {
			return this.task;
		}

		CredentialsFreshness freshness() {
			return this.freshness;
		}

		/**
		 * Return how long it may still take. A clock that was set does not make it
		 * longer.
		 */
		long remaining(long now) {
			return LONGEST_MILLIS - Math.abs(now - this.since);
		}

	}

	/**
	 * A token with what was worked out about it once and for all.
	 *
	 * @param token the token
	 * @param freshness which credentials it was signed with
	 * @param since when it was signed
	 * @param usableFrom when it becomes usable
	 * @param usableFor how long it is usable from then on
	 * @param refreshAt when to sign anew
	 * @param expiresAt when the server stops accepting it
	 */
	record Held(AuthenticationToken token, CredentialsFreshness freshness, long since, long usableFrom, long usableFor,
			long refreshAt, long expiresAt) {

		/** What was signed so shortly before would not be signed differently now. */
		private static final long NEW_MILLIS = 10_000;

		static Held of(AuthenticationToken token, CredentialsFreshness freshness, RefreshPolicy policy, Instant now,
				double chance) {
			long from = policy.usableFrom(token).toEpochMilli();
			return new Held(token, freshness, now.toEpochMilli(), from,
					Math.max(0, policy.usableUntil(token, now).toEpochMilli() - from),
					policy.refreshAt(token, now, chance).toEpochMilli(), token.expiresAt().toEpochMilli());
		}

		boolean isUsable(long now) {
			// One comparison for both ends: what is too early is a very large number.
			return Long.compareUnsigned(now - this.usableFrom, this.usableFor) < 0;
		}

		boolean isAlive(long now) {
			return now >= this.usableFrom && now < this.expiresAt;
		}

		boolean isAsNewAsCanBe(long now) {
			return this.freshness == CredentialsFreshness.NEW && Math.abs(now - this.since) < NEW_MILLIS;
		}

	}

	/**
	 * A failed attempt to sign.
	 *
	 * @param at when it failed
	 * @param until when it is tried again
	 * @param inARow how many have failed since the last that did not
	 * @param cause why it failed
	 * @param withToken whether there was a token left that the server accepts
	 */
	record Failure(long at, long until, int inARow, TokenSigningException cause, boolean withToken) {

		/**
		 * Return whether it is too early to try again. A clock that was set back does not
		 * make it so.
		 */
		boolean isFresh(long now) {
			return now >= this.at && now < this.until;
		}

		TokenSigningException again() {
			return new TokenSigningException(this.cause.getMessage() + " (at " + Instant.ofEpochMilli(this.at)
					+ "; tried again at " + Instant.ofEpochMilli(this.until) + ")", this.cause);
		}

		SigningFailure told() {
			return new SigningFailure(Instant.ofEpochMilli(this.at), this.cause, this.inARow,
					Instant.ofEpochMilli(this.until));
		}

	}

	/**
	 * A rejection of a token that was as new as can be.
	 *
	 * @param token the token
	 * @param at when it was rejected
	 * @param until how long none is signed in place of one that is rejected
	 * @param inARow how many were rejected since the last that was accepted
	 */
	record Rejection(AuthenticationToken token, long at, long until, int inARow) {

		boolean isFresh(long now) {
			return now >= this.at && now < this.until;
		}

	}

}

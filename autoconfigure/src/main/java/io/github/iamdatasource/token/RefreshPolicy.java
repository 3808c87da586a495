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
 * When a token is signed anew and for how long it is handed out: pure functions of the
 * token and the time.
 *
 * @param refreshAfter how old a token becomes before it is signed anew; the actual age is
 * up to a tenth more or less, so that many applications do not move in step
 * @param expiryMargin how long before its end a token is signed anew at the latest. It
 * has to cover slow credentials, a failed attempt or two and a clock that is a little
 * wrong
 */
public record RefreshPolicy(Duration refreshAfter, Duration expiryMargin) {

	/** Signs anew after 10 minutes, and at the latest one minute before the end. */
	public static final RefreshPolicy DEFAULT = new RefreshPolicy(Duration.ofMinutes(10), Duration.ofMinutes(1));

	/** What keeps credentials that end at once from being asked for without a pause. */
	private static final Duration SHORTEST_LIFE = Duration.ofSeconds(1);

	private static final double JITTER = 0.1;

	public RefreshPolicy {
		requireWithinTokenLife("refreshAfter", refreshAfter);
		requireWithinTokenLife("expiryMargin", expiryMargin);
	}

	private static void requireWithinTokenLife(String name, Duration duration) {
		if (!isWithinTokenLife(duration)) {
			throw new IllegalArgumentException("'" + name + "' must be more than nothing and less than "
					+ AuthenticationToken.LIFETIME.toMinutes() + " minutes, which is how long a token lives");
		}
	}

	/**
	 * Return whether a duration can be used in a policy.
	 * @param duration the duration
	 * @return whether it is more than nothing and less than a token's life
	 */
	public static boolean isWithinTokenLife(Duration duration) {
		return duration.compareTo(AuthenticationToken.LIFETIME) < 0 && duration.compareTo(Duration.ofMillis(1)) >= 0;
	}

	/**
	 * Return when to sign the token that comes after this one.
	 * @param token the newest token
	 * @param now the time at which it was signed
	 * @param chance a random number from 0 to 1
	 * @return a time after {@code now}
	 */
	Instant refreshAt(AuthenticationToken token, Instant now, double chance) {
		Instant latest = token.expiresAt().minus(this.expiryMargin);
		if (!latest.isAfter(now)) {
			// The credentials end so soon that the margin cannot be kept.
			Duration half = token.remaining(now).dividedBy(2);
			return now.plus((half.compareTo(SHORTEST_LIFE) > 0) ? half : SHORTEST_LIFE);
		}
		double factor = 1 + JITTER * (2 * chance - 1);
		Instant aged = now.plusMillis(Math.round(this.refreshAfter.toMillis() * factor));
		return aged.isBefore(latest) ? aged : latest;
	}

	/**
	 * Return from when on the token is not handed out as long as another can be had: just
	 * before its end, as the login takes its time too.
	 * @param token the newest token
	 * @param now the time at which it was signed
	 * @return a time not after its end
	 */
	Instant usableUntil(AuthenticationToken token, Instant now) {
		Duration half = token.remaining(now).dividedBy(2);
		Duration login = this.expiryMargin.dividedBy(10);
		Instant until = token.expiresAt().minus((half.compareTo(login) < 0) ? half : login);
		Instant earliest = now.plus(SHORTEST_LIFE);
		if (until.isBefore(earliest)) {
			until = earliest.isBefore(token.expiresAt()) ? earliest : token.expiresAt();
		}
		return until;
	}

	/**
	 * Return since when the token can be handed out. Before that the clock was set back
	 * since it was signed, and its age says nothing any more.
	 * @param token a token
	 * @return a time before its signature
	 */
	Instant usableFrom(AuthenticationToken token) {
		return token.signedAt().minus(this.expiryMargin);
	}

	/**
	 * Return whether the credentials end so soon that it is worth asking for others
	 * before signing.
	 * @param credentialsExpireAt when they end
	 * @param now the time it is now
	 * @return {@code true} if a token would be due for another the moment it is signed
	 */
	boolean isTooShort(Instant credentialsExpireAt, Instant now) {
		return !credentialsExpireAt.minus(this.expiryMargin).isAfter(now);
	}

}

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
package io.github.iamdatasource.endpoint;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

import io.github.iamdatasource.endpoint.UnresolvedEndpointException.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one alias stands for, kept for a while. Then one caller asks again, and the others
 * go on with what is known.
 */
final class KeptEndpoint {

	/** For how long an answer is taken for granted. */
	static final Duration KEPT = Duration.ofSeconds(30);

	/** When DNS is asked again after it has failed. */
	static final Duration ASKED_AGAIN = Duration.ofSeconds(5);

	private static final Logger logger = LoggerFactory.getLogger(EndpointNames.class);

	private final String alias;

	private final AliasFollower follower;

	private final Clock clock;

	private final ReentrantLock asking = new ReentrantLock();

	private volatile @Nullable Answer answer;

	private volatile @Nullable UnresolvedEndpointException failure;

	/** Only touched by who asks. */
	private boolean outlastsDns;

	KeptEndpoint(String alias, AliasFollower follower, Clock clock) {
		this.alias = alias;
		this.follower = follower;
		this.clock = clock;
	}

	RdsHostname get() {
		Answer known = this.answer;
		UnresolvedEndpointException before = this.failure;
		if (known == null) {
			this.asking.lock();
		}
		else if (known.isFresh(this.clock.instant()) || !this.asking.tryLock()) {
			return known.name();
		}
		try {
			return getOrAsk(before);
		}
		finally {
			this.asking.unlock();
		}
	}

	/** Somebody else may have asked meanwhile. */
	private RdsHostname getOrAsk(@Nullable UnresolvedEndpointException before) {
		Answer known = this.answer;
		if (known == null) {
			UnresolvedEndpointException failed = this.failure;
			if (failed != null && failed != before) {
				throw new UnresolvedEndpointException(failed.getReason(), String.valueOf(failed.getMessage()),
						failed.getAction(), failed);
			}
		}
		else if (known.isFresh(this.clock.instant())) {
			return known.name();
		}
		return ask(known);
	}

	private RdsHostname ask(@Nullable Answer known) {
		try {
			return keep(this.follower.follow(this.alias), known);
		}
		catch (UnresolvedEndpointException ex) {
			if (known == null || !canBeOutlasted(ex)) {
				this.answer = null;
				this.failure = ex;
				this.outlastsDns = false;
				throw ex;
			}
			if (!this.outlastsDns) {
				logger.warn(
						"DNS does not tell anymore what {} stands for; tokens are still signed for {}, which it stood "
								+ "for last. It is asked again meanwhile. {}",
						this.alias, known.name().hostname(), ex.getMessage());
				this.outlastsDns = true;
			}
			return keep(known.name(), ASKED_AGAIN);
		}
	}

	/**
	 * An alias that is being switched may be gone for a moment. One that leads somewhere
	 * else is not followed by tokens for where it led before.
	 */
	private static boolean canBeOutlasted(UnresolvedEndpointException failure) {
		return failure.isTemporary() || failure.getReason() == Reason.NOT_FOUND;
	}

	private RdsHostname keep(RdsHostname name, @Nullable Answer known) {
		if (this.outlastsDns) {
			logger.info("DNS tells again what {} stands for: {}", this.alias, name.hostname());
			this.outlastsDns = false;
		}
		else if (known != null && !known.name().hostname().equals(name.hostname())) {
			logger.info("{} stands for {} now, and no longer for {}", this.alias, name.hostname(),
					known.name().hostname());
		}
		if (name.region() != null) {
			return keep(name, KEPT);
		}
		boolean same = known != null && known.name().hostname().equals(name.hostname());
		return keep(same ? known.name() : name, ASKED_AGAIN);
	}

	private RdsHostname keep(RdsHostname name, Duration howLong) {
		this.answer = new Answer(name, this.clock.instant(), howLong);
		return name;
	}

	private record Answer(RdsHostname name, Instant since, Duration howLong) {

		/** Not after the clock was set back, either. */
		boolean isFresh(Instant now) {
			return !now.isBefore(this.since) && now.isBefore(this.since.plus(this.howLong));
		}

	}

}

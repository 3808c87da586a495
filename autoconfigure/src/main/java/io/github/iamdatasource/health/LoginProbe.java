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
package io.github.iamdatasource.health;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.LoginAttempt;
import org.jspecify.annotations.Nullable;

/**
 * Logs in when nobody else has for a while, to find out whether the next login would
 * work. Not through the pool: that would hand out a connection which is open already, or
 * wait for one that is in use.
 * <p>
 * A login may hang in its driver, which nobody can end. So each has a thread of its own,
 * for which a check waits only as long as it may take, and there is never a second one.
 */
final class LoginProbe {

	/**
	 * When an attempt is given up that should have ended long before: not every driver
	 * keeps to its time-outs.
	 */
	private static final Duration GIVEN_UP_AFTER = Duration.ofMinutes(2);

	/** How many attempts may hang at the same time. */
	private static final int MOST_AT_ONCE = 3;

	private final IamDataSource dataSource;

	private final Duration interval;

	private final Clock clock;

	/** Drivers look for services and classes in it. */
	private final @Nullable ClassLoader contextClassLoader = Thread.currentThread().getContextClassLoader();

	private final AtomicReference<@Nullable Attempt> newest = new AtomicReference<>();

	private final AtomicInteger going = new AtomicInteger();

	/**
	 * Create a probe that has not tried anything yet.
	 * @param dataSource what logs in
	 * @param interval how long a login tells how the next would go
	 * @param clock tells how long ago it was
	 */
	LoginProbe(IamDataSource dataSource, Duration interval, Clock clock) {
		this.dataSource = dataSource;
		this.interval = interval;
		this.clock = clock;
	}

	/**
	 * See to it that the newest login is no older than the interval.
	 * @param patience how long to wait for it
	 * @return the attempt that tells, which has not ended if the patience was over first,
	 * or {@code null} if somebody has logged in within the interval, or tried to
	 */
	@Nullable Attempt ask(Duration patience) {
		LoginAttempt login = this.dataSource.snapshot().lastLogin();
		if (login != null && isRecent(login.at())) {
			return null;
		}
		Attempt attempt = goingOrRecent();
		attempt.await(patience);
		return attempt;
	}

	/**
	 * Return the newest attempt.
	 * @return the attempt, or {@code null} before the first
	 */
	@Nullable Attempt newest() {
		return this.newest.get();
	}

	private Attempt goingOrRecent() {
		while (true) {
			Attempt current = this.newest.get();
			if (current != null) {
				End end = current.end();
				if ((end != null) ? isRecent(end.at()) : !isToBeGivenUp(current)) {
					return current;
				}
			}
			Attempt next = new Attempt(this.clock.instant());
			if (this.newest.compareAndSet(current, next)) {
				if (current != null) {
					current.giveUp();
				}
				start(next);
				return next;
			}
		}
	}

	private boolean isToBeGivenUp(Attempt attempt) {
		return Duration.between(attempt.startedAt(), this.clock.instant()).compareTo(GIVEN_UP_AFTER) >= 0
				&& this.going.get() < MOST_AT_ONCE;
	}

	private void start(Attempt attempt) {
		// Without the thread-locals of the request that asked for the check.
		Thread thread = new Thread(null, () -> run(attempt), "iam-datasource-probe", 0, false);
		attempt.thread = thread;
		this.going.incrementAndGet();
		thread.setContextClassLoader(this.contextClassLoader);
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setDaemon(true);
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			// The system gives no more threads.
			this.going.decrementAndGet();
			attempt.end(this.clock, ex);
		}
	}

	private void run(Attempt attempt) {
		Throwable failure = login();
		this.going.decrementAndGet();
		attempt.end(this.clock, failure);
	}

	private @Nullable Throwable login() {
		try {
			this.dataSource.probe();
			return null;
		}
		// Whatever happens, nobody must wait for what nobody does.
		catch (Throwable ex) {
			return ex;
		}
	}

	/** A clock that was set back makes nothing recent. */
	private boolean isRecent(Instant at) {
		Duration age = Duration.between(at, this.clock.instant());
		return !age.isNegative() && age.compareTo(this.interval) < 0;
	}

	/**
	 * How an attempt ended.
	 *
	 * @param at when it ended
	 * @param failure why it failed, or {@code null} if it succeeded
	 */
	record End(Instant at, @Nullable Throwable failure) {

		/** Otherwise the data source knows of no login either. */
		boolean isLogin() {
			return this.failure == null || this.failure instanceof SQLException;
		}

	}

	/**
	 * One attempt to log in.
	 */
	static final class Attempt {

		private final Instant startedAt;

		private final CompletableFuture<End> end = new CompletableFuture<>();

		private volatile @Nullable Thread thread;

		private Attempt(Instant startedAt) {
			this.startedAt = startedAt;
		}

		Instant startedAt() {
			return this.startedAt;
		}

		/** Nothing as long as it goes on. */
		@Nullable End end() {
			return this.end.getNow(null);
		}

		private void end(Clock clock, @Nullable Throwable failure) {
			this.end.complete(new End(clock.instant(), failure));
		}

		/** It may end all the same; until then it counts as one that hangs. */
		private void giveUp() {
			Thread thread = this.thread;
			if (thread != null) {
				thread.interrupt();
			}
		}

		private void await(Duration patience) {
			try {
				this.end.get(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				// Goes on.
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException(ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}

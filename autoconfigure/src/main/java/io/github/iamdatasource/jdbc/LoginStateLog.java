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
package io.github.iamdatasource.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs when logins begin to fail, or fail for another reason, and when they succeed
 * again, and nothing of a single login. A pool may hide the failure from those who wait
 * for its connections. What comes and goes is told again after some minutes only.
 */
final class LoginStateLog {

	private static final Logger logger = LoggerFactory.getLogger(IamDataSource.class);

	private static final Duration TOLD_AGAIN = Duration.ofMinutes(5);

	/** How many reasons are remembered to have been told. */
	private static final int REASONS = 20;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Instant> told = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
			return size() > REASONS;
		}

	};

	/** Why the newest login failed, if it did. Most logins only read it. */
	private volatile @Nullable String reason;

	/** Whether somebody waits to read that it is over. */
	private boolean announced;

	private volatile @Nullable Instant succeededAt;

	void succeeded(LoginAttempt login, DatabaseEndpoint endpoint) {
		this.succeededAt = login.at();
		if (this.reason == null) {
			return;
		}
		boolean over;
		this.lock.lock();
		try {
			this.reason = null;
			over = this.announced;
			this.announced = false;
		}
		finally {
			this.lock.unlock();
		}
		if (over) {
			logger.atInfo()
				.addKeyValue("iam.datasource.endpoint", endpoint.hostAndPort())
				.addKeyValue("iam.datasource.username", endpoint.username())
				.log("Logins to {} as '{}' succeed again", endpoint.hostAndPort(), endpoint.username());
		}
	}

	void failed(LoginAttempt login, DatabaseEndpoint endpoint) {
		if (isNews(login)) {
			logger.atWarn()
				.addKeyValue("iam.datasource.endpoint", endpoint.hostAndPort())
				.addKeyValue("iam.datasource.username", endpoint.username())
				.addKeyValue("iam.datasource.outcome", words(login))
				.log("Logins to {} as '{}' fail. {}", endpoint.hostAndPort(), endpoint.username(),
						told(Objects.requireNonNull(login.failure())));
		}
	}

	private boolean isNews(LoginAttempt login) {
		String newReason = reason(login);
		this.lock.lock();
		try {
			// It takes a while to explain a failure, and somebody may have logged in
			// since.
			Instant success = this.succeededAt;
			if (newReason.equals(this.reason) || (success != null && login.at().isBefore(success))) {
				return false;
			}
			this.reason = newReason;
			Instant before = this.told.get(newReason);
			if (before != null && Duration.between(before, login.at()).abs().compareTo(TOLD_AGAIN) < 0) {
				return false;
			}
			this.told.put(newReason, login.at());
			this.announced = true;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What failures of one kind have in common. */
	private static String reason(LoginAttempt login) {
		SQLException failure = Objects.requireNonNull(login.failure());
		return words(login) + " " + ((failure instanceof IamLoginException explained) ? explained.getDiagnosis().kind()
				: failure.getSQLState() + failure.getErrorCode());
	}

	private static String words(LoginAttempt login) {
		return login.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Object told(SQLException failure) {
		return (failure instanceof IamLoginException explained) ? explained.getDiagnosis() : Causes.all(failure);
	}

}

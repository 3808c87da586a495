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
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs when logins begin to fail, or fail in another way, and when they succeed again:
 * one line each time, and none for a login. A pool may hide the failure from those who
 * wait for its connections.
 */
final class LoginStateLog {

	private static final Logger logger = LoggerFactory.getLogger(IamDataSource.class);

	private final AtomicReference<Outcome> last = new AtomicReference<>(Outcome.SUCCEEDED);

	void succeeded(DatabaseEndpoint endpoint) {
		// Most logins change nothing.
		if (this.last.get() != Outcome.SUCCEEDED && this.last.getAndSet(Outcome.SUCCEEDED) != Outcome.SUCCEEDED) {
			logger.atInfo()
				.addKeyValue("iam.datasource.endpoint", endpoint.hostAndPort())
				.addKeyValue("iam.datasource.username", endpoint.username())
				.log("Logins to {} as '{}' succeed again", endpoint.hostAndPort(), endpoint.username());
		}
	}

	void failed(DatabaseEndpoint endpoint, Outcome outcome, SQLException failure) {
		if (this.last.getAndSet(outcome) != outcome) {
			logger.atWarn()
				.addKeyValue("iam.datasource.endpoint", endpoint.hostAndPort())
				.addKeyValue("iam.datasource.username", endpoint.username())
				.addKeyValue("iam.datasource.outcome", words(outcome))
				.log("Logins to {} as '{}' fail. {}", endpoint.hostAndPort(), endpoint.username(), told(failure));
		}
	}

	private static String words(Outcome outcome) {
		return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Object told(SQLException failure) {
		return (failure instanceof IamLoginException explained) ? explained.getDiagnosis()
				: failure.getClass().getName() + ": " + failure.getMessage();
	}

}

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
package io.github.iamdatasource.autoconfigure;

import io.github.iamdatasource.token.TokenSigner;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Keeps the AWS SDK from logging session tokens while it resolves credentials, which it
 * does when the logger of its signer is set to {@code DEBUG}.
 */
final class SigningLogGuard {

	/** Signs requests such as those to STS. */
	static final String LOGGER_TO_SILENCE = "software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner";

	private static final Log logger = LogFactory.getLog(SigningLogGuard.class);

	private final LoggingSystem loggingSystem;

	SigningLogGuard(LoggingSystem loggingSystem) {
		this.loggingSystem = loggingSystem;
	}

	/**
	 * Return a signer that looks after the loggers each time it signs, as their levels
	 * can be changed while the application runs.
	 * @param signer the signer to guard
	 * @return the guarded signer
	 */
	TokenSigner guard(TokenSigner signer) {
		return (freshness) -> {
			silence();
			return signer.sign(freshness);
		};
	}

	private void silence() {
		if (LogFactory.getLog(LOGGER_TO_SILENCE).isDebugEnabled()) {
			this.loggingSystem.setLogLevel(LOGGER_TO_SILENCE, LogLevel.INFO);
			if (LogFactory.getLog(LOGGER_TO_SILENCE).isDebugEnabled()) {
				logger.warn("The logger " + LOGGER_TO_SILENCE
						+ " writes session tokens into the log. Set its level to INFO");
			}
			else {
				logger.info("The level of the logger " + LOGGER_TO_SILENCE
						+ " was set to INFO, as it would write session tokens into the log");
			}
		}
	}

}

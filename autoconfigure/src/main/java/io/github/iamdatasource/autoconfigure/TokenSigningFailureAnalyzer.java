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

import io.github.iamdatasource.token.CredentialsUnavailableException;
import io.github.iamdatasource.token.TokenSigningException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that no token could be signed during start-up.
 */
class TokenSigningFailureAnalyzer extends AbstractFailureAnalyzer<TokenSigningException> {

	private static final String WITHOUT_AWS = "To run without AWS, set iam.datasource.enabled=false and use "
			+ "spring.datasource.* instead.";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TokenSigningException cause) {
		CredentialsUnavailableException reason = cause.getReason();
		if (reason == null) {
			return new FailureAnalysis(String.valueOf(cause.getMessage()),
					"Check what provides the application's AWS credentials: iam.datasource.credentials.*, its "
							+ "AwsCredentialsProvider bean, or what the AWS SDK finds, such as the role of a container. "
							+ WITHOUT_AWS,
					cause);
		}
		StringBuilder description = new StringBuilder(
				"No authentication token could be signed, for want of AWS credentials. ")
			.append(reason.getProblem());
		if (!reason.getAttempts().isEmpty()) {
			description.append(String.format("%n%nLooked at, in this order:%n"));
			reason.getAttempts().forEach((attempt) -> description.append(String.format("%n    - %s", attempt)));
		}
		return new FailureAnalysis(description.toString(), reason.getAction() + " " + WITHOUT_AWS, cause);
	}

}

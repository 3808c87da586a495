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

import io.github.iamdatasource.token.TokenSigningException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that no token could be signed during start-up.
 */
class TokenSigningFailureAnalyzer extends AbstractFailureAnalyzer<TokenSigningException> {

	private static final String ACTION = String.join(System.lineSeparator(),
			"Give the application an AWS identity that may connect to the database. Looked at are, in this order:",
			"    - an AwsCredentialsProvider bean, if the application has one",
			"    - the system properties aws.accessKeyId, aws.secretAccessKey (and aws.sessionToken)",
			"    - the environment variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN)",
			"    - a web identity token (Amazon EKS service accounts)",
			"    - the profile AWS_PROFILE, or 'default', in ~/.aws/config and ~/.aws/credentials",
			"    - the container's credentials (Amazon ECS, Amazon EKS Pod Identity)",
			"    - the instance's role (Amazon EC2)",
			"To run without AWS, set iam.datasource.enabled=false and use spring.datasource.* instead.");

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TokenSigningException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), ACTION, cause);
	}

}

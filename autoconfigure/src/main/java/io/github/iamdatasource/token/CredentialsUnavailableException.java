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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * AWS credentials could not be had, for a reason that can be told.
 */
public final class CredentialsUnavailableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String problem;

	private final List<String> attempts;

	private final String action;

	/**
	 * Create the exception.
	 * @param problem what happened, in a sentence without secrets
	 * @param action what to do
	 * @param cause why, or {@code null} if that could hold secrets
	 */
	public CredentialsUnavailableException(String problem, String action, @Nullable Throwable cause) {
		this(problem, List.of(), action, cause);
	}

	/**
	 * Create the exception for several sources.
	 * @param problem what happened, in a sentence without secrets
	 * @param attempts what was looked at, each with the reason why it gave nothing
	 * @param action what to do
	 * @param cause why, or {@code null} if that could hold secrets
	 */
	public CredentialsUnavailableException(String problem, List<String> attempts, String action,
			@Nullable Throwable cause) {
		super(attempts.isEmpty() ? problem : problem + " Looked at: " + String.join("; ", attempts) + ".", cause);
		this.problem = problem;
		this.attempts = List.copyOf(attempts);
		this.action = action;
	}

	/**
	 * Return what happened. It is also part of the message.
	 * @return one or more sentences
	 */
	public String getProblem() {
		return this.problem;
	}

	/**
	 * Return what was looked at, if there are several places. It is also part of the
	 * message.
	 * @return each place with the reason why it gave nothing
	 */
	public List<String> getAttempts() {
		return this.attempts;
	}

	/**
	 * Return what to do.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.action;
	}

}

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

/**
 * A setting with which no login could ever succeed, or none could be safe. Says what is
 * wrong and what to do, in words that a user can act on.
 */
public final class InvalidSettingException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String action;

	/**
	 * Create the exception.
	 * @param problem what is wrong, as a sentence without secrets
	 * @param action what to do about it
	 */
	public InvalidSettingException(String problem, String action) {
		super(problem);
		this.action = action;
	}

	/**
	 * Create the exception for a problem that another exception brought up.
	 * @param problem what is wrong, as a sentence without secrets
	 * @param action what to do about it
	 * @param cause what brought it up
	 */
	public InvalidSettingException(String problem, String action, Throwable cause) {
		super(problem, cause);
		this.action = action;
	}

	/**
	 * Return what to do.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.action;
	}

}

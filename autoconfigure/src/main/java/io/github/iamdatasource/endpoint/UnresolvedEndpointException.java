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

import org.jspecify.annotations.Nullable;

/**
 * It could not be found out which RDS endpoint a host name stands for. Says what is wrong
 * and what to do, in words that a user can act on.
 */
public final class UnresolvedEndpointException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Reason reason;

	private final String action;

	/**
	 * Create the exception.
	 * @param reason why there is no answer
	 * @param problem what is wrong, as a sentence
	 * @param action what to do about it
	 * @param cause what brought it up, if anything did
	 */
	public UnresolvedEndpointException(Reason reason, String problem, String action, @Nullable Throwable cause) {
		super(problem, cause);
		this.reason = reason;
		this.action = action;
	}

	/**
	 * Return why there is no answer.
	 * @return the reason
	 */
	public Reason getReason() {
		return this.reason;
	}

	/**
	 * Return what to do.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.action;
	}

	/**
	 * Return whether it may go by itself, as DNS could not be asked.
	 * @return {@code false} if DNS has answered, and the answer was of no use
	 */
	public boolean isTemporary() {
		return this.reason == Reason.TIMED_OUT || this.reason == Reason.NO_SERVER
				|| this.reason == Reason.SERVER_FAILED;
	}

	/**
	 * Why it could not be found out which RDS endpoint a host name stands for.
	 */
	public enum Reason {

		/** It is an address, or cannot be a host name. */
		NOT_A_NAME,

		/** DNS does not know the name, or the one that it is an alias of. */
		NOT_FOUND,

		/** The name is that of an address, and no alias of another name. */
		NO_ALIAS,

		/** The name is an alias of one that is not of RDS. */
		OUTSIDE_RDS,

		/** The name is an alias of itself. */
		LOOP,

		/** The name is an alias of an alias, and so on, too many times. */
		TOO_LONG,

		/** The DNS servers did not answer in time. */
		TIMED_OUT,

		/** No DNS server could be reached. */
		NO_SERVER,

		/** The DNS servers did not want to answer, or could not. */
		SERVER_FAILED

	}

}

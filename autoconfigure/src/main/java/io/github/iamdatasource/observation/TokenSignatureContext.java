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

package io.github.iamdatasource.observation;

import java.lang.reflect.Modifier;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of the signing of one token. Holds neither the token nor the
 * credentials.
 * <p>
 * Its {@linkplain #getError() error} has the message of the failure and not its causes,
 * as those may be anybody's and quote anything.
 */
public final class TokenSignatureContext extends Observation.Context {

	private final String dataSource;

	private final DatabaseEndpoint endpoint;

	private Outcome outcome = Outcome.UNKNOWN;

	private @Nullable Throwable failure;

	TokenSignatureContext(String dataSource, DatabaseEndpoint endpoint) {
		this.dataSource = dataSource;
		this.endpoint = endpoint;
	}

	/**
	 * Return the name of the data source, which is the tag {@code name} of its meters.
	 * @return the name
	 */
	public String getDataSource() {
		return this.dataSource;
	}

	/**
	 * Return what the token is signed for.
	 * @return the endpoint
	 */
	public DatabaseEndpoint getEndpoint() {
		return this.endpoint;
	}

	/**
	 * Return how it went.
	 * @return the outcome
	 */
	public Outcome getOutcome() {
		return this.outcome;
	}

	/**
	 * Return the class of what prevented the signature: the innermost cause that is of a
	 * public class, as the name of another one tells nobody anything.
	 * @return the class, or {@code null} if nothing did
	 */
	public @Nullable Class<? extends Throwable> getFailureType() {
		Class<? extends Throwable> type = null;
		for (Throwable cause = this.failure; cause != null; cause = cause.getCause()) {
			if (type == null || Modifier.isPublic(cause.getClass().getModifiers())) {
				type = cause.getClass();
			}
		}
		return type;
	}

	void succeeded() {
		this.outcome = Outcome.SUCCESS;
	}

	void failed(Throwable failure) {
		this.outcome = Outcome.FAILURE;
		this.failure = failure;
	}

	/**
	 * How the signing of a token went.
	 */
	public enum Outcome {

		/** It has not ended yet. */
		UNKNOWN,

		/** There is a token. */
		SUCCESS,

		/** There is none. */
		FAILURE

	}

}

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
package io.github.iamdatasource.aws;

/**
 * What a server does instead of answering as it should.
 */
public enum Fault {

	/** Answers with status 500. */
	SERVER_ERROR,

	/** Answers with status 503. */
	UNAVAILABLE,

	/** Answers that too much was asked, in the manner of the service. */
	THROTTLING,

	/** Answers with status 404: an instance without a role, say. */
	NOT_FOUND,

	/**
	 * STS only: it cannot reach the identity provider that vouches for a web identity.
	 */
	IDENTITY_PROVIDER_UNREACHABLE,

	/** Does not answer until it is told to answer as usual, and then does. */
	HANG,

	/** Closes the connection without an answer. */
	CLOSED_CONNECTION,

	/**
	 * Answers with status 200 and something that is no well-formed answer, in which there
	 * is what looks like a secret and contains {@code NeverLogThis}.
	 */
	GARBAGE

}

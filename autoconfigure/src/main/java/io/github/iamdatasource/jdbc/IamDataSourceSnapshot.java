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

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.CallerIdentity;
import io.github.iamdatasource.token.TokenSnapshot;
import io.github.iamdatasource.token.TokenSnapshot.Counts;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of an {@link IamDataSource} at one moment. Holds no token.
 *
 * @param endpoint what answered the newest login, or is to answer the first
 * @param tokens what can be told of the token for each endpoint, that one included
 * @param tls how the connection of the newest login that succeeded is encrypted, or
 * {@code null} before the first
 * @param caller whose token was rejected, or {@code null} if none was or that is not
 * known
 * @param lastLogin the newest attempt to open a physical connection, or {@code null}
 * before the first
 * @param rejection the newest attempt that the server rejected, or {@code null} if one
 * has succeeded since or none was rejected
 * @param failures the newest attempts that did not succeed, the last one first
 * @param attempts how many attempts ended how, and how long they took. A login that was
 * rejected and tried again counts twice
 */
public record IamDataSourceSnapshot(DatabaseEndpoint endpoint, Map<DatabaseEndpoint, TokenSnapshot> tokens,
		@Nullable NegotiatedTls tls, @Nullable CallerIdentity caller, @Nullable LoginAttempt lastLogin,
		@Nullable LoginAttempt rejection, List<LoginAttempt> failures, Map<Outcome, LoginCount> attempts) {

	public IamDataSourceSnapshot {
		tokens = Map.copyOf(tokens);
		failures = List.copyOf(failures);
		attempts = Map.copyOf(attempts);
	}

	/**
	 * Return how many attempts ended how.
	 * @return a number for each outcome
	 */
	public Map<Outcome, Long> logins() {
		return this.attempts.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (entry) -> entry.getValue().count()));
	}

	/**
	 * Return what can be told of the token for {@link #endpoint()}.
	 * @return the state of its token source
	 */
	public TokenSnapshot token() {
		return Objects.requireNonNull(this.tokens.get(this.endpoint));
	}

	/**
	 * Return what has happened to the tokens for all endpoints together.
	 * @return the sums
	 */
	public Counts counts() {
		return this.tokens.values().stream().map(TokenSnapshot::counts).reduce(Counts.NONE, Counts::plus);
	}

}

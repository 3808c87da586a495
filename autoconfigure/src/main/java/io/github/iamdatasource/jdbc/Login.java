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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.TokenSigningException;
import io.github.iamdatasource.token.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a driver to open a physical connection, which may try several hosts.
 * Remembers which token went where. A driver may use another thread than the caller's.
 */
final class Login {

	private static final Duration LEAST_PATIENCE = Duration.ofMillis(500);

	private final Deadline deadline;

	private final long began = System.nanoTime();

	private volatile @Nullable End end;

	private volatile @Nullable NegotiatedTls tls;

	private volatile @Nullable HandedOut prepared;

	private volatile @Nullable HostAndPort address;

	private volatile @Nullable DatabaseEndpoint reached;

	private volatile @Nullable HandedOut last;

	private final Queue<HandedOut> all = new ConcurrentLinkedQueue<>();

	private volatile @Nullable TokenSigningException failure;

	Login(Deadline deadline) {
		this.deadline = deadline;
	}

	/**
	 * Have a token ready for an endpoint, before anything waits for it at the other end.
	 */
	void prepare(DatabaseEndpoint endpoint, TokenSource tokens) {
		this.prepared = take(endpoint, tokens);
	}

	/**
	 * Use a token that was signed after another had been rejected.
	 */
	void prepare(DatabaseEndpoint endpoint, AuthenticationToken token) {
		this.prepared = new HandedOut(endpoint, token, true);
	}

	/**
	 * The driver has opened a connection, over which TLS is being put.
	 */
	void reach(HostAndPort address, DatabaseEndpoint endpoint) {
		this.address = address;
		this.reached = endpoint;
	}

	/**
	 * Return the token for the connection that is being opened.
	 * @throws TokenSigningException if there is none
	 */
	AuthenticationToken token(DatabaseEndpoint endpoint, TokenSource tokens) {
		HandedOut prepared = this.prepared;
		HandedOut handedOut = (prepared != null && prepared.endpoint.equals(endpoint)) ? prepared
				: take(endpoint, tokens);
		this.last = handedOut;
		this.all.add(handedOut);
		return handedOut.token;
	}

	private HandedOut take(DatabaseEndpoint endpoint, TokenSource tokens) {
		try {
			AuthenticationToken atHand = tokens.current();
			return (atHand != null) ? new HandedOut(endpoint, atHand, false)
					: new HandedOut(endpoint, tokens.getToken(patience()), true);
		}
		catch (TokenSigningException ex) {
			this.failure = ex;
			throw ex;
		}
	}

	/** With several hosts, the first may have taken all the time. */
	private Duration patience() {
		Duration remaining = this.deadline.remaining();
		return (remaining.compareTo(LEAST_PATIENCE) > 0) ? remaining : LEAST_PATIENCE;
	}

	/** TLS was put over the connection and verified. */
	void negotiated(NegotiatedTls tls) {
		this.tls = tls;
	}

	/** How the connection is encrypted that was verified last, if any was. */
	@Nullable NegotiatedTls tls() {
		return this.tls;
	}

	/**
	 * The driver has come back. To find out why it failed takes a while that is not the
	 * login's.
	 * @param now the time it is now
	 */
	void ended(Instant now) {
		this.end = new End(now, Duration.ofNanos(System.nanoTime() - this.began));
	}

	/** When the driver came back and how long it took, if it was asked at all. */
	@Nullable End end() {
		return this.end;
	}

	Deadline deadline() {
		return this.deadline;
	}

	/** The token that the driver was given last, if any. */
	@Nullable HandedOut last() {
		return this.last;
	}

	/** All tokens that the driver was given. */
	List<HandedOut> handedOut() {
		return List.copyOf(this.all);
	}

	/** The endpoint that the driver has opened a connection to last, if any. */
	@Nullable DatabaseEndpoint reached() {
		return this.reached;
	}

	/** Where that is, as the URL names it. */
	@Nullable HostAndPort address() {
		return this.address;
	}

	/** The token that was handed out for {@link #reached()}, if any. */
	@Nullable HandedOut sent() {
		HandedOut last = this.last;
		return (last != null && last.endpoint.equals(this.reached)) ? last : null;
	}

	/** Why there was no token, if one was asked for. */
	@Nullable TokenSigningException failure() {
		return this.failure;
	}

	/**
	 * The end of an attempt.
	 *
	 * @param at when it was
	 * @param took how long the attempt took
	 */
	record End(Instant at, Duration took) {

	}

	/**
	 * A token and what it was signed for.
	 *
	 * @param endpoint what it was signed for
	 * @param token the token
	 * @param signedForThis whether it was signed for this very attempt
	 */
	record HandedOut(DatabaseEndpoint endpoint, AuthenticationToken token, boolean signedForThis) {

	}

}

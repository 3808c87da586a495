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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import io.github.iamdatasource.token.TokenSnapshot.SigningFailure;
import org.jspecify.annotations.Nullable;

/**
 * The current token of one endpoint, signed anew when it is about to expire.
 * <p>
 * All logins share one token, as AWS recommends: logins that do are not throttled.
 * However many callers find no usable token at once, one of them signs and the others
 * wait for its result, good or bad.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM
 * database authentication</a>
 */
public final class TokenSource {

	/**
	 * A token this close to its end is not used any more, so that it does not expire on
	 * its way to the server, or by the server's clock.
	 */
	static final Duration EXPIRY_MARGIN = Duration.ofMinutes(1);

	/** How long a caller waits for the signature of another. */
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

	private final TokenSigner signer;

	private final Clock clock;

	private final AtomicReference<State> state = new AtomicReference<>(new State(null, null, null));

	/**
	 * Create a token source that has no token yet.
	 * @param signer signs the tokens
	 * @param clock tells whether a token has expired
	 */
	public TokenSource(TokenSigner signer, Clock clock) {
		this.signer = signer;
		this.clock = clock;
	}

	/**
	 * Return a token that the server accepts now, signing one if there is none or it is
	 * about to expire.
	 * @return a usable token
	 * @throws TokenSigningException if none could be signed and there is none that is
	 * still accepted, or if the caller was interrupted or waited for too long while
	 * another thread was signing
	 */
	public AuthenticationToken getToken() {
		while (true) {
			State current = this.state.get();
			if (current.token() != null && isUsable(current.token())) {
				return current.token();
			}
			if (current.signing() != null) {
				return await(current.signing());
			}
			CompletableFuture<AuthenticationToken> signing = new CompletableFuture<>();
			if (this.state.compareAndSet(current, new State(current.token(), current.lastFailure(), signing))) {
				return sign(current, signing);
			}
		}
	}

	/**
	 * Do not hand out this token any more.
	 * @param token a token that the server did not accept
	 */
	public void discard(AuthenticationToken token) {
		State current = this.state.get();
		if (current.token() == token && current.signing() == null) {
			// If this fails, somebody is signing a new one already.
			this.state.compareAndSet(current, new State(null, current.lastFailure(), null));
		}
	}

	/**
	 * Tell what there is, without signing.
	 * @return the present state
	 */
	public TokenSnapshot snapshot() {
		State current = this.state.get();
		AuthenticationToken token = current.token();
		return new TokenSnapshot((token != null) ? token.signedAt() : null, (token != null) ? token.expiresAt() : null,
				current.lastFailure());
	}

	private boolean isUsable(AuthenticationToken token) {
		Instant now = this.clock.instant();
		// A token from the future means that the clock was set back: its age says
		// nothing.
		return token.remaining(now).compareTo(EXPIRY_MARGIN) > 0
				&& token.age(now).compareTo(EXPIRY_MARGIN.negated()) > 0;
	}

	private AuthenticationToken sign(State before, CompletableFuture<AuthenticationToken> signing) {
		try {
			AuthenticationToken token = this.signer.sign();
			this.state.set(new State(token, null, null));
			signing.complete(token);
			return token;
		}
		catch (RuntimeException ex) {
			TokenSigningException failure = (ex instanceof TokenSigningException signingFailure) ? signingFailure
					: new TokenSigningException(
							"An authentication token could not be signed (" + ex.getClass().getName() + ")", ex);
			return failed(before, signing, failure);
		}
		catch (Error ex) {
			this.state.set(before);
			signing.completeExceptionally(ex);
			throw ex;
		}
	}

	private AuthenticationToken failed(State before, CompletableFuture<AuthenticationToken> signing,
			TokenSigningException failure) {
		Instant now = this.clock.instant();
		AuthenticationToken token = before.token();
		this.state.set(new State(token, new SigningFailure(now, failure), null));
		if (token != null && !token.remaining(now).isNegative() && !token.age(now).isNegative()) {
			// About to expire is better than none.
			signing.complete(token);
			return token;
		}
		signing.completeExceptionally(failure);
		throw failure;
	}

	private static AuthenticationToken await(CompletableFuture<AuthenticationToken> signing) {
		try {
			return signing.get(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new TokenSigningException("Interrupted while another thread was signing a token", ex);
		}
		catch (TimeoutException ex) {
			throw new TokenSigningException(
					"The AWS credentials to sign an authentication token with have not come for "
							+ LONGEST_WAIT.toSeconds() + " s, and another thread is still waiting for them",
					ex);
		}
		catch (ExecutionException ex) {
			Throwable cause = ex.getCause();
			// Thrown again as a new one: the stack of an exception belongs to one thread.
			throw new TokenSigningException(
					(cause instanceof TokenSigningException) ? cause.getMessage() : "Signing a token failed: " + cause,
					cause);
		}
	}

	/**
	 * The one thing that changes.
	 */
	private record State(@Nullable AuthenticationToken token, @Nullable SigningFailure lastFailure,
			@Nullable CompletableFuture<AuthenticationToken> signing) {

	}

}

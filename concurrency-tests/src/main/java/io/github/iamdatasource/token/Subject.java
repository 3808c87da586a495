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

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.iamdatasource.token.TokenSourceState.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * A token source whose tokens are called {@code first}, {@code second} and so on. What it
 * tells are words, which the tests expect or forbid.
 */
final class Subject {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	/** When a token is due: chance is even. */
	private static final Duration DUE_AFTER = RefreshPolicy.DEFAULT.refreshAfter();

	/** A signature that does not come within this time never comes. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String[] NAMES = { "first", "second", "third", "fourth" };

	private static final SigningIdentity IDENTITY = new SigningIdentity("MPLE", null,
			"application's credentials provider");

	private final SettableClock clock = new SettableClock(START);

	private final AtomicInteger attempts = new AtomicInteger();

	private final TokenSource source;

	private volatile boolean failing;

	private volatile Duration ahead = Duration.ZERO;

	/**
	 * Create one without a token.
	 * @param refresher the refresher of the token source
	 */
	Subject(Refresher refresher) {
		this.source = new TokenSource("stress", this::sign, RefreshPolicy.DEFAULT, refresher, this.clock, () -> 0.5);
	}

	/** Has the first token signed. */
	Subject withToken() {
		this.source.getToken(PATIENCE);
		return this;
	}

	/** Makes the token due to be signed anew. It is still usable. */
	Subject due() {
		this.clock.advance(DUE_AFTER);
		return this;
	}

	/** Makes the token expire. */
	Subject expired() {
		this.clock.advance(AuthenticationToken.LIFETIME);
		return this;
	}

	/** From now on signatures fail. */
	Subject failing() {
		this.failing = true;
		return this;
	}

	/**
	 * From now on tokens are signed so far ahead of time that they are not usable yet.
	 */
	Subject ahead() {
		this.ahead = Duration.ofMinutes(5);
		return this;
	}

	private AuthenticationToken sign(CredentialsFreshness freshness) {
		int number = this.attempts.getAndIncrement();
		if (this.failing) {
			throw new TokenSigningException("failed");
		}
		return token(NAMES[Math.min(number, NAMES.length - 1)], this.clock.instant().plus(this.ahead));
	}

	/** Returns a token of another time. */
	static AuthenticationToken another() {
		return token("another", START);
	}

	private static AuthenticationToken token(String name, Instant signedAt) {
		return new AuthenticationToken(name, signedAt, signedAt.plus(AuthenticationToken.LIFETIME), IDENTITY);
	}

	TokenSource source() {
		return this.source;
	}

	/** Tells how often a token was signed or failed to be. */
	int attempts() {
		return this.attempts.get();
	}

	@Nullable AuthenticationToken current() {
		return this.source.current();
	}

	/** Returns the token that there is. */
	AuthenticationToken first() {
		return this.source.getToken(Duration.ZERO);
	}

	/** Asks for a token, and tells which it was or why there was none. */
	String ask() {
		return ask(PATIENCE);
	}

	/** Asks for a token that is there. */
	String askWithoutPatience() {
		return ask(Duration.ZERO);
	}

	private String ask(Duration patience) {
		try {
			return this.source.getToken(patience).value();
		}
		catch (TokenSigningException ex) {
			return told(ex);
		}
	}

	/** Asks for another token in place of one that the server did not accept. */
	@Nullable AuthenticationToken replace(AuthenticationToken rejected) {
		return this.source.replace(rejected, PATIENCE);
	}

	/** Tells the name of a token. */
	static String name(@Nullable AuthenticationToken token) {
		return (token != null) ? token.value() : "none";
	}

	static String told(TokenSigningException ex) {
		String message = String.valueOf(ex.getMessage());
		return message.contains("was closed") ? "closed" : message;
	}

	/** Tells the newest token, what was counted and what was rejected. */
	String told() {
		TokenSourceState state = this.source.state();
		TokenSourceState.Held held = state.held();
		Rejection rejection = state.rejection();
		return name((held != null) ? held.token() : null) + " of " + state.counts().signatures()
				+ ((state.signing() != null) ? ", signing" : "") + ((state.failure() != null) ? ", failed" : "")
				+ ((rejection != null) ? ", " + rejection.inARow() + " rejected: " + name(rejection.token()) : "");
	}

	/** Tells what the token source tells of itself. */
	String snapshot() {
		TokenSnapshot snapshot = this.source.snapshot();
		return (START.equals(snapshot.signedAt()) ? "first" : "second") + " of " + snapshot.counts().signatures() + " "
				+ snapshot.state();
	}

	/** Tells what is left in a token source that was closed. */
	String left() {
		TokenSourceState state = this.source.state();
		StringBuilder left = new StringBuilder();
		if (!state.closed() || this.source.snapshot().state() != TokenState.CLOSED) {
			left.append(" open");
		}
		if (state.held() != null || this.source.current() != null) {
			left.append(" token");
		}
		if (state.signing() != null) {
			left.append(" signing");
		}
		if (state.failure() != null) {
			left.append(" failure");
		}
		if (state.rejection() != null) {
			left.append(" rejection");
		}
		if (!ask(Duration.ZERO).equals("closed")) {
			left.append(" answer");
		}
		return left.isEmpty() ? "nothing" : left.substring(1);
	}

}

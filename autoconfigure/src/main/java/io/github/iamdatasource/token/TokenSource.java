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
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;

import io.github.iamdatasource.token.TokenSourceState.Held;
import io.github.iamdatasource.token.TokenSourceState.Signing;
import org.jspecify.annotations.Nullable;

/**
 * The current token of one endpoint, signed anew in the background before it expires.
 * <p>
 * All logins share one token, as AWS recommends: logins that do are not throttled. While
 * there is a usable token nobody waits. If there is none, all who ask wait for the same
 * signature, which a thread of the {@link Refresher} makes. Whether a token is usable is
 * judged by the wall clock each time that it is asked for.
 * <p>
 * After a failure it is tried again in the background, less and less often, and whoever
 * asks meanwhile gets the last token as long as it lives, or else the same failure at
 * once.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM
 * database authentication</a>
 */
public final class TokenSource implements AutoCloseable {

	/**
	 * Signatures that hang and cannot even be interrupted shall not take ever more
	 * threads.
	 */
	private static final int MOST_AT_ONCE = 2;

	private final TokenSigner signer;

	private final RefreshPolicy policy;

	private final Refresher refresher;

	private final Clock clock;

	private final DoubleSupplier chance;

	private final TokenStateLog log;

	private final Refresher.Refreshable refreshable = this::refreshIfDue;

	/** The SDK and the user's own credentials look for services and classes in it. */
	private final @Nullable ClassLoader contextClassLoader = Thread.currentThread().getContextClassLoader();

	/** How many threads sign, those included that were given up. */
	private final AtomicInteger running = new AtomicInteger();

	/** The one thing that changes for callers. */
	private final AtomicReference<TokenSourceState> state = new AtomicReference<>(TokenSourceState.INITIAL);

	/**
	 * Create a token source that has no token yet. From the first signature on it is
	 * refreshed until it is {@link #close() closed}.
	 * @param name what to call it in the log, such as {@code app at host:port}
	 * @param signer signs the tokens
	 * @param policy when to sign anew
	 * @param refresher signs in the background
	 * @param clock tells whether a token has expired
	 */
	public TokenSource(String name, TokenSigner signer, RefreshPolicy policy, Refresher refresher, Clock clock) {
		this(name, signer, policy, refresher, clock, () -> ThreadLocalRandom.current().nextDouble());
	}

	TokenSource(String name, TokenSigner signer, RefreshPolicy policy, Refresher refresher, Clock clock,
			DoubleSupplier chance) {
		this.signer = signer;
		this.policy = policy;
		this.refresher = refresher;
		this.clock = clock;
		this.chance = chance;
		this.log = new TokenStateLog(name);
	}

	/**
	 * Begin to sign the first token, so that the first login finds it. Returns at once.
	 */
	public void warmUp() {
		TokenSourceState current = this.state.get();
		if (current == TokenSourceState.INITIAL) {
			begin(current, CredentialsFreshness.CACHED);
		}
	}

	/**
	 * Return the token if there is a usable one. Never waits and allocates nothing.
	 * @return the token, or {@code null} if one would have to be signed first
	 */
	public @Nullable AuthenticationToken current() {
		Held held = this.state.get().held();
		return (held != null && held.isUsable(this.clock.millis())) ? held.token() : null;
	}

	/**
	 * Return a token that the server accepts now. Waits only if there is none.
	 * @param patience how long to wait for a signature
	 * @return a usable token
	 * @throws TokenSigningException if there is none that is still accepted and none
	 * could be signed, or not within this time, or if the caller was interrupted
	 */
	public AuthenticationToken getToken(Duration patience) {
		AuthenticationToken token = current();
		return (token != null) ? token : awaitToken(patience);
	}

	private AuthenticationToken awaitToken(Duration patience) {
		while (true) {
			TokenSourceState current = this.state.get();
			long now = this.clock.millis();
			if (current.closed()) {
				throw closedFailure();
			}
			Held held = current.held();
			if (held != null && held.isUsable(now)) {
				return held.token();
			}
			if (current.failure() != null && current.failure().isFresh(now)) {
				return lastResort(current.failure().again());
			}
			Signing pending = current.pending();
			Signing signing = (pending != null) ? pending : begin(current, CredentialsFreshness.CACHED);
			if (signing != null) {
				try {
					return await(signing, patience);
				}
				catch (TokenSigningException ex) {
					return lastResort(ex);
				}
			}
		}
	}

	/**
	 * Return another token in place of one that the server did not accept, signed with
	 * credentials resolved anew. All who ask at once get the same.
	 * @param rejected the token that the server did not accept
	 * @param patience how long to wait for a signature
	 * @return another token, or {@code null} if it is not worth trying: another was
	 * {@link #rejected rejected} as well a short while ago, or this one was signed with
	 * new credentials itself
	 * @throws TokenSigningException if none could be signed, or not within this time, or
	 * if the caller was interrupted
	 */
	public @Nullable AuthenticationToken replace(AuthenticationToken rejected, Duration patience) {
		while (true) {
			TokenSourceState current = this.state.get();
			long now = this.clock.millis();
			if (current.closed()) {
				throw closedFailure();
			}
			Held held = current.held();
			if (held != null && held.token() != rejected && held.isUsable(now)) {
				return current.isRejected(held.token()) ? null : held.token();
			}
			if ((current.rejection() != null && current.rejection().isFresh(now))
					|| (held != null && held.token() == rejected && held.isAsNewAsCanBe(now))) {
				return null;
			}
			if (current.failure() != null && current.failure().isFresh(now)) {
				throw current.failure().again();
			}
			Signing pending = current.pending();
			Signing signing = (pending != null) ? pending : begin(current, CredentialsFreshness.NEW);
			if (signing != null) {
				return await(signing, patience);
			}
		}
	}

	/**
	 * Remember that the server did not accept a token although it was new. For a while,
	 * and longer each time, no other is signed in place of one that is rejected.
	 * @param token the token that was signed for this login
	 */
	public void rejected(AuthenticationToken token) {
		change((current) -> current.withRejection(token, this.clock.millis(), this.chance.getAsDouble()));
	}

	/**
	 * Remember that the server accepted a token.
	 */
	public void accepted() {
		if (this.state.get().rejection() != null) {
			change(TokenSourceState::withoutRejection);
		}
	}

	/**
	 * Tell what there is, without signing.
	 * @return the present state
	 */
	public TokenSnapshot snapshot() {
		return this.state.get().snapshot(this.clock.millis());
	}

	/**
	 * Hand out no token any more and refresh none. Whoever waits for a signature is told
	 * so, and its credentials are not waited for.
	 */
	@Override
	public void close() {
		Signing signing = change(TokenSourceState::close).signing();
		this.refresher.remove(this.refreshable);
		if (signing != null) {
			signing.task().cancel(true);
		}
	}

	TokenSourceState state() {
		return this.state.get();
	}

	/** Called by the refresher alone. */
	private long refreshIfDue() {
		TokenSourceState current = this.state.get();
		long dueIn = current.dueIn(this.clock.millis());
		if (dueIn > 0) {
			return dueIn;
		}
		Signing pending = current.pending();
		if (pending != null) {
			giveUp(pending);
		}
		else {
			begin(current, CredentialsFreshness.CACHED);
		}
		return 0;
	}

	private void giveUp(Signing signing) {
		fail(signing,
				new TokenSigningException("The AWS credentials to sign an authentication token with have not come for "
						+ readable(Duration.ofMillis(Signing.LONGEST_MILLIS))
						+ ", and are no longer waited for. Their source hangs: look at what provides them"),
				Duration.ofMillis(Signing.LONGEST_MILLIS));
		signing.task().cancel(true);
	}

	/**
	 * Begin a signature unless the state has changed.
	 * @return the signature, or {@code null} if the state is not what it was
	 */
	private @Nullable Signing begin(TokenSourceState current, CredentialsFreshness freshness) {
		Signing signing = new Signing(this::sign, freshness, this.clock.millis());
		if (!this.state.compareAndSet(current, current.withSigning(signing))) {
			return null;
		}
		try {
			start(signing);
		}
		// Whatever happens, nobody must wait for what nobody does.
		catch (Throwable ex) {
			fail(signing, asFailure(ex), Duration.ZERO);
			signing.task().cancel(false);
		}
		return signing;
	}

	private void start(Signing signing) {
		if (this.running.get() >= MOST_AT_ONCE) {
			throw new TokenSigningException("The AWS credentials to sign an authentication token with do not come: "
					+ this.running + " attempts to get them hang. Look at what provides them");
		}
		this.refresher.add(this.refreshable);
		if (this.state.get().closed()) {
			// Closed in between, and nobody will remove it any more.
			this.refresher.remove(this.refreshable);
		}
		try {
			this.refresher.sign(signing.task());
		}
		catch (OutOfMemoryError ex) {
			// No thread can be had.
			signing.task().run();
		}
	}

	private AuthenticationToken sign(Signing signing) {
		long begun = System.nanoTime();
		this.running.incrementAndGet();
		try {
			AuthenticationToken token = signInContext(signing.freshness());
			Instant now = this.clock.instant();
			if (!token.expiresAt().isAfter(now)) {
				throw new TokenSigningException("The token that was signed had expired already, at " + token.expiresAt()
						+ ": either its credentials had, or this machine's clock is wrong (it is " + now + " here)");
			}
			Held held = Held.of(token, signing.freshness(), this.policy, now, this.chance.getAsDouble());
			change((current) -> current.withToken(signing, held, now.toEpochMilli(), since(begun)));
			return token;
		}
		catch (Throwable ex) {
			TokenSigningException failure = asFailure(ex);
			fail(signing, failure, since(begun));
			throw failure;
		}
		finally {
			this.running.decrementAndGet();
			this.refresher.wakeUp();
		}
	}

	private void fail(Signing signing, TokenSigningException failure, Duration took) {
		long now = this.clock.millis();
		double random = this.chance.getAsDouble();
		change((current) -> current.withFailure(signing, failure, now, random, took));
	}

	private AuthenticationToken signInContext(CredentialsFreshness freshness) {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(this.contextClassLoader);
		try {
			return this.signer.sign(freshness);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private static TokenSigningException asFailure(Throwable failure) {
		if (failure instanceof TokenSigningException signingFailure) {
			return signingFailure;
		}
		// A message of somebody else's may contain anything, but a missing class has only
		// its name.
		return new TokenSigningException(
				"An authentication token could not be signed ("
						+ ((failure instanceof LinkageError) ? failure.toString() : failure.getClass().getName()) + ")",
				failure);
	}

	private static Duration since(long nanoTime) {
		return Duration.ofNanos(System.nanoTime() - nanoTime);
	}

	private TokenSourceState change(UnaryOperator<TokenSourceState> change) {
		while (true) {
			TokenSourceState before = this.state.get();
			TokenSourceState after = change.apply(before);
			if (this.state.compareAndSet(before, after)) {
				this.log.changed(before, after);
				return before;
			}
		}
	}

	private AuthenticationToken await(Signing signing, Duration patience) {
		try {
			return signing.task().get(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			// A new one: the stack of an exception belongs to one thread.
			Throwable cause = ex.getCause();
			throw new TokenSigningException(String.valueOf(cause.getMessage()), cause);
		}
		catch (TimeoutException ex) {
			throw new TokenSigningException(
					"The AWS credentials to sign an authentication token with have not come for " + readable(patience)
							+ ", and are still waited for",
					ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new TokenSigningException("Interrupted while waiting for a token to be signed", ex);
		}
		catch (CancellationException ex) {
			// Given up, or closed.
			TokenSourceState.Failure failure = this.state.get().failure();
			throw (failure != null) ? failure.again() : closedFailure();
		}
	}

	/** About to expire is better than none. */
	private AuthenticationToken lastResort(TokenSigningException failure) {
		Held held = this.state.get().held();
		if (held != null && held.isAlive(this.clock.millis())) {
			return held.token();
		}
		throw failure;
	}

	private static String readable(Duration duration) {
		return (duration.toMillis() < 1000) ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
	}

	/**
	 * Return what whoever asks for a token after the end is told.
	 * @return the failure
	 */
	public static TokenSigningException closedFailure() {
		return new TokenSigningException("The data source was closed with the application that it belonged to");
	}

}

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

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLSocket;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * What a driver calls while it opens a connection: to put TLS over it, and to get a token
 * once that is verified. So no token is among the driver's properties, and whichever host
 * it chooses, the token is the one for that host.
 * <p>
 * Drivers create what they call by the name of its class and tell it no more than a
 * string of the properties, so a key leads back to the data source.
 */
final class DriverCallbacks {

	/** The property with the key, for drivers that keep those which they do not know. */
	static final String KEY_PROPERTY = "iamDataSource";

	/** For connections that a driver opens on its own account. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** Held weakly: a data source that is gone leaves nothing but its key behind. */
	private static final Map<String, WeakReference<DriverCallbacks>> REGISTERED = new ConcurrentHashMap<>();

	private final String id = UUID.randomUUID().toString();

	private final AtomicLong sequence = new AtomicLong();

	private final Map<String, Login> logins = new ConcurrentHashMap<>();

	private final VerifyingSocketFactory socketFactory;

	private final EndpointTokens tokens;

	DriverCallbacks(VerifyingSocketFactory socketFactory, EndpointTokens tokens) {
		this.socketFactory = socketFactory;
		this.tokens = tokens;
		REGISTERED.values().removeIf((reference) -> reference.get() == null);
		REGISTERED.put(this.id, new WeakReference<>(this));
	}

	/**
	 * Begin an attempt.
	 * @return the key to give to the driver
	 */
	String begin(Login login) {
		String key = this.id + "/" + this.sequence.incrementAndGet();
		this.logins.put(key, login);
		return key;
	}

	void end(String key) {
		this.logins.remove(key);
		SecuredChannel.leave();
	}

	/** From now on, drivers that have kept a key get nothing for it. */
	void close() {
		REGISTERED.remove(this.id);
	}

	private static DriverCallbacks find(String key) {
		int slash = key.indexOf('/');
		WeakReference<DriverCallbacks> reference = REGISTERED.get((slash != -1) ? key.substring(0, slash) : key);
		DriverCallbacks callbacks = (reference != null) ? reference.get() : null;
		if (callbacks == null) {
			throw new IllegalStateException("The data source that this connection is for is gone");
		}
		return callbacks;
	}

	/**
	 * Return what puts TLS over the data source's connections.
	 * @param key the key that the driver was given
	 * @return the factory
	 */
	static VerifyingSocketFactory socketFactory(String key) {
		return find(key).socketFactory;
	}

	/**
	 * Put TLS over a connection.
	 * @param key the key that the driver was given
	 * @param socket the connection
	 * @param address where it goes to
	 * @return the connection with TLS over it
	 * @throws IOException if there is no such endpoint
	 */
	static SSLSocket secure(String key, Socket socket, HostAndPort address) throws IOException {
		DriverCallbacks callbacks = find(key);
		SecuredChannel channel = callbacks.socketFactory.secure(socket, address);
		Login login = callbacks.logins.get(key);
		if (login != null) {
			login.reach(address, channel.endpoint());
		}
		return channel.socket();
	}

	/**
	 * Return the attempt that a driver was given a key for.
	 * @param key the key
	 * @return the attempt, or {@code null} if it is over and the driver has kept the key
	 */
	static @Nullable Login login(String key) {
		return find(key).logins.get(key);
	}

	/**
	 * Return a token for a connection.
	 * @param key the key that the driver was given
	 * @param channel the connection
	 * @return the token's value
	 * @throws io.github.iamdatasource.token.TokenSigningException if there is none
	 * @throws IllegalStateException if the connection has no verified TLS
	 */
	static String token(String key, SecuredChannel channel) {
		NegotiatedTls tls = channel.requireVerified();
		DriverCallbacks callbacks = find(key);
		DatabaseEndpoint endpoint = channel.endpoint();
		TokenSource source = callbacks.tokens.of(endpoint);
		Login login = callbacks.logins.get(key);
		if (login != null) {
			login.negotiated(tls);
		}
		AuthenticationToken token = (login != null) ? login.token(endpoint, source) : source.getToken(PATIENCE);
		return token.value();
	}

}

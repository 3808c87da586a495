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
import java.net.Socket;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

import io.github.iamdatasource.endpoint.HostAndPort;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.plugin.TlsSocketPlugin;

/**
 * Has TLS put over MariaDB Connector/J's connections by a {@link VerifyingSocketFactory}.
 * <p>
 * Public because the driver finds it as a service; of no use to anybody else.
 */
public final class MariaDbTlsPlugin implements TlsSocketPlugin {

	static final String TYPE = "iam-datasource";

	/** The driver names the host first, and hands the socket over afterwards. */
	private final ThreadLocal<@Nullable Target> target = new ThreadLocal<>();

	@Override
	public String type() {
		return TYPE;
	}

	@Override
	public TrustManager[] getTrustManager(Configuration configuration, ExceptionFactory exceptions,
			HostAddress address) {
		this.target.set(new Target(MariaDbTokenPlugin.key(configuration), address.host, address.port));
		// For a socket factory that is not used.
		return new TrustManager[0];
	}

	@Override
	public KeyManager[] getKeyManager(Configuration configuration, ExceptionFactory exceptions) {
		return new KeyManager[0];
	}

	@Override
	public SSLSocket createSocket(Socket socket, SSLSocketFactory unused) throws IOException {
		Target target = this.target.get();
		this.target.remove();
		if (target == null) {
			throw new IOException("The driver has not told the host that the connection is to");
		}
		return DriverCallbacks.secure(target.key, socket, new HostAndPort(target.host, target.port));
	}

	/**
	 * As the driver calls it since version 4.0.
	 * @param socket the connection
	 * @param unused a socket factory that trusts nobody
	 * @param host the host
	 * @return the connection with TLS over it
	 * @throws IOException if there is no such endpoint
	 */
	public SSLSocket createSocket(Socket socket, SSLSocketFactory unused, String host) throws IOException {
		return createSocket(socket, unused);
	}

	@Override
	public void verify(String host, SSLSession session, long serverThreadId) {
		// Has been done during the handshake, and is done again before a token is handed
		// out. The host that is named here may be a tunnel or an alias.
	}

	/** Where the connection goes to. */
	private record Target(String key, String host, int port) {

	}

}

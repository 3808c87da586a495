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

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;

import javax.net.ssl.SSLSocket;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketConnection;
import com.mysql.cj.protocol.StandardSocketFactory;
import io.github.iamdatasource.endpoint.HostAndPort;
import org.jspecify.annotations.Nullable;

/**
 * Opens Connector/J's connections as the driver itself does, and has TLS put over them by
 * a {@link VerifyingSocketFactory}.
 * <p>
 * Public because the driver creates it by its name; of no use to anybody else.
 */
public final class MySqlSocketFactory extends StandardSocketFactory {

	private @Nullable String key;

	private @Nullable SecuredChannel channel;

	@Override
	public <T extends Closeable> T connect(String hostname, int portNumber, PropertySet properties, int loginTimeout)
			throws IOException {
		this.key = properties.getStringProperty(DriverCallbacks.KEY_PROPERTY).getValue();
		Login login = DriverCallbacks.login(this.key);
		int timeout = loginTimeout;
		if (login != null && login.deadline().isLimited()) {
			// Of the driver's own timeouts none holds for the whole login.
			int remaining = (int) Math.max(1, login.deadline().remaining().toMillis());
			timeout = (loginTimeout > 0) ? Math.min(loginTimeout, remaining) : remaining;
		}
		return super.connect(hostname, portNumber, properties, timeout);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T extends Closeable> T performTlsHandshake(SocketConnection connection, ServerSession session, Log log)
			throws IOException {
		Socket socket = this.rawSocket;
		SSLSocket tls = DriverCallbacks.secure(key(), socket,
				new HostAndPort(connection.getHost(), connection.getPort()));
		this.channel = SecuredChannel.take();
		tls.startHandshake();
		this.sslSocket = tls;
		return (T) tls;
	}

	/**
	 * Return the connection that this factory has opened, for its token: Connector/J logs
	 * in again on it when the user is changed.
	 * @return the connection
	 */
	SecuredChannel channel() {
		SecuredChannel channel = this.channel;
		if (channel == null) {
			throw SecuredChannel.notEncrypted();
		}
		return channel;
	}

	String key() {
		return (this.key != null) ? this.key : "";
	}

}

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

import io.github.iamdatasource.endpoint.HostAndPort;
import org.postgresql.ssl.WrappedFactory;

/**
 * Hands a {@link VerifyingSocketFactory} over to pgjdbc, which takes nothing but the name
 * of a class and one string.
 * <p>
 * Public because pgjdbc creates it by its name; of no use to anybody else.
 */
public final class PostgreSqlSocketFactory extends WrappedFactory {

	private final String key;

	/**
	 * Called by pgjdbc for each connection.
	 * @param key the value of {@code sslfactoryarg}
	 */
	public PostgreSqlSocketFactory(String key) {
		this.factory = DriverCallbacks.socketFactory(key);
		this.key = key;
	}

	@Override
	public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
		return DriverCallbacks.secure(this.key, socket, new HostAndPort(host, port));
	}

}

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
package io.github.iamdatasource.emulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.Function;

import io.github.iamdatasource.emulator.front.Front;
import org.jspecify.annotations.Nullable;

/**
 * Where clients come in. It can be shut, and opened again on the same port.
 */
final class FrontDoor implements AutoCloseable {

	private static final int BACKLOG = 128;

	private final int port;

	private final Function<ServerSocket, Front> fronts;

	private @Nullable Front front;

	private boolean closed;

	/**
	 * Begins open.
	 * @param listener a bound socket
	 * @param fronts opens a front that takes clients from a socket, and closes it
	 */
	FrontDoor(ServerSocket listener, Function<ServerSocket, Front> fronts) {
		this.port = listener.getLocalPort();
		this.fronts = fronts;
		this.front = fronts.apply(listener);
	}

	static ServerSocket listen(int port) throws IOException {
		ServerSocket listener = new ServerSocket();
		try {
			// Connections that were cut keep the port busy for a minute otherwise.
			listener.setReuseAddress(true);
			listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), port), BACKLOG);
			return listener;
		}
		catch (IOException | RuntimeException | Error ex) {
			closeQuietly(listener);
			throw ex;
		}
	}

	static void closeQuietly(ServerSocket listener) {
		try {
			listener.close();
		}
		catch (IOException ex) {
			// It is of no more use either way.
		}
	}

	/**
	 * Lets clients in, if it does not already.
	 * @throws IllegalStateException if it has been closed for good
	 * @throws EmulatorException if it cannot; it stays shut, and may be tried again
	 */
	synchronized void open() {
		if (this.closed) {
			throw new IllegalStateException("The emulator has been closed: start another");
		}
		if (this.front != null) {
			return;
		}
		ServerSocket listener = listenAgain();
		try {
			this.front = this.fronts.apply(listener);
		}
		catch (RuntimeException | Error ex) {
			closeQuietly(listener);
			throw ex;
		}
	}

	private ServerSocket listenAgain() {
		try {
			return listen(this.port);
		}
		catch (IOException ex) {
			throw new EmulatorException(
					"The emulator could not listen on port " + this.port
							+ " again: something else may have taken it meanwhile; once that has ended, resume again",
					ex);
		}
	}

	/**
	 * Lets no more clients in, and cuts the sessions of those who are.
	 */
	synchronized void shut() {
		Front current = this.front;
		if (current != null) {
			this.front = null;
			current.close();
		}
	}

	/**
	 * Shuts it for good.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		shut();
	}

}

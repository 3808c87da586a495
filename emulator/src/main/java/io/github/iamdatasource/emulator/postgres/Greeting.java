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
package io.github.iamdatasource.emulator.postgres;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;

/**
 * What client and front say to each other before the login: whether to encrypt, and then
 * who the client wants to be, or whose query to cancel.
 *
 * @param channel the connection, with TLS if the client asked for it
 * @param encrypted whether it has TLS
 * @param packet a StartupMessage or a CancelRequest
 */
record Greeting(Socket channel, boolean encrypted, StartupPacket packet) {

	static Greeting exchange(Socket socket, TlsUpgrade tls) throws IOException {
		int first = readFirstByte(socket);
		if (first == TlsUpgrade.HANDSHAKE) {
			return encrypted(tls.upgradeDirectly(socket));
		}
		StartupPacket packet = StartupPacket.read(first, socket.getInputStream());
		if (packet.code() == StartupPacket.GSSENC_REQUEST) {
			socket.getOutputStream().write('N');
			packet = StartupPacket.read(readFirstByte(socket), socket.getInputStream());
		}
		if (packet.code() == StartupPacket.SSL_REQUEST) {
			socket.getOutputStream().write('S');
			return encrypted(tls.upgrade(socket));
		}
		return new Greeting(socket, false, packet);
	}

	private static Greeting encrypted(Socket channel) throws IOException {
		return new Greeting(channel, true, StartupPacket.read(readFirstByte(channel), channel.getInputStream()));
	}

	private static int readFirstByte(Socket socket) throws IOException {
		int first = socket.getInputStream().read();
		if (first < 0) {
			throw new EOFException("Closed before the first packet");
		}
		return first;
	}

}

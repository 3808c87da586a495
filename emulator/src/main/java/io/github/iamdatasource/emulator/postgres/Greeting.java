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

import javax.net.ssl.SSLSocket;

import io.github.iamdatasource.emulator.front.ClientConnection;
import io.github.iamdatasource.emulator.front.ProtocolException;

/**
 * What client and front say to each other before the login: whether to encrypt, and then
 * who the client wants to be, or whose query to cancel.
 *
 * @param channel the connection, with TLS if the client asked for it
 * @param encrypted whether it has TLS
 * @param packet a StartupMessage or a CancelRequest
 */
record Greeting(Socket channel, boolean encrypted, StartupPacket packet) {

	/** The first byte of a TLS handshake, and of no startup packet. */
	private static final byte HANDSHAKE = 0x16;

	private static final String PROTOCOL = "postgresql";

	static Greeting exchange(ClientConnection client) throws IOException {
		Socket socket = client.socket();
		int first = readFirstByte(socket);
		if (first == HANDSHAKE) {
			return encrypted(encryptDirectly(client));
		}
		StartupPacket packet = StartupPacket.read(first, socket.getInputStream());
		if (packet.code() == StartupPacket.GSSENC_REQUEST) {
			socket.getOutputStream().write('N');
			packet = StartupPacket.read(readFirstByte(socket), socket.getInputStream());
		}
		if (packet.code() == StartupPacket.SSL_REQUEST) {
			socket.getOutputStream().write('S');
			return encrypted(client.encrypt(new byte[0], PROTOCOL));
		}
		return new Greeting(socket, false, packet);
	}

	/**
	 * Without an SSLRequest, the first byte of the handshake having been read. The client
	 * has to name the protocol, as PostgreSQL 17 and later ask.
	 */
	private static SSLSocket encryptDirectly(ClientConnection client) throws IOException {
		SSLSocket encrypted = client.encrypt(new byte[] { HANDSHAKE }, PROTOCOL);
		if (!PROTOCOL.equals(encrypted.getApplicationProtocol())) {
			throw new ProtocolException("Direct TLS without the ALPN protocol " + PROTOCOL);
		}
		return encrypted;
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

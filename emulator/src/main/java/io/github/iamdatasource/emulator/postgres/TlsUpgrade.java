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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Puts TLS on an open connection.
 */
record TlsUpgrade(SSLSocketFactory sockets) {

	/** The first byte of a TLS handshake, and of no startup packet. */
	static final int HANDSHAKE = 0x16;

	private static final String PROTOCOL = "postgresql";

	/**
	 * After an SSLRequest.
	 */
	SSLSocket upgrade(Socket socket) throws IOException {
		return handshake(socket, new byte[0]);
	}

	/**
	 * Without an SSLRequest, the first byte of the handshake having been read. The client
	 * has to name the protocol, as PostgreSQL 17 and later ask.
	 */
	SSLSocket upgradeDirectly(Socket socket) throws IOException {
		SSLSocket encrypted = handshake(socket, new byte[] { HANDSHAKE });
		if (!PROTOCOL.equals(encrypted.getApplicationProtocol())) {
			throw new ProtocolException("Direct TLS without the ALPN protocol " + PROTOCOL);
		}
		return encrypted;
	}

	private SSLSocket handshake(Socket socket, byte[] alreadyRead) throws IOException {
		SSLSocket encrypted = (SSLSocket) this.sockets.createSocket(socket, new ByteArrayInputStream(alreadyRead),
				true);
		SSLParameters parameters = encrypted.getSSLParameters();
		parameters.setProtocols(new String[] { "TLSv1.3", "TLSv1.2" });
		parameters.setApplicationProtocols(new String[] { PROTOCOL });
		encrypted.setSSLParameters(parameters);
		encrypted.setUseClientMode(false);
		encrypted.startHandshake();
		return encrypted;
	}

}

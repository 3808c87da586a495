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
package io.github.iamdatasource.emulator.mysql;

import java.io.IOException;
import java.net.Socket;

import io.github.iamdatasource.emulator.front.ClientConnection;

/**
 * Asks a client for its token, and has it verified. Only ever inside TLS.
 */
final class TokenChallenge {

	/** The client's plugin that sends a password as it is. */
	static final String PLUGIN = "mysql_clear_password";

	/** Tokens have some hundred bytes, with a session token some thousand. */
	private static final int LONGEST_TOKEN = 1 << 16;

	private final ClientConnection client;

	private final Socket channel;

	TokenChallenge(ClientConnection client, Socket channel) {
		this.client = client;
		this.channel = channel;
	}

	/**
	 * Takes the token that came with a request, or asks for it.
	 * @param request the client's packet
	 * @param plugin how its proof was made
	 * @param authentication its proof
	 * @return a packet with nothing but the token, from which to go on counting
	 */
	Packet token(Packet request, String plugin, byte[] authentication) throws IOException {
		if (plugin.equals(PLUGIN) && authentication.length > 0) {
			return new Packet(request.sequenceId(), authentication);
		}
		request.answer(new PayloadWriter().int1(Packet.AUTH_SWITCH).zeroTerminated(PLUGIN).toBytes())
			.write(this.channel.getOutputStream());
		return Packet.read(this.channel.getInputStream(), LONGEST_TOKEN);
	}

	/**
	 * Verifies the token, and tells the client if it is refused.
	 * @return whether the user is let in
	 */
	boolean accepts(byte[] user, Packet token) throws IOException {
		String name = PayloadReader.text(user);
		String value = PayloadReader.text(new PayloadReader(token.payload()).zeroTerminated());
		if (this.client.policy().accepts(name, value)) {
			return true;
		}
		String host = this.client.socket().getInetAddress().getHostAddress();
		token.answer(ServerError.accessDenied(name, host, !value.isEmpty()).toPayload())
			.write(this.channel.getOutputStream());
		return false;
	}

	String passwordBehind(byte[] user) {
		return this.client.policy().passwordBehind(PayloadReader.text(user));
	}

}

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
import java.util.concurrent.ThreadLocalRandom;

import io.github.iamdatasource.emulator.front.ClientConnection;

/**
 * Asks a client for its token, and has it verified. Only ever inside TLS.
 */
final class TokenChallenge {

	/** The client's plugin that sends a password as it is. */
	static final String PLUGIN = "mysql_clear_password";

	/** Tokens have some hundred bytes, with a session token some thousand. */
	private static final int LONGEST_TOKEN = 1 << 16;

	private static final int SEED_LENGTH = 20;

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
	 * Asks a user who does not sign in with tokens for a password, and refuses it.
	 * @return whether the user was one
	 */
	boolean refusesWithoutToken(byte[] user, Packet request) throws IOException {
		String name = PayloadReader.text(user);
		if (this.client.policy().takesTokensOf(name)) {
			return false;
		}
		byte[] seed = new byte[SEED_LENGTH];
		ThreadLocalRandom.current().nextBytes(seed);
		request
			.answer(new PayloadWriter().int1(Packet.AUTH_SWITCH)
				.zeroTerminated(CachingSha2Password.PLUGIN)
				.zeroTerminated(seed)
				.toBytes())
			.write(this.channel.getOutputStream());
		Packet proof = Packet.read(this.channel.getInputStream(), LONGEST_TOKEN);
		refuse(name, proof, proof.payload().length > 0);
		return true;
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
		refuse(name, token, !value.isEmpty());
		return false;
	}

	private void refuse(String name, Packet packet, boolean usedPassword) throws IOException {
		String host = this.client.socket().getInetAddress().getHostAddress();
		packet.answer(ServerError.accessDenied(name, host, usedPassword).toPayload())
			.write(this.channel.getOutputStream());
	}

	String passwordBehind(byte[] user) {
		return this.client.policy().passwordBehind(PayloadReader.text(user));
	}

}

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
import java.io.OutputStream;
import java.net.Socket;

import io.github.iamdatasource.emulator.front.ClientConnection;
import io.github.iamdatasource.emulator.front.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * One client from its first byte to its last. Once it has logged in, the session only
 * looks out for changes of the user.
 */
public final class MySqlSession {

	/** Of the login's packets; attributes may have 64 kB. */
	private static final int LONGEST_PACKET = 1 << 18;

	private final ClientConnection client;

	private final Socket server;

	private MySqlSession(ClientConnection client, Socket server) {
		this.client = client;
		this.server = server;
	}

	/**
	 * Serves a client that speaks the protocol of MySQL and MariaDB.
	 * @param client the client
	 * @throws IOException if it went away, or does not speak the protocol
	 */
	public static void serve(ClientConnection client) throws IOException {
		Socket server;
		Packet greeting;
		try {
			server = client.connectToBackend();
			greeting = Packet.read(server.getInputStream(), LONGEST_PACKET);
		}
		catch (IOException ex) {
			greeting = new Packet(0,
					ServerError.ofTheEmulator("The server behind the emulator does not answer").toPayload());
			greeting.write(client.socket().getOutputStream());
			client.socket().shutdownOutput();
			return;
		}
		new MySqlSession(client, server).run(greeting);
	}

	private void run(Packet greeting) throws IOException {
		Socket socket = this.client.socket();
		if (greeting.type() == Packet.ERROR) {
			// It has too many clients, for instance.
			greeting.write(socket.getOutputStream());
			socket.shutdownOutput();
			return;
		}
		greet(greeting);
		Packet first = Packet.read(socket.getInputStream(), LONGEST_PACKET);
		if (!LoginRequest.isForTls(first.payload())) {
			refusePlaintext(first);
			return;
		}
		Socket channel = this.client.encrypt(new byte[0]);
		TokenChallenge challenge = new TokenChallenge(this.client, channel);
		LoginRequest request = login(channel, challenge);
		if (request != null) {
			this.client.loggedIn();
			Answers answers = new Answers();
			UserChange userChange = new UserChange(request.capabilities(), challenge, answers);
			this.client.pipe(channel, this.server, new Requests(userChange::change)::copy, answers::copy);
		}
	}

	private void greet(Packet greeting) throws IOException {
		OutputStream toClient = this.client.socket().getOutputStream();
		try {
			new Packet(0, ServerGreeting.of(greeting.payload()).toClient()).write(toClient);
		}
		catch (ProtocolException ex) {
			new Packet(0, ServerError.ofTheEmulator(ex.explanation()).toPayload()).write(toClient);
			throw ex;
		}
	}

	private void refusePlaintext(Packet packet) throws IOException {
		LoginRequest request = LoginRequest.of(packet.payload());
		this.client.policy().refusedPlaintext(PayloadReader.text(request.user()));
		refuse(this.client.socket(), packet, ServerError.insecureTransport());
	}

	private @Nullable LoginRequest login(Socket channel, TokenChallenge challenge) throws IOException {
		Packet packet = Packet.read(channel.getInputStream(), LONGEST_PACKET);
		LoginRequest request = LoginRequest.of(packet.payload());
		if (!Capabilities.includes(request.capabilities(), Capabilities.PLUGIN_AUTHENTICATION)) {
			refuse(channel, packet, ServerError.oldClient());
			return null;
		}
		if (challenge.refusesWithoutToken(request.user(), packet)) {
			channel.shutdownOutput();
			return null;
		}
		Packet token = challenge.token(packet, request.plugin(), request.authentication());
		if (!challenge.accepts(request.user(), token)) {
			channel.shutdownOutput();
			return null;
		}
		return loginBehind(channel, request, token, challenge.passwordBehind(request.user())) ? request : null;
	}

	private boolean loginBehind(Socket channel, LoginRequest request, Packet token, String password)
			throws IOException {
		try {
			new Packet(1, request.toServer()).write(this.server.getOutputStream());
			Packet outcome = new ServerLogin(password, this.server.getOutputStream())
				.finish(this.server.getInputStream());
			token.answer(outcome.payload()).write(channel.getOutputStream());
			if (outcome.type() == Packet.OK) {
				return true;
			}
			channel.shutdownOutput();
			return false;
		}
		catch (ProtocolException ex) {
			refuse(channel, token, ServerError.ofTheEmulator(ex.explanation()));
		}
		catch (IOException ex) {
			refuse(channel, token, ServerError.ofTheEmulator("The server behind the emulator does not answer"));
		}
		return false;
	}

	private static void refuse(Socket channel, Packet packet, ServerError error) throws IOException {
		packet.answer(error.toPayload()).write(channel.getOutputStream());
		channel.shutdownOutput();
	}

}

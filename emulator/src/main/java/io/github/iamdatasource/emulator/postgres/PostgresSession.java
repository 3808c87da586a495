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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.github.iamdatasource.emulator.front.ClientConnection;
import io.github.iamdatasource.emulator.front.LoginPolicy;
import io.github.iamdatasource.emulator.front.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * One client from its first byte to its last. Once it has logged in, the session stays
 * out of the way.
 */
public final class PostgresSession {

	/** PostgreSQL's own limit for what a client may send to authenticate. */
	private static final int LONGEST_PASSWORD = 65535;

	private final ClientConnection client;

	private @Nullable Socket server;

	private PostgresSession(ClientConnection client) {
		this.client = client;
	}

	/**
	 * Serves a client that speaks PostgreSQL's protocol.
	 * @param client the client
	 * @throws IOException if it went away, or does not speak the protocol
	 */
	public static void serve(ClientConnection client) throws IOException {
		new PostgresSession(client).run();
	}

	private void run() throws IOException {
		Greeting greeting = Greeting.exchange(this.client);
		if (greeting.packet().code() == StartupPacket.CANCEL_REQUEST) {
			forwardCancelRequest(greeting.packet());
			return;
		}
		boolean loggedIn = login(greeting);
		Socket behind = this.server;
		if (loggedIn && behind != null) {
			this.client.loggedIn();
			this.client.pipe(greeting.channel(), behind, InputStream::transferTo, InputStream::transferTo);
		}
	}

	private void forwardCancelRequest(StartupPacket packet) throws IOException {
		Socket behind = this.client.connectToBackend();
		behind.getOutputStream().write(packet.bytes());
		// The server answers by closing, once the request has taken effect.
		behind.getInputStream().transferTo(OutputStream.nullOutputStream());
	}

	private boolean login(Greeting greeting) throws IOException {
		Socket channel = greeting.channel();
		StartupPacket packet = greeting.packet();
		if (packet.majorVersion() != 3) {
			return refuse(channel, "0A000", "unsupported frontend protocol " + packet.majorVersion() + "."
					+ packet.minorVersion() + ": server supports 3.0 to 3.2");
		}
		Map<String, String> parameters = packet.parameters();
		String user = parameters.getOrDefault("user", "");
		if (user.isEmpty()) {
			return refuse(channel, "28000", "no PostgreSQL user name specified in startup packet");
		}
		LoginPolicy policy = this.client.policy();
		if (!greeting.encrypted()) {
			policy.refusedPlaintext(user);
			return refuse(channel, "28000",
					"no pg_hba.conf entry for host \"" + this.client.socket().getInetAddress().getHostAddress()
							+ "\", user \"" + user + "\", database \"" + parameters.getOrDefault("database", user)
							+ "\", no encryption");
		}
		if (!policy.takesTokensOf(user)) {
			// As PostgreSQL does for a user who does not exist, too.
			channel.getOutputStream().write(Message.authenticationScram().toBytes());
			Message.read(channel.getInputStream(), LONGEST_PASSWORD);
			return refuse(channel, "28P01", "password authentication failed for user \"" + user + "\"");
		}
		channel.getOutputStream().write(Message.authenticationCleartextPassword().toBytes());
		if (!policy.accepts(user, readPassword(channel.getInputStream()))) {
			return refuse(channel, "28000", "PAM authentication failed for user \"" + user + "\"");
		}
		return loginBehind(packet, user, policy.passwordBehind(user), channel);
	}

	private static String readPassword(InputStream fromClient) throws IOException {
		Message message = Message.read(fromClient, LONGEST_PASSWORD);
		byte[] body = message.body();
		if (message.type() != Message.PASSWORD || body.length == 0 || body[body.length - 1] != 0) {
			throw new ProtocolException("Something else than a password");
		}
		return new String(body, 0, body.length - 1, StandardCharsets.UTF_8);
	}

	private boolean loginBehind(StartupPacket packet, String user, String password, Socket channel) throws IOException {
		try {
			Socket server = this.client.connectToBackend();
			this.server = server;
			return new BackendLogin(server.getInputStream(), server.getOutputStream(), channel.getOutputStream())
				.login(packet, user, password);
		}
		catch (ProtocolException ex) {
			return refuse(channel, "XX000", ex.explanation());
		}
		catch (IOException ex) {
			return refuse(channel, "57P03", "the server behind the emulator does not answer");
		}
	}

	private static boolean refuse(Socket channel, String sqlState, String message) throws IOException {
		channel.getOutputStream().write(Message.fatal(sqlState, message).toBytes());
		channel.shutdownOutput();
		return false;
	}

}

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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import io.github.iamdatasource.emulator.front.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to the server behind, with whatever method it asks for, and shows the client
 * all but that method.
 */
final class BackendLogin {

	private static final int LONGEST_MESSAGE = 1 << 20;

	private final InputStream fromBackend;

	private final OutputStream toBackend;

	private final OutputStream toClient;

	private @Nullable ScramClient scram;

	BackendLogin(InputStream fromBackend, OutputStream toBackend, OutputStream toClient) {
		this.fromBackend = fromBackend;
		this.toBackend = toBackend;
		this.toClient = toClient;
	}

	/**
	 * Logs in and forwards AuthenticationOk, or the server's own error.
	 * @return whether the login succeeded
	 */
	boolean login(StartupPacket startup, String user, String password) throws IOException {
		this.toBackend.write(startup.bytes());
		while (true) {
			Message message = Message.read(this.fromBackend, LONGEST_MESSAGE);
			if (message.type() != Message.AUTHENTICATION) {
				this.toClient.write(message.toBytes());
				if (message.type() == Message.ERROR) {
					return false;
				}
			}
			else if (message.authenticationCode() == Message.AUTHENTICATION_OK) {
				this.toClient.write(message.toBytes());
				return true;
			}
			else {
				answer(message, user, password);
			}
		}
	}

	private void answer(Message message, String user, String password) throws IOException {
		byte[] data = Arrays.copyOfRange(message.body(), Integer.BYTES, message.body().length);
		switch (message.authenticationCode()) {
			case Message.AUTHENTICATION_CLEARTEXT -> send(Message.password(password));
			case Message.AUTHENTICATION_MD5 -> send(Message.password(md5(user, password, data)));
			case Message.AUTHENTICATION_SASL -> beginScram(data, password);
			case Message.AUTHENTICATION_SASL_CONTINUE -> continueScram(text(data));
			case Message.AUTHENTICATION_SASL_FINAL -> finishScram(text(data));
			default -> throw new ProtocolException("The server behind asks for authentication method "
					+ message.authenticationCode() + ", which the emulator does not know");
		}
	}

	private void beginScram(byte[] data, String password) throws IOException {
		List<String> mechanisms = Arrays.stream(text(data).split("\0")).filter((name) -> !name.isEmpty()).toList();
		ScramClient client = newScramClient(mechanisms, password);
		this.scram = client;
		byte[] mechanism = (client.getScramMechanism().getName() + "\0").getBytes(StandardCharsets.US_ASCII);
		byte[] first = client.clientFirstMessage().toString().getBytes(StandardCharsets.UTF_8);
		send(new Message(Message.PASSWORD,
				ByteBuffer.allocate(mechanism.length + Integer.BYTES + first.length)
					.put(mechanism)
					.putInt(first.length)
					.put(first)
					.array()));
	}

	private static ScramClient newScramClient(List<String> mechanisms, String password) throws ProtocolException {
		try {
			// PostgreSQL takes the user from the startup packet, and wants none here.
			return ScramClient.builder()
				.advertisedMechanisms(mechanisms)
				.username("*")
				.password(password.toCharArray())
				.build();
		}
		catch (IllegalArgumentException ex) {
			throw new ProtocolException("The server behind offers no SCRAM mechanism that the emulator knows");
		}
	}

	private void continueScram(String serverFirst) throws IOException {
		try {
			requireScram().serverFirstMessage(serverFirst);
			String last = requireScram().clientFinalMessage().toString();
			send(new Message(Message.PASSWORD, last.getBytes(StandardCharsets.UTF_8)));
		}
		catch (ScramException ex) {
			throw new ProtocolException("The server behind does not follow SCRAM");
		}
	}

	private void finishScram(String serverFinal) throws IOException {
		try {
			requireScram().serverFinalMessage(serverFinal);
		}
		catch (ScramException ex) {
			throw new ProtocolException("The server behind does not know the password it was given");
		}
	}

	private ScramClient requireScram() throws ProtocolException {
		ScramClient client = this.scram;
		if (client == null) {
			throw new ProtocolException("The server behind continues what it did not begin");
		}
		return client;
	}

	private void send(Message message) throws IOException {
		this.toBackend.write(message.toBytes());
	}

	private static String text(byte[] data) {
		return new String(data, StandardCharsets.UTF_8);
	}

	private static String md5(String user, String password, byte[] salt) {
		String inner = md5((password + user).getBytes(StandardCharsets.UTF_8), new byte[0]);
		return "md5" + md5(inner.getBytes(StandardCharsets.US_ASCII), salt);
	}

	private static String md5(byte[] bytes, byte[] salt) {
		try {
			MessageDigest digest = MessageDigest.getInstance("MD5");
			digest.update(bytes);
			return HexFormat.of().formatHex(digest.digest(salt));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JDK has MD5", ex);
		}
	}

}

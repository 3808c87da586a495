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

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Says to an emulator of MySQL or MariaDB what no driver would say.
 */
final class RawMySqlClient implements AutoCloseable {

	static final int TLS = 1 << 11;

	static final int PLUGIN_AUTHENTICATION = 1 << 19;

	private static final int PROTOCOL_41 = 1 << 9;

	private static final int SECURE_CONNECTION = 1 << 15;

	private static final int LONG_AUTHENTICATION = 1 << 21;

	static final int ALL = PROTOCOL_41 | TLS | SECURE_CONNECTION | PLUGIN_AUTHENTICATION | LONG_AUTHENTICATION;

	private final RawClient client;

	private int number;

	RawMySqlClient(RdsIamEmulator emulator) throws IOException {
		this.client = new RawClient(emulator);
	}

	Socket socket() {
		return this.client.socket();
	}

	RawClient raw() {
		return this.client;
	}

	/** What numbers the packet that was read last. */
	int number() {
		return this.number;
	}

	byte[] read() throws IOException {
		DataInputStream data = new DataInputStream(socket().getInputStream());
		int length = data.readUnsignedByte() | data.readUnsignedByte() << 8 | data.readUnsignedByte() << 16;
		this.number = data.readUnsignedByte();
		byte[] payload = new byte[length];
		data.readFully(payload);
		return payload;
	}

	/** An error's number and text, or what else came. */
	String readText() throws IOException {
		byte[] payload = read();
		if (payload.length < 3 || payload[0] != -1) {
			return new String(payload, StandardCharsets.ISO_8859_1);
		}
		int code = Byte.toUnsignedInt(payload[1]) | Byte.toUnsignedInt(payload[2]) << 8;
		return code + " " + new String(payload, 3, payload.length - 3, StandardCharsets.UTF_8);
	}

	RawMySqlClient send(int sequenceId, byte[] payload) throws IOException {
		ByteArrayOutputStream packet = new ByteArrayOutputStream();
		packet.write(payload.length);
		packet.write(payload.length >> 8);
		packet.write(payload.length >> 16);
		packet.write(sequenceId);
		packet.writeBytes(payload);
		this.client.send(packet.toByteArray());
		return this;
	}

	RawMySqlClient sendText(int sequenceId, String payload) throws IOException {
		return send(sequenceId, payload.getBytes(StandardCharsets.ISO_8859_1));
	}

	/** After the greeting has been read. */
	RawMySqlClient startTls() throws Exception {
		send(1, session(ALL));
		this.client.startTls();
		return this;
	}

	RawMySqlClient sendLogin(int sequenceId, int capabilities, String user, String plugin, String proof)
			throws IOException {
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		payload.writeBytes(session(capabilities));
		payload.writeBytes((user + "\0").getBytes(StandardCharsets.UTF_8));
		byte[] bytes = proof.getBytes(StandardCharsets.UTF_8);
		if (bytes.length > 250) {
			payload.write(0xFC);
			payload.write(bytes.length);
			payload.write(bytes.length >> 8);
		}
		else {
			payload.write(bytes.length);
		}
		payload.writeBytes(bytes);
		payload.writeBytes((plugin + "\0").getBytes(StandardCharsets.UTF_8));
		return send(sequenceId, payload.toByteArray());
	}

	private static byte[] session(int capabilities) {
		return ByteBuffer.allocate(32)
			.order(ByteOrder.LITTLE_ENDIAN)
			.putInt(capabilities)
			.putInt(1 << 24)
			.put((byte) 45)
			.array();
	}

	/**
	 * Greeting, TLS, and the login; the next packet asks for the token.
	 * @return the connection's id
	 */
	String begin(String user) throws Exception {
		byte[] greeting = read();
		int version = new String(greeting, StandardCharsets.ISO_8859_1).indexOf('\0');
		int id = ByteBuffer.wrap(greeting, version + 1, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
		startTls().sendLogin(2, ALL, user, "mysql_native_password", "");
		return Integer.toString(id);
	}

	/**
	 * Logs in as drivers do.
	 * @return the connection's id
	 */
	String login(String user, String token) throws Exception {
		String id = begin(user);
		read();
		sendText(4, token + "\0");
		byte[] outcome = read();
		if (outcome[0] != 0) {
			throw new AssertionError(new String(outcome, StandardCharsets.UTF_8));
		}
		return id;
	}

	@Override
	public void close() throws IOException {
		this.client.close();
	}

}

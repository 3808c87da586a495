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

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import io.github.iamdatasource.emulator.front.ProtocolException;

/**
 * One of the messages without a type that a client may begin with (PostgreSQL manual,
 * "Message Formats": StartupMessage, SSLRequest, GSSENCRequest, CancelRequest).
 *
 * @param bytes the message as it came
 */
record StartupPacket(byte[] bytes) {

	/** PostgreSQL's own limit. */
	private static final int LONGEST = 10000;

	private static final int SHORTEST = 8;

	static final int CANCEL_REQUEST = 80877102;

	static final int SSL_REQUEST = 80877103;

	static final int GSSENC_REQUEST = 80877104;

	/**
	 * Reads one, and not a byte more: what follows an SSLRequest belongs to TLS.
	 */
	static StartupPacket read(int firstByte, InputStream in) throws IOException {
		DataInputStream data = new DataInputStream(in);
		int length = (firstByte << 24) | (data.readUnsignedByte() << 16) | data.readUnsignedShort();
		if (length < SHORTEST || length > LONGEST) {
			throw new ProtocolException("Invalid length of startup packet");
		}
		byte[] bytes = new byte[length];
		ByteBuffer.wrap(bytes).putInt(length);
		data.readFully(bytes, Integer.BYTES, length - Integer.BYTES);
		return new StartupPacket(bytes);
	}

	int code() {
		return ByteBuffer.wrap(this.bytes).getInt(Integer.BYTES);
	}

	int majorVersion() {
		return code() >>> 16;
	}

	int minorVersion() {
		return code() & 0xFFFF;
	}

	/**
	 * The parameters of a StartupMessage.
	 */
	Map<String, String> parameters() throws ProtocolException {
		Map<String, String> parameters = new HashMap<>();
		ByteBuffer buffer = ByteBuffer.wrap(this.bytes).position(SHORTEST);
		for (String name = readString(buffer); !name.isEmpty(); name = readString(buffer)) {
			parameters.put(name, readString(buffer));
		}
		if (buffer.hasRemaining()) {
			throw new ProtocolException("Bytes after the end of the startup packet");
		}
		return parameters;
	}

	private static String readString(ByteBuffer buffer) throws ProtocolException {
		int start = buffer.position();
		while (buffer.hasRemaining()) {
			if (buffer.get() == 0) {
				return new String(buffer.array(), start, buffer.position() - start - 1, StandardCharsets.UTF_8);
			}
		}
		throw new ProtocolException("A string of the startup packet has no end");
	}

}

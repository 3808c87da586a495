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

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

import io.github.iamdatasource.emulator.front.ProtocolException;

/**
 * A packet of the protocol: three bytes of length, one that numbers it, and the payload.
 *
 * @param sequenceId its number, which begins at 0 with each command
 * @param payload what it says
 */
record Packet(int sequenceId, byte[] payload) {

	static final int HEADER = 4;

	/** A payload of this length goes on in the next packet. */
	static final int LONGEST_PAYLOAD = 0xFFFFFF;

	static final int OK = 0x00;

	static final int AUTH_MORE_DATA = 0x01;

	static final int AUTH_SWITCH = 0xFE;

	static final int ERROR = 0xFF;

	/**
	 * Reads a packet that is not continued.
	 * @throws ProtocolException if it is longer than allowed
	 */
	static Packet read(InputStream stream, int longest) throws IOException {
		byte[] header = new byte[HEADER];
		DataInputStream data = new DataInputStream(stream);
		data.readFully(header);
		int length = lengthIn(header);
		if (length > longest) {
			throw new ProtocolException("A packet of " + length + " bytes where at most " + longest + " are expected");
		}
		byte[] payload = new byte[length];
		data.readFully(payload);
		return new Packet(Byte.toUnsignedInt(header[3]), payload);
	}

	static int lengthIn(byte[] header) {
		return Byte.toUnsignedInt(header[0]) | Byte.toUnsignedInt(header[1]) << 8 | Byte.toUnsignedInt(header[2]) << 16;
	}

	/**
	 * The first byte, which tells what the packet is; an empty one is none of them.
	 */
	int type() {
		return (this.payload.length > 0) ? Byte.toUnsignedInt(this.payload[0]) : -1;
	}

	/**
	 * Without the first byte.
	 */
	byte[] body() {
		return Arrays.copyOfRange(this.payload, 1, this.payload.length);
	}

	Packet answer(byte[] answer) {
		return new Packet(this.sequenceId + 1, answer);
	}

	/**
	 * Header and payload at once, for the sake of those who read what has come so far.
	 */
	void write(OutputStream stream) throws IOException {
		byte[] bytes = new byte[HEADER + this.payload.length];
		bytes[0] = (byte) this.payload.length;
		bytes[1] = (byte) (this.payload.length >> 8);
		bytes[2] = (byte) (this.payload.length >> 16);
		bytes[3] = (byte) this.sequenceId;
		System.arraycopy(this.payload, 0, bytes, HEADER, this.payload.length);
		stream.write(bytes);
		stream.flush();
	}

	@Override
	public String toString() {
		// The payload may be a token.
		return "Packet[" + this.sequenceId + ", " + this.payload.length + " bytes]";
	}

}

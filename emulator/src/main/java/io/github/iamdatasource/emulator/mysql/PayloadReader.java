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

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.github.iamdatasource.emulator.front.ProtocolException;

/**
 * Reads the fields of a payload, one after the other.
 */
final class PayloadReader {

	private final ByteBuffer buffer;

	PayloadReader(byte[] payload) {
		this.buffer = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
	}

	boolean hasMore() {
		return this.buffer.hasRemaining();
	}

	int int1() throws ProtocolException {
		return Byte.toUnsignedInt(bytes(1)[0]);
	}

	int int2() throws ProtocolException {
		return int1() | int1() << 8;
	}

	int int4() throws ProtocolException {
		return int2() | int2() << 16;
	}

	byte[] bytes(int count) throws ProtocolException {
		if (count < 0 || count > this.buffer.remaining()) {
			throw cutOff();
		}
		byte[] bytes = new byte[count];
		this.buffer.get(bytes);
		return bytes;
	}

	byte[] remaining() {
		byte[] bytes = new byte[this.buffer.remaining()];
		this.buffer.get(bytes);
		return bytes;
	}

	/** Up to the next zero, or to the end, as servers read it. */
	byte[] zeroTerminated() {
		int start = this.buffer.position();
		int end = start;
		while (end < this.buffer.limit() && this.buffer.get(end) != 0) {
			end++;
		}
		byte[] bytes = new byte[end - start];
		this.buffer.get(bytes);
		if (this.buffer.hasRemaining()) {
			this.buffer.get();
		}
		return bytes;
	}

	/** A string after its length, which takes one byte or several. */
	byte[] lengthEncoded() throws ProtocolException {
		try {
			int first = int1();
			long length = switch (first) {
				case 0xFC -> int2();
				case 0xFD -> int2() | int1() << 16;
				case 0xFE -> this.buffer.getLong();
				default -> first;
			};
			if (first == 0xFB || first == 0xFF || length > this.buffer.remaining()) {
				throw cutOff();
			}
			return bytes((int) length);
		}
		catch (BufferUnderflowException ex) {
			throw cutOff();
		}
	}

	private static ProtocolException cutOff() {
		return new ProtocolException("A packet ends before it is complete");
	}

	static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}

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
package io.github.iamdatasource.emulator.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Leaves out of a 64-bit Linux program what only debuggers read, which follows what is
 * loaded. Of MariaDB's 314 MB this keeps 30.
 */
final class ElfProgram {

	private static final int MAGIC = 0x464C457F;

	private static final int HEADER = 64;

	private static final int SECTION_TABLE_OFFSET = 0x28;

	private static final int SECTION_TABLE_COUNT = 0x3C;

	private static final int LOADED = 1;

	private ElfProgram() {
	}

	/**
	 * Copies a program.
	 * @param program its bytes, which are read only as far as needed
	 * @param target where to write it
	 * @throws IOException if it is no such program
	 */
	static void copy(InputStream program, OutputStream target) throws IOException {
		ByteBuffer header = read(program, HEADER);
		int entries = Short.toUnsignedInt(header.getShort(0x38));
		int entrySize = Short.toUnsignedInt(header.getShort(0x36));
		if (header.getInt(0) != MAGIC || header.getLong(0x20) != HEADER) {
			throw new IOException("The program is not of the kind that Linux runs");
		}
		ByteBuffer segments = read(program, entries * entrySize);
		long end = HEADER + segments.capacity();
		for (int start = 0; start < segments.capacity(); start += entrySize) {
			if (segments.getInt(start) == LOADED) {
				end = Math.max(end, segments.getLong(start + 0x08) + segments.getLong(start + 0x20));
			}
		}
		// Sections are for linkers and debuggers. Their table is at the end.
		header.putLong(SECTION_TABLE_OFFSET, 0);
		header.putInt(SECTION_TABLE_COUNT, 0);
		target.write(header.array());
		target.write(segments.array());
		copy(program, target, end - HEADER - segments.capacity());
	}

	private static ByteBuffer read(InputStream program, int count) throws IOException {
		byte[] bytes = program.readNBytes(count);
		if (bytes.length < count) {
			throw new EOFException("The program is cut off");
		}
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
	}

	private static void copy(InputStream from, OutputStream to, long count) throws IOException {
		byte[] buffer = new byte[1 << 16];
		long remaining = count;
		while (remaining > 0) {
			int read = from.read(buffer, 0, (int) Math.min(buffer.length, remaining));
			if (read < 0) {
				throw new EOFException("The program is cut off");
			}
			to.write(buffer, 0, read);
			remaining -= read;
		}
	}

}

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

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Predicate;

/**
 * Unpacks a tar archive: files, folders and symbolic links, as GNU tar writes them.
 */
final class TarReader {

	private static final int BLOCK = 512;

	private static final int OWNER_MAY_EXECUTE = 0100;

	private final DataInputStream in;

	private final byte[] header = new byte[BLOCK];

	TarReader(InputStream in) {
		this.in = new DataInputStream(in);
	}

	/**
	 * Unpacks the entries whose names are wanted.
	 */
	void unpack(Path folder, Predicate<String> wanted) throws IOException {
		String longName = "";
		while (readHeader()) {
			long size = number(124, 12);
			char type = (char) this.header[156];
			String name = longName.isEmpty() ? text(0, 100) : longName;
			longName = "";
			Path path = folder.resolve(name).normalize();
			if (!path.startsWith(folder)) {
				throw new IOException("The archive has an entry outside itself");
			}
			switch (type) {
				case 'L' -> longName = readText(size);
				case '5' -> Files.createDirectories(path);
				case '0', '\0' -> readFile(path, size, wanted.test(name));
				case '2' -> {
					if (wanted.test(name)) {
						Files.createDirectories(path.getParent());
						Files.createSymbolicLink(path, Path.of(text(157, 100)));
					}
				}
				default -> throw new IOException("The archive has an entry of the unknown type '" + type + "'");
			}
		}
	}

	private boolean readHeader() throws IOException {
		this.in.readFully(this.header);
		// The archive ends with blocks of zeros.
		return this.header[0] != 0;
	}

	private void readFile(Path path, long size, boolean wanted) throws IOException {
		if (wanted) {
			Files.createDirectories(path.getParent());
			Files.write(path, readContent(size));
			if ((number(100, 8) & OWNER_MAY_EXECUTE) != 0) {
				Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
			}
		}
		else {
			this.in.skipNBytes(padded(size));
		}
	}

	private String readText(long size) throws IOException {
		String text = new String(readContent(size), StandardCharsets.UTF_8);
		return text.replace("\0", "");
	}

	private byte[] readContent(long size) throws IOException {
		byte[] content = this.in.readNBytes(Math.toIntExact(size));
		if (content.length < size) {
			throw new EOFException("The archive is not complete");
		}
		this.in.skipNBytes(padded(size) - size);
		return content;
	}

	private static long padded(long size) {
		return (size + BLOCK - 1) / BLOCK * BLOCK;
	}

	private long number(int offset, int length) {
		return Long.parseLong(text(offset, length).strip(), 8);
	}

	private String text(int offset, int length) {
		int end = offset;
		while (end < offset + length && this.header[end] != 0) {
			end++;
		}
		return new String(this.header, offset, end - offset, StandardCharsets.UTF_8);
	}

}

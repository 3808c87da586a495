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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class TarReaderTests {

	@TempDir
	private Path folder;

	private final ByteArrayOutputStream archive = new ByteArrayOutputStream();

	@Test
	void filesFoldersAndLinksAreUnpacked() throws Exception {
		entry("bin/", '5', 0755, "", "");
		entry("./bin/tool", '0', 0755, "", "x".repeat(600));
		entry("share/text", '0', 0644, "", "text");
		entry("lib/link", '2', 0777, "../bin/tool", "");
		unpack();
		assertThat(this.folder.resolve("bin/tool")).hasContent("x".repeat(600)).isExecutable();
		assertThat(Files.isExecutable(this.folder.resolve("share/text"))).isFalse();
		assertThat(this.folder.resolve("lib/link")).isSymbolicLink().hasContent("x".repeat(600));
	}

	@Test
	void longNamesAreUnpacked() throws Exception {
		String name = "a".repeat(80) + "/" + "b".repeat(80);
		entry("././@LongLink", 'L', 0, "", name + "\0");
		entry(name.substring(0, 100), '0', 0644, "", "text");
		entry("next", '0', 0644, "", "text");
		unpack();
		assertThat(this.folder.resolve(name)).hasContent("text");
		assertThat(this.folder.resolve("next")).hasContent("text");
	}

	@Test
	void unwantedFilesAreSkipped() throws Exception {
		entry("lib/unwanted", '0', 0644, "", "x".repeat(513));
		entry("lib/wanted", '0', 0644, "", "text");
		unpack();
		assertThat(this.folder.resolve("lib/unwanted")).doesNotExist();
		assertThat(this.folder.resolve("lib/wanted")).hasContent("text");
	}

	@Test
	void entryOutsideTheFolderIsRefused() throws Exception {
		entry("../outside", '0', 0644, "", "text");
		assertThatIOException().isThrownBy(this::unpack).withMessage("The archive has an entry outside itself");
		assertThat(this.folder.resolveSibling("outside")).doesNotExist();
	}

	@Test
	void incompleteArchiveIsRefused() throws Exception {
		entry("file", '0', 0644, "", "x".repeat(1000));
		byte[] complete = this.archive.toByteArray();
		assertThatIOException().isThrownBy(
				() -> new TarReader(new ByteArrayInputStream(complete, 0, 700)).unpack(this.folder, (name) -> true));
	}

	private void unpack() throws IOException {
		this.archive.write(new byte[1024]);
		new TarReader(new ByteArrayInputStream(this.archive.toByteArray())).unpack(this.folder,
				(name) -> !name.contains("unwanted"));
	}

	private void entry(String name, char type, int mode, String linkTarget, String content) throws IOException {
		byte[] header = new byte[512];
		put(header, 0, name);
		put(header, 100, String.format("%07o", mode));
		put(header, 124, String.format("%011o", content.length()));
		header[156] = (byte) type;
		put(header, 157, linkTarget);
		this.archive.write(header);
		this.archive.write(content.getBytes(StandardCharsets.US_ASCII));
		this.archive.write(new byte[(512 - content.length() % 512) % 512]);
	}

	private static void put(byte[] header, int offset, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		System.arraycopy(bytes, 0, header, offset, bytes.length);
	}

}

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

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Predicate;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks tar archives.
 */
final class TarArchive {

	private static final int OWNER_MAY_EXECUTE = 0100;

	private TarArchive() {
	}

	static void unpack(InputStream archive, Path folder, Predicate<String> needed) throws IOException {
		try (TarArchiveInputStream entries = new TarArchiveInputStream(new BufferedInputStream(archive, 1 << 16))) {
			for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
				if (!entry.isDirectory() && needed.test(entry.getName())) {
					unpack(entry, entries, folder);
				}
			}
		}
	}

	private static void unpack(TarArchiveEntry entry, InputStream content, Path folder) throws IOException {
		// Fails for an entry outside the folder.
		Path path = entry.resolveIn(folder);
		Files.createDirectories(path.getParent());
		if (entry.isSymbolicLink()) {
			Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
			return;
		}
		Files.copy(content, path);
		if ((entry.getMode() & OWNER_MAY_EXECUTE) != 0) {
			Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
		}
	}

}

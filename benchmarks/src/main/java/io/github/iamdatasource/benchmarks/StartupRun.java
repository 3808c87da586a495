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
package io.github.iamdatasource.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Starts the measured application in a JVM of its own.
 */
final class StartupRun {

	private static final String APPLICATION = "io.github.iamdatasource.benchmarks.startup.StartupApplication";

	private static final String MEASURED = "measured;";

	private final DatabaseAccess database;

	StartupRun(DatabaseAccess database) {
		this.database = database;
	}

	/**
	 * Run it once.
	 * @param variant how it signs in
	 * @return what it has measured, by name
	 * @throws IOException if it cannot be run
	 */
	Map<String, String> run(StartupVariant variant) throws IOException {
		return run(variant, ModuleClassPath.of(variant.module()));
	}

	/**
	 * Run it once, with other dependencies.
	 * @param variant how it signs in
	 * @param classPath the application and its dependencies
	 * @return what it has measured, by name
	 * @throws IOException if it cannot be run
	 */
	Map<String, String> run(StartupVariant variant, ModuleClassPath classPath) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(JavaProgram
			.command(List.of("-Djdk.net.hosts.file=" + this.database.hosts()), classPath.toString(), APPLICATION))
			.directory(this.database.caCertificate().getParent().toFile())
			.redirectErrorStream(true);
		// Whatever this process has in its environment would reach the application.
		builder.environment().clear();
		builder.environment().putAll(variant.environment(this.database));
		Process process = builder.start();
		List<String> output = new ArrayList<>();
		try (BufferedReader reader = process.inputReader()) {
			reader.lines().forEach(output::add);
		}
		return output.stream()
			.filter((line) -> line.startsWith(MEASURED))
			.map(StartupRun::parse)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(variant + " did not start:" + System.lineSeparator()
					+ String.join(System.lineSeparator(), output)));
	}

	private static Map<String, String> parse(String line) {
		return Arrays.stream(line.substring(MEASURED.length()).split(";"))
			.map((pair) -> pair.split("=", 2))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> pair[1]));
	}

}

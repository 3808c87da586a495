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
package io.github.iamdatasource.integration;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * Runs the checks with the other line of MariaDB Connector/J: in a process of its own, as
 * two of them cannot be on one class path, and with servers of its own. It runs beside
 * the tests until they ask how a check ended.
 */
final class MariaDb4Process {

	/** System property with the driver's jar, which the build copies. */
	private static final String JAR = "mariadb-java-client-4.jar";

	private static final String PASSED = "passed";

	private static final String SKIPPED = "skipped: ";

	private static final long LONGEST_RUN_MINUTES = 8;

	private final Process process;

	private final Path outcomesFile;

	private final Path output;

	private @Nullable Properties outcomes;

	private MariaDb4Process(Process process, Path outcomesFile, Path output) {
		this.process = process;
		this.outcomesFile = outcomesFile;
		this.output = output;
	}

	private static Path jar() {
		return Path.of(System.getProperty(JAR, ""));
	}

	/**
	 * Return the version of the driver.
	 * @return the version, or only its beginning if the driver is not there
	 */
	static String version() {
		return Files.isRegularFile(jar()) ? Versions.ofJar(jar()) : "4";
	}

	/**
	 * Start it.
	 * @return the process, or {@code null} if only a build with Maven has the driver
	 */
	static @Nullable MariaDb4Process start() throws IOException {
		if (!Files.isRegularFile(jar())) {
			System.out.println("Skipping MariaDB Connector/J 4: only a build with Maven has it");
			return null;
		}
		// Where it is searched for secrets.
		Path folder = Path.of(System.getProperty("test.output.folder"), "surefire-reports");
		Path outcomes = folder.resolve("CompatibilityTests-mariadb-4.properties");
		Path output = folder.resolve("CompatibilityTests-mariadb-4-output.txt");
		Files.createDirectories(folder);
		Files.deleteIfExists(outcomes);
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath(),
						// It shares two processors with the tests.
						"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
		for (String property : List.of("jdk.net.hosts.file", "test.output.folder", "aws.configFile",
				"aws.sharedCredentialsFile", "aws.disableEc2Metadata")) {
			command.add("-D" + property + "=" + System.getProperty(property));
		}
		command.addAll(List.of(MariaDb4Process.class.getName(), outcomes.toString()));
		return new MariaDb4Process(
				new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start(), outcomes,
				output);
	}

	private static String classPath() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((entry) -> Path.of(entry).getFileName().toString().startsWith("mariadb-java-client-")
					? jar().toString() : entry)
			.collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * End as the check did there.
	 */
	void verify(Combination combination, CompatibilityCheck check) throws IOException, InterruptedException {
		String outcome = outcomes().getProperty(key(combination, check), "It was not run");
		if (outcome.startsWith(SKIPPED)) {
			throw new TestAbortedException(outcome.substring(SKIPPED.length()));
		}
		if (!outcome.equals(PASSED)) {
			throw new AssertionError("In the process with MariaDB Connector/J " + version() + ": " + outcome);
		}
	}

	private synchronized Properties outcomes() throws IOException, InterruptedException {
		Properties known = this.outcomes;
		if (known == null) {
			if (!this.process.waitFor(LONGEST_RUN_MINUTES, TimeUnit.MINUTES) || this.process.exitValue() != 0) {
				throw new AssertionError(
						"The process did not end well, after it had written:\n" + Files.readString(this.output));
			}
			known = new Properties();
			try (InputStream file = Files.newInputStream(this.outcomesFile)) {
				known.load(file);
			}
			this.outcomes = known;
		}
		return known;
	}

	/**
	 * End the process if it still runs; by itself, so that it stops its servers.
	 */
	void end() throws InterruptedException {
		this.process.destroy();
		if (!this.process.waitFor(1, TimeUnit.MINUTES)) {
			this.process.descendants().forEach(ProcessHandle::destroyForcibly);
			this.process.destroyForcibly();
		}
	}

	private static String key(Combination combination, CompatibilityCheck check) {
		return combination + "/" + check;
	}

	/**
	 * What runs in the process.
	 */
	public static void main(String[] args) throws IOException {
		Properties outcomes = new Properties();
		try (OrdersDatabases databases = new OrdersDatabases()) {
			Combination.of(TestedDriver.MARIADB_4).forEach((combination) -> {
				for (CompatibilityCheck check : CompatibilityCheck.values()) {
					outcomes.setProperty(key(combination, check), outcome(combination, check, databases));
				}
			});
		}
		try (OutputStream file = Files.newOutputStream(Path.of(args[0]))) {
			outcomes.store(file, null);
		}
		// A pool or a driver may have left threads.
		System.exit(0);
	}

	private static String outcome(Combination combination, CompatibilityCheck check, OrdersDatabases databases) {
		try {
			check.verify(combination, databases.of(combination.engine()));
			return PASSED;
		}
		catch (TestAbortedException ex) {
			return SKIPPED + ex.getMessage();
		}
		catch (Throwable ex) {
			StringWriter trace = new StringWriter();
			ex.printStackTrace(new PrintWriter(trace));
			return trace.toString();
		}
	}

}

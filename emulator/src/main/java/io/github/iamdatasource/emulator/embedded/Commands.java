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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs PostgreSQL's programs, which write what they have to say into one file.
 */
final class Commands {

	private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ([0-9]+)");

	/**
	 * All else is kept from PostgreSQL: secrets, as whoever may run SQL as its superuser
	 * can read them, and its own {@code PG…}, which would change what it does.
	 */
	private static final Set<String> NEEDED_VARIABLES = Set.of("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL",
			"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH");

	private static final long LONGEST_RUN_SECONDS = 120;

	private final Programs programs;

	private final Path log;

	Commands(Programs programs, Path log) {
		this.programs = programs;
		this.log = log;
	}

	/**
	 * Whether the programs can be run at all.
	 * @throws IOException if that remains unknown, as the thread was interrupted or it
	 * took too long
	 */
	boolean work() throws IOException {
		Process process;
		try {
			process = start("postgres", List.of("--version"));
		}
		catch (IOException ex) {
			// There is no such program.
			return false;
		}
		return waitFor(process) == 0;
	}

	/**
	 * Runs a program to its end.
	 * @throws IOException if it fails, with all that it wrote
	 */
	void run(String program, List<String> arguments) throws IOException {
		int exitCode = waitFor(start(program, arguments));
		if (exitCode != 0) {
			throw new IOException(program + " ended with exit code " + exitCode + ". It wrote:\n" + output());
		}
	}

	/**
	 * The major version that a program tells of itself.
	 */
	int version(String program) throws IOException {
		run(program, List.of("--version"));
		Matcher version = VERSION.matcher(output());
		if (!version.find()) {
			throw new IOException(program + " does not tell its version");
		}
		return Integer.parseInt(version.group(1));
	}

	Process start(String program, List<String> arguments) throws IOException {
		List<String> command = this.programs.command(program);
		command.addAll(arguments);
		return redirected(command, this.log).start();
	}

	String output() throws IOException {
		return Files.exists(this.log) ? Files.readString(this.log) : "nothing";
	}

	private static ProcessBuilder redirected(List<String> command, Path log) {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
		builder.environment().keySet().retainAll(NEEDED_VARIABLES);
		return builder;
	}

	private static int waitFor(Process process) throws IOException {
		try {
			if (process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
				return process.exitValue();
			}
			Processes.kill(process);
			throw new IOException("A program did not end within " + LONGEST_RUN_SECONDS + " s");
		}
		catch (InterruptedException ex) {
			Processes.kill(process);
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
	}

}

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

/**
 * Runs a server's programs, which write what they have to say into one file.
 */
final class Commands {

	/**
	 * All else is kept from the server: secrets, as whoever may run SQL as its superuser
	 * can read them, and its own, such as {@code PG…}, which would change what it does.
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
	 * @param trial arguments with which the server does nothing
	 * @throws IOException if that remains unknown, as the thread was interrupted or it
	 * took too long
	 */
	boolean work(List<String> trial) throws IOException {
		Process process;
		try {
			process = start(this.programs.server(), trial);
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
		finish(program, start(program, arguments));
	}

	/**
	 * Runs a program to its end, with a file as its input.
	 * @throws IOException if it fails, with all that it wrote
	 */
	void run(String program, List<String> arguments, Path input) throws IOException {
		finish(program, builder(program, arguments).redirectInput(input.toFile()).start());
	}

	private void finish(String program, Process process) throws IOException {
		int exitCode = waitFor(process);
		if (exitCode != 0) {
			throw new IOException(program + " ended with exit code " + exitCode + ". It wrote:\n" + output());
		}
	}

	Process start(String program, List<String> arguments) throws IOException {
		return builder(program, arguments).start();
	}

	private ProcessBuilder builder(String program, List<String> arguments) {
		List<String> command = this.programs.command(program);
		command.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()));
		builder.environment().keySet().retainAll(NEEDED_VARIABLES);
		return builder;
	}

	String output() throws IOException {
		return Files.exists(this.log) ? Files.readString(this.log) : "nothing";
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

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs PostgreSQL's programs, which write what they have to say into one file.
 */
final class Commands {

	private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ([0-9]+)");

	private static final long LONGEST_RUN_SECONDS = 120;

	private final List<String> prefix;

	private final Path programs;

	private final Path log;

	private Commands(List<String> prefix, Path programs, Path log) {
		this.prefix = prefix;
		this.programs = programs;
		this.log = log;
	}

	/**
	 * PostgreSQL refuses to run as root. In a user namespace of its own it is nobody
	 * there, yet owns what root's files are. Many containers do not allow such
	 * namespaces: there it becomes nobody, and is given its folders.
	 */
	static Commands in(Path programs, PrivateFolder folder) throws IOException {
		Path log = folder.path().resolve("postgres.log");
		Commands asMyself = new Commands(List.of(), programs, log);
		if (!folder.belongsToRoot()) {
			return asMyself;
		}
		Commands asNobodyInside = new Commands(List.of("unshare", "--user"), programs, log);
		if (asNobodyInside.work()) {
			return asNobodyInside;
		}
		PrivateFolder.giveToNobody(folder.path());
		PrivateFolder.giveToNobody(programs.getParent());
		Commands asNobody = new Commands(List.of("setpriv", "--reuid=" + PrivateFolder.NOBODY,
				"--regid=" + PrivateFolder.NOBODY, "--clear-groups"), programs, log);
		if (asNobody.work()) {
			return asNobody;
		}
		throw new IOException("PostgreSQL does not run as root, and neither 'unshare --user' nor 'setpriv --reuid' "
				+ "works here: run as an ordinary user, or use a server of your own with "
				+ "backend(PostgresBackend.server(host, port, user, password)). They wrote:\n" + asNobody.output());
	}

	private boolean work() {
		try {
			return waitFor(start("postgres", List.of("--version"))) == 0;
		}
		catch (IOException ex) {
			// There is no such program.
			return false;
		}
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
		List<String> command = new ArrayList<>(this.prefix);
		command.add(this.programs.resolve(program).toString());
		command.addAll(arguments);
		return redirected(command, this.log).start();
	}

	String output() throws IOException {
		return Files.exists(this.log) ? Files.readString(this.log) : "nothing";
	}

	private static ProcessBuilder redirected(List<String> command, Path log) {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
		builder.environment().keySet().removeIf((name) -> name.startsWith("PG"));
		return builder;
	}

	private static int waitFor(Process process) throws IOException {
		try {
			if (process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
				return process.exitValue();
			}
			process.destroyForcibly();
			throw new IOException("A program did not end within " + LONGEST_RUN_SECONDS + " s");
		}
		catch (InterruptedException ex) {
			process.destroyForcibly();
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
	}

}

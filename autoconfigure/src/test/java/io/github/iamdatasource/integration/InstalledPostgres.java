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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.opentest4j.TestAbortedException;

/**
 * The programs of a PostgreSQL with LDAP, as distributions install it: the embedded one
 * is built without. It refuses to run as root, so it is run as an ordinary user there.
 */
final class InstalledPostgres {

	/** System property with the folder of the programs, if they are to be found. */
	private static final String FOLDER = "postgres.bin";

	/** Older ones take no password of more than 1000 bytes, which many a token has. */
	private static final int OLDEST_VERSION = 14;

	private static final int NOBODY = 65534;

	/**
	 * In a user namespace of its own, where it is nobody, yet owns what root's files are.
	 */
	private static final List<String> NOBODY_INSIDE = List.of("unshare", "--user");

	/** Where such namespaces are not allowed: it has to be given its files. */
	private static final List<String> AS_NOBODY = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY,
			"--clear-groups");

	private static final Set<String> NEEDED_VARIABLES = Set.of("PATH", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH");

	private static final long LONGEST_RUN_SECONDS = 120;

	private final Path bin;

	private final List<String> prefix;

	private InstalledPostgres(Path bin, List<String> prefix) {
		this.bin = bin;
		this.prefix = prefix;
	}

	/**
	 * Finds the newest one on this machine.
	 * @throws TestAbortedException if there is none, or none that can be run
	 */
	static InstalledPostgres find() throws IOException {
		List<Path> candidates = candidates();
		for (Path bin : candidates) {
			InstalledPostgres found = new InstalledPostgres(bin, List.of());
			if (hasLdap(bin) && found.version() >= OLDEST_VERSION) {
				return found.asOrdinaryUser();
			}
		}
		throw new TestAbortedException("There is no PostgreSQL with LDAP, " + OLDEST_VERSION + " or newer, "
				+ (candidates.isEmpty() ? "on this machine" : "in " + candidates)
				+ ": install Debian's package postgresql, or name the folder of another's programs with -D" + FOLDER
				+ "=…");
	}

	private static List<Path> candidates() throws IOException {
		String configured = System.getProperty(FOLDER);
		Stream<Path> folders;
		if (configured != null) {
			folders = Stream.of(Path.of(configured));
		}
		else {
			folders = Stream.concat(debianFolders().stream(),
					Stream.of(System.getenv("PATH").split(":")).filter((folder) -> !folder.isEmpty()).map(Path::of));
		}
		return folders.filter((folder) -> Files.isExecutable(folder.resolve("postgres"))).toList();
	}

	private static List<Path> debianFolders() throws IOException {
		Path parent = Path.of("/usr/lib/postgresql");
		if (!Files.isDirectory(parent)) {
			return List.of();
		}
		try (Stream<Path> versions = Files.list(parent)) {
			return versions.filter((version) -> version.getFileName().toString().matches("[0-9]+"))
				.sorted(Comparator.comparing((version) -> -Integer.parseInt(version.getFileName().toString())))
				.map((version) -> version.resolve("bin"))
				.toList();
		}
	}

	/** The program names the library that it is linked with. */
	private static boolean hasLdap(Path bin) throws IOException {
		// Latin 1 reads any bytes.
		return Files.readString(bin.resolve("postgres"), StandardCharsets.ISO_8859_1).contains("libldap");
	}

	/** The major version, or 0 if the program does not run. */
	private int version() throws IOException {
		Process process;
		try {
			process = command(this.prefix, "postgres", List.of("--version")).start();
		}
		catch (IOException ex) {
			// There is no such program before it.
			return 0;
		}
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		Matcher version = Pattern.compile("\\(PostgreSQL\\) ([0-9]+)").matcher(output);
		return version.find() ? Integer.parseInt(version.group(1)) : 0;
	}

	private InstalledPostgres asOrdinaryUser() throws IOException {
		if (!isRoot()) {
			return this;
		}
		for (List<String> prefix : List.of(NOBODY_INSIDE, AS_NOBODY)) {
			InstalledPostgres other = new InstalledPostgres(this.bin, prefix);
			if (other.version() != 0) {
				return other;
			}
		}
		throw new TestAbortedException(
				"PostgreSQL does not run as root, and neither 'unshare --user' nor 'setpriv --reuid' works here");
	}

	private static boolean isRoot() throws IOException {
		Path mine = Files.createTempFile("mine", null);
		try {
			return Integer.valueOf(0).equals(Files.getAttribute(mine, "unix:uid"));
		}
		finally {
			Files.delete(mine);
		}
	}

	boolean has(String program) {
		return Files.isExecutable(this.bin.resolve(program));
	}

	/**
	 * What a program is started with, as the user of this process.
	 */
	ProcessBuilder command(String program, List<String> arguments) {
		return command(List.of(), program, arguments);
	}

	private ProcessBuilder command(List<String> prefix, String program, List<String> arguments) {
		List<String> command = new ArrayList<>(prefix);
		command.add(this.bin.resolve(program).toString());
		command.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().keySet().retainAll(NEEDED_VARIABLES);
		// What this machine's users have set for their own LDAP shall not matter.
		builder.environment().put("LDAPNOINIT", "1");
		return builder;
	}

	/**
	 * Runs a program to its end, as an ordinary user.
	 * @throws IOException if it fails, with all that it wrote
	 */
	void run(Path log, String program, List<String> arguments) throws IOException {
		Process process = command(this.prefix, program, arguments).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
			.start();
		try {
			if (!process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
				throw new IOException(program + " did not end within " + LONGEST_RUN_SECONDS + " s");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
		finally {
			process.destroyForcibly();
		}
		if (process.exitValue() != 0) {
			throw new IOException(
					program + " ended with exit code " + process.exitValue() + ". It wrote:\n" + Files.readString(log));
		}
	}

	/**
	 * Lets the programs read and write what is in a folder now.
	 */
	void admitTo(Path folder) throws IOException {
		if (!this.prefix.equals(AS_NOBODY)) {
			return;
		}
		Files.walkFileTree(folder, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
				return visitFile(path, attributes);
			}

			@Override
			public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
				Files.setAttribute(path, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
				return FileVisitResult.CONTINUE;
			}

		});
	}

}

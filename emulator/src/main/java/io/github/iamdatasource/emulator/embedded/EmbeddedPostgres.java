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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL server, unpacked from the class path.
 */
public final class EmbeddedPostgres extends EmbeddedServer {

	/** Its superuser. */
	public static final String ADMIN = "postgres";

	private static final SharedBinaries BINARIES = new SharedBinaries("postgres", List.of("--version"),
			PostgresBinaries::unpack);

	private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ([0-9]+)");

	private EmbeddedPostgres() throws IOException {
		super(BINARIES);
	}

	/**
	 * Starts a server.
	 * @return a server that takes logins
	 * @throws IOException if it cannot start, with what to do; nothing is left behind
	 */
	public static EmbeddedPostgres start() throws IOException {
		return start(new EmbeddedPostgres());
	}

	@Override
	public String admin() {
		return ADMIN;
	}

	@Override
	void initialise(Programs programs, Commands commands) throws IOException {
		Path passwordFile = Files.writeString(folder().resolve("password"), adminPassword());
		admit(programs);
		commands.run("initdb", initdbArguments(majorVersion(commands), passwordFile));
		Files.delete(passwordFile);
	}

	private static int majorVersion(Commands commands) throws IOException {
		commands.run("initdb", List.of("--version"));
		Matcher version = VERSION.matcher(commands.output());
		if (!version.find()) {
			throw new IOException("initdb does not tell its version");
		}
		return Integer.parseInt(version.group(1));
	}

	private List<String> initdbArguments(int majorVersion, Path passwordFile) {
		List<String> arguments = new ArrayList<>(List.of("-D", data().toString(), "-U", ADMIN, "--auth=scram-sha-256",
				"--pwfile=" + passwordFile, "--encoding=UTF8", "--locale=C", "--no-sync"));
		if (majorVersion >= 17) {
			// Knows upper and lower case of all letters, on every machine alike.
			arguments.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
		}
		return arguments;
	}

	@Override
	List<String> arguments(Programs programs, int port) {
		List<String> arguments = new ArrayList<>(List.of("-D", data().toString(), "-p", Integer.toString(port)));
		// The data need not survive a crash, and shared memory is kept with it.
		for (String setting : List.of("listen_addresses=" + HOST, "unix_socket_directories=", "max_connections=300",
				"timezone=UTC", "fsync=off", "full_page_writes=off", "synchronous_commit=off",
				"dynamic_shared_memory_type=mmap")) {
			arguments.addAll(List.of("-c", setting));
		}
		return arguments;
	}

	/**
	 * As {@code pg_ctl} does: the last line of {@code postmaster.pid} tells.
	 */
	@Override
	boolean isReady(Commands commands) throws IOException {
		try {
			List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"));
			return lines.size() >= 8 && lines.get(7).strip().equals("ready");
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	@Override
	String portTaken() {
		return "could not bind";
	}

	@Override
	void askToStop(Process server, Commands commands) {
		signal(server, "INT", commands);
		if (!Processes.waitFor(server, LONGEST_STOP)) {
			signal(server, "QUIT", commands);
		}
	}

	/**
	 * Java itself can only send SIGTERM, upon which PostgreSQL waits for its clients.
	 */
	private static void signal(Process server, String signal, Commands commands) {
		try {
			commands.run("pg_ctl", List.of("kill", signal, Long.toString(server.pid())));
		}
		catch (IOException ex) {
			server.destroy();
		}
	}

}

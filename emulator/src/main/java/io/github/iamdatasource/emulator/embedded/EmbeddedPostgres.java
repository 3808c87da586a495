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
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that lives in a private folder, listens on the loopback and asks
 * everybody for a password. It runs as a child process, and {@link #close()} leaves
 * neither process nor file behind.
 */
public final class EmbeddedPostgres implements AutoCloseable {

	/** Where it listens. */
	public static final String HOST = "127.0.0.1";

	/** Its superuser. */
	public static final String ADMIN = "postgres";

	private static final Duration LONGEST_START = Duration.ofSeconds(60);

	private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

	private static final int MOST_ATTEMPTS = 3;

	private static final Duration POLL = Duration.ofMillis(20);

	private final PrivateFolder folder;

	private int port;

	private final String adminPassword;

	private boolean acquired;

	private @Nullable Commands commands;

	private @Nullable Process process;

	private EmbeddedPostgres(PrivateFolder folder, String adminPassword) {
		this.folder = folder;
		this.adminPassword = adminPassword;
	}

	/**
	 * Starts a server.
	 * @return a server that takes logins
	 * @throws IOException if it cannot start, with what to do; nothing is left behind
	 */
	public static EmbeddedPostgres start() throws IOException {
		byte[] password = new byte[24];
		new SecureRandom().nextBytes(password);
		EmbeddedPostgres postgres = new EmbeddedPostgres(PrivateFolder.create(), HexFormat.of().formatHex(password));
		try {
			postgres.unpackAndRun();
			return postgres;
		}
		catch (IOException | RuntimeException | Error ex) {
			postgres.closeAfter(ex);
			throw ex;
		}
	}

	/**
	 * The port it listens on.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * The superuser's password.
	 * @return a random password
	 */
	public String adminPassword() {
		return this.adminPassword;
	}

	private void unpackAndRun() throws IOException {
		Programs programs = SharedBinaries.acquire();
		this.acquired = true;
		Commands postgresCommands = new Commands(programs, this.folder.path().resolve("postgres.log"));
		this.commands = postgresCommands;
		Path passwordFile = Files.writeString(this.folder.path().resolve("password"), this.adminPassword);
		programs.admitTo(this.folder);
		postgresCommands.run("initdb", initdbArguments(postgresCommands.version("initdb"), passwordFile));
		Files.delete(passwordFile);
		run(postgresCommands);
	}

	private void run(Commands postgresCommands) throws IOException {
		for (int attempt = 1; true; attempt++) {
			this.port = freePort();
			Process server = postgresCommands.start("postgres", serverArguments());
			this.process = server;
			if (becomesReady(server)) {
				return;
			}
			String output = postgresCommands.output();
			// Somebody may take the port before PostgreSQL does.
			if (attempt == MOST_ATTEMPTS || !output.contains("could not bind")) {
				throw new IOException("postgres ended with exit code " + server.exitValue() + ". It wrote:\n" + output);
			}
		}
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

	private List<String> serverArguments() {
		List<String> arguments = new ArrayList<>(List.of("-D", data().toString(), "-p", Integer.toString(this.port)));
		// The data need not survive a crash, and shared memory is kept with it.
		for (String setting : List.of("listen_addresses=" + HOST, "unix_socket_directories=", "max_connections=300",
				"timezone=UTC", "fsync=off", "full_page_writes=off", "synchronous_commit=off",
				"dynamic_shared_memory_type=mmap")) {
			arguments.addAll(List.of("-c", setting));
		}
		return arguments;
	}

	private Path data() {
		return this.folder.path().resolve("data");
	}

	/**
	 * As {@code pg_ctl} does: the last line of {@code postmaster.pid} tells.
	 * @return whether it is ready, and not at its end
	 */
	private boolean becomesReady(Process server) throws IOException {
		Path status = data().resolve("postmaster.pid");
		long deadline = System.nanoTime() + LONGEST_START.toNanos();
		while (System.nanoTime() < deadline) {
			if (tellsReady(status)) {
				return true;
			}
			if (Processes.waitFor(server, POLL)) {
				return false;
			}
		}
		throw new IOException("postgres was not ready after " + LONGEST_START.toSeconds() + " s");
	}

	private static boolean tellsReady(Path status) throws IOException {
		try {
			List<String> lines = Files.readAllLines(status);
			return lines.size() >= 8 && lines.get(7).strip().equals("ready");
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	private Commands requireCommands() {
		Commands current = this.commands;
		if (current == null) {
			throw new IllegalStateException("The server has not been unpacked");
		}
		return current;
	}

	/**
	 * Stops the server and removes its files, even if the calling thread has been
	 * interrupted.
	 */
	@Override
	public synchronized void close() {
		boolean interrupted = Thread.interrupted();
		try {
			Process server = this.process;
			if (server != null && server.isAlive()) {
				stop(server);
			}
			deleteFiles();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The embedded PostgreSQL has stopped, but its files in " + this.folder.path()
					+ " could not be removed", ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** The caller is to learn why it did not start, whatever goes wrong afterwards. */
	private void closeAfter(Throwable failure) {
		try {
			close();
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
	}

	private void deleteFiles() throws IOException {
		try {
			this.folder.delete();
		}
		finally {
			releaseBinaries();
		}
	}

	private void releaseBinaries() throws IOException {
		if (this.acquired) {
			this.acquired = false;
			SharedBinaries.release();
		}
	}

	private void stop(Process server) {
		signal(server, "INT");
		if (!Processes.waitFor(server, LONGEST_STOP)) {
			signal(server, "QUIT");
			if (!Processes.waitFor(server, LONGEST_STOP)) {
				Processes.kill(server);
			}
		}
	}

	/**
	 * Java itself can only send SIGTERM, upon which PostgreSQL waits for its clients.
	 */
	private void signal(Process server, String signal) {
		try {
			requireCommands().run("pg_ctl", List.of("kill", signal, Long.toString(server.pid())));
		}
		catch (IOException ex) {
			server.destroy();
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
			return socket.getLocalPort();
		}
	}

}

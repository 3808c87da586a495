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
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A server that lives in a private folder, listens on the loopback and asks everybody for
 * a password. It runs as a child process, and {@link #close()} leaves neither process nor
 * file behind.
 */
public abstract class EmbeddedServer implements AutoCloseable {

	/** Where it listens. */
	public static final String HOST = "127.0.0.1";

	static final Duration LONGEST_STOP = Duration.ofSeconds(10);

	private static final Duration LONGEST_START = Duration.ofSeconds(60);

	private static final int MOST_ATTEMPTS = 3;

	private static final Duration POLL = Duration.ofMillis(20);

	private final SharedBinaries binaries;

	private final PrivateFolder folder;

	private final String adminPassword;

	private int port;

	private boolean acquired;

	private @Nullable Commands commands;

	private @Nullable Process process;

	EmbeddedServer(SharedBinaries binaries) throws IOException {
		byte[] password = new byte[24];
		new SecureRandom().nextBytes(password);
		this.binaries = binaries;
		this.folder = PrivateFolder.create();
		this.adminPassword = HexFormat.of().formatHex(password);
	}

	/**
	 * Starts a server that has just been made.
	 * @return the server, which takes logins
	 * @throws IOException if it cannot start, with what to do; nothing is left behind
	 */
	static <S extends EmbeddedServer> S start(S server) throws IOException {
		EmbeddedServer starting = server;
		try {
			starting.unpackAndRun();
			return server;
		}
		catch (IOException | RuntimeException | Error ex) {
			starting.closeAfter(ex);
			throw ex;
		}
	}

	/**
	 * The port it listens on.
	 * @return the port
	 */
	public final int port() {
		return this.port;
	}

	/**
	 * The superuser.
	 * @return its name
	 */
	public abstract String admin();

	/**
	 * The superuser's password.
	 * @return a random password
	 */
	public final String adminPassword() {
		return this.adminPassword;
	}

	/**
	 * Creates the server's files, and its superuser.
	 */
	abstract void initialise(Programs programs, Commands serverCommands) throws IOException;

	/**
	 * What the server is started with.
	 */
	abstract List<String> arguments(Programs programs, int freePort);

	/**
	 * Whether the server that runs takes logins by now.
	 */
	abstract boolean isReady(Commands serverCommands) throws IOException;

	/**
	 * How the server writes that somebody else has taken its port.
	 */
	abstract String portTaken();

	/**
	 * Asks the server to stop without waiting for its clients.
	 */
	void askToStop(Process server, Commands serverCommands) {
		server.destroy();
	}

	final Path folder() {
		return this.folder.path();
	}

	final Path data() {
		return folder().resolve("data");
	}

	private void unpackAndRun() throws IOException {
		Programs programs = this.binaries.acquire();
		this.acquired = true;
		Commands serverCommands = new Commands(programs, folder().resolve(programs.server() + ".log"));
		this.commands = serverCommands;
		initialise(programs, serverCommands);
		run(programs, serverCommands);
	}

	final void admit(Programs programs) throws IOException {
		programs.admitTo(this.folder);
	}

	private void run(Programs programs, Commands serverCommands) throws IOException {
		String program = programs.server();
		for (int attempt = 1; true; attempt++) {
			this.port = freePort();
			Process server = serverCommands.start(program, arguments(programs, this.port));
			this.process = server;
			if (becomesReady(program, server, serverCommands)) {
				return;
			}
			String output = serverCommands.output();
			// Somebody may take the port before the server does.
			if (attempt == MOST_ATTEMPTS || !output.contains(portTaken())) {
				throw new IOException(
						program + " ended with exit code " + server.exitValue() + ". It wrote:\n" + output);
			}
		}
	}

	/**
	 * Waits for the server.
	 * @return whether it is ready, and not at its end
	 */
	private boolean becomesReady(String program, Process server, Commands serverCommands) throws IOException {
		long deadline = System.nanoTime() + LONGEST_START.toNanos();
		while (System.nanoTime() < deadline) {
			if (isReady(serverCommands)) {
				return true;
			}
			if (Processes.waitFor(server, POLL)) {
				return false;
			}
		}
		throw new IOException(program + " was not ready after " + LONGEST_START.toSeconds() + " s");
	}

	/**
	 * Stops the server and removes its files, even if the calling thread has been
	 * interrupted.
	 */
	@Override
	public final synchronized void close() {
		boolean interrupted = Thread.interrupted();
		try {
			Process server = this.process;
			if (server != null && server.isAlive()) {
				stop(server);
			}
			deleteFiles();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(
					"The embedded server has stopped, but its files in " + folder() + " could not be removed", ex);
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
			this.binaries.release();
		}
	}

	private void stop(Process server) {
		Commands serverCommands = this.commands;
		if (serverCommands != null) {
			askToStop(server, serverCommands);
		}
		if (!Processes.waitFor(server, LONGEST_STOP)) {
			Processes.kill(server);
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
			return socket.getLocalPort();
		}
	}

}

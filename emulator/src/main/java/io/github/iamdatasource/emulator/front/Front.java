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
package io.github.iamdatasource.emulator.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/**
 * Stands before a server, and lets clients in as a {@link LoginPolicy} says.
 */
public final class Front implements AutoCloseable {

	private static final Duration PAUSE_AFTER_FAILED_ACCEPT = Duration.ofMillis(50);

	private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

	private final ServerSocket listener;

	private final Protocol protocol;

	private final Surroundings surroundings;

	private final ScheduledThreadPoolExecutor timeouts;

	private final Set<ClientConnection> sessions = ConcurrentHashMap.newKeySet();

	private final Thread acceptor;

	private volatile boolean closed;

	private Front(ServerSocket listener, Protocol protocol, SSLContext tls, InetSocketAddress backend,
			LoginPolicy policy, Duration loginTimeout) {
		this.listener = listener;
		this.protocol = protocol;
		this.timeouts = new ScheduledThreadPoolExecutor(1, EmulatorThreads.platformThreads());
		this.timeouts.setRemoveOnCancelPolicy(true);
		this.surroundings = new Surroundings(tls, backend, policy, this.timeouts, loginTimeout);
		this.acceptor = EmulatorThreads.start(this::acceptClients);
	}

	/**
	 * Begins to take logins.
	 * @param listener a bound socket, which the front closes
	 * @param protocol what clients speak
	 * @param tls the server's certificate and key
	 * @param backend the server behind
	 * @param policy who may log in
	 * @param loginTimeout how long a client may take to log in
	 * @return the front
	 */
	public static Front open(ServerSocket listener, Protocol protocol, SSLContext tls, InetSocketAddress backend,
			LoginPolicy policy, Duration loginTimeout) {
		return new Front(listener, protocol, tls, backend, policy, loginTimeout);
	}

	private void acceptClients() {
		while (!this.closed) {
			try {
				serve(this.listener.accept());
			}
			catch (IOException | RuntimeException | Error ex) {
				// Out of file descriptors, of threads, or closed: the loop's condition
				// knows which.
				pause();
			}
		}
	}

	private void serve(Socket client) {
		ClientConnection session = new ClientConnection(client, this.surroundings, this.sessions::remove);
		this.sessions.add(session);
		if (this.closed) {
			// Whoever closes the front may have looked at the sessions already.
			session.close();
		}
		try {
			session.start(this.protocol);
		}
		catch (RuntimeException | Error ex) {
			// There is no thread that would do it.
			session.close();
			this.sessions.remove(session);
			throw ex;
		}
	}

	private void pause() {
		if (!this.closed) {
			try {
				Thread.sleep(PAUSE_AFTER_FAILED_ACCEPT.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Stops listening, closes all connections, and waits until their threads have ended,
	 * even if the calling thread has been interrupted.
	 */
	@Override
	public void close() {
		this.closed = true;
		boolean interrupted = Thread.interrupted();
		try {
			this.listener.close();
			long deadline = System.nanoTime() + LONGEST_CLOSE.toNanos();
			join(this.acceptor, deadline);
			Set<ClientConnection> remaining = Set.copyOf(this.sessions);
			remaining.forEach(ClientConnection::close);
			for (ClientConnection session : remaining) {
				for (Thread thread : session.threads()) {
					join(thread, deadline);
				}
			}
			this.timeouts.shutdownNow();
			this.timeouts.awaitTermination(LONGEST_CLOSE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The emulator could not stop listening", ex);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		finally {
			this.sessions.forEach(ClientConnection::close);
			this.timeouts.shutdownNow();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private static void join(Thread thread, long deadline) throws InterruptedException {
		long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
		thread.join(Math.max(1, millis));
	}

}

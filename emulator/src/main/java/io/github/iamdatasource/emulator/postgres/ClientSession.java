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
package io.github.iamdatasource.emulator.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * One client from its first byte to its last.
 */
final class ClientSession {

	/** PostgreSQL's own limit for what a client may send to authenticate. */
	private static final int LONGEST_PASSWORD = 65535;

	private final Socket socket;

	private final Surroundings surroundings;

	private final Consumer<ClientSession> whenOver;

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private volatile @Nullable Socket backend;

	private volatile boolean closed;

	ClientSession(Socket socket, Surroundings surroundings, Consumer<ClientSession> whenOver) {
		this.socket = socket;
		this.surroundings = surroundings;
		this.whenOver = whenOver;
	}

	void start() {
		this.threads.add(EmulatorThreads.start(this::run));
	}

	List<Thread> threads() {
		return this.threads;
	}

	private void run() {
		Future<?> timeout = null;
		try {
			timeout = this.surroundings.timeouts()
				.schedule(this::close, this.surroundings.loginTimeout().toMillis(), TimeUnit.MILLISECONDS);
			this.socket.setTcpNoDelay(true);
			this.socket.setKeepAlive(true);
			Greeting greeting = Greeting.exchange(this.socket, this.surroundings.tls());
			if (greeting.packet().code() == StartupPacket.CANCEL_REQUEST) {
				forwardCancelRequest(greeting.packet());
			}
			else if (login(greeting)) {
				timeout.cancel(false);
				pipe(greeting.channel());
			}
		}
		catch (IOException | RejectedExecutionException ex) {
			// The client went away, does not speak PostgreSQL, or comes as the emulator
			// is closed: there is nobody to tell.
		}
		finally {
			if (timeout != null) {
				timeout.cancel(false);
			}
			close();
			this.whenOver.accept(this);
		}
	}

	private void forwardCancelRequest(StartupPacket packet) throws IOException {
		Socket server = connectToBackend();
		server.getOutputStream().write(packet.bytes());
		// The server answers by closing, once the request has taken effect.
		server.getInputStream().transferTo(OutputStream.nullOutputStream());
	}

	private boolean login(Greeting greeting) throws IOException {
		Socket client = greeting.channel();
		StartupPacket packet = greeting.packet();
		if (packet.majorVersion() != 3) {
			return refuse(client, "0A000", "unsupported frontend protocol " + packet.majorVersion() + "."
					+ packet.minorVersion() + ": server supports 3.0 to 3.2");
		}
		Map<String, String> parameters = packet.parameters();
		String user = parameters.getOrDefault("user", "");
		if (user.isEmpty()) {
			return refuse(client, "28000", "no PostgreSQL user name specified in startup packet");
		}
		LoginPolicy policy = this.surroundings.policy();
		if (!greeting.encrypted()) {
			policy.refusedPlaintext(user);
			return refuse(client, "28000",
					"no pg_hba.conf entry for host \"" + this.socket.getInetAddress().getHostAddress() + "\", user \""
							+ user + "\", database \"" + parameters.getOrDefault("database", user)
							+ "\", no encryption");
		}
		client.getOutputStream().write(Message.authenticationCleartextPassword().toBytes());
		if (!policy.accepts(user, readPassword(client.getInputStream()))) {
			return refuse(client, "28000", "PAM authentication failed for user \"" + user + "\"");
		}
		return loginBehind(packet, user, policy.passwordBehind(user), client);
	}

	private static String readPassword(InputStream fromClient) throws IOException {
		Message message = Message.read(fromClient, LONGEST_PASSWORD);
		byte[] body = message.body();
		if (message.type() != Message.PASSWORD || body.length == 0 || body[body.length - 1] != 0) {
			throw new ProtocolException("Something else than a password");
		}
		return new String(body, 0, body.length - 1, StandardCharsets.UTF_8);
	}

	private boolean loginBehind(StartupPacket packet, String user, String password, Socket client) throws IOException {
		try {
			Socket server = connectToBackend();
			return new BackendLogin(server.getInputStream(), server.getOutputStream(), client.getOutputStream())
				.login(packet, user, password);
		}
		catch (ProtocolException ex) {
			return refuse(client, "XX000", ex.explanation());
		}
		catch (IOException ex) {
			return refuse(client, "57P03", "the server behind the emulator does not answer");
		}
	}

	private static boolean refuse(Socket client, String sqlState, String message) throws IOException {
		client.getOutputStream().write(Message.fatal(sqlState, message).toBytes());
		client.shutdownOutput();
		return false;
	}

	private Socket connectToBackend() throws IOException {
		Socket server = new Socket();
		this.backend = server;
		if (this.closed) {
			close();
		}
		server.connect(this.surroundings.backend(), Math.toIntExact(this.surroundings.loginTimeout().toMillis()));
		server.setTcpNoDelay(true);
		server.setKeepAlive(true);
		return server;
	}

	private void pipe(Socket client) {
		Socket server = this.backend;
		if (server == null) {
			return;
		}
		Thread answers = EmulatorThreads.start(() -> copyAnswers(server, client));
		this.threads.add(answers);
		try {
			client.getInputStream().transferTo(server.getOutputStream());
			// The client has no more to say, but may still be listening.
			server.shutdownOutput();
		}
		catch (IOException ex) {
			close();
		}
		try {
			answers.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void copyAnswers(Socket server, Socket client) {
		try {
			server.getInputStream().transferTo(client.getOutputStream());
			client.shutdownOutput();
		}
		catch (IOException ex) {
			// Either side is gone, and the other need not stay.
		}
		finally {
			close();
		}
	}

	/**
	 * Ends the session at once. The sockets below TLS are closed, because closing TLS
	 * itself waits for a thread that writes to a client who does not read.
	 */
	void close() {
		this.closed = true;
		closeQuietly(this.socket);
		Socket server = this.backend;
		if (server != null) {
			closeQuietly(server);
		}
	}

	private static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// It is of no more use either way.
		}
	}

	/**
	 * What all sessions share.
	 *
	 * @param tls how to speak TLS
	 * @param backend the server behind
	 * @param policy who may log in
	 * @param timeouts closes clients that take too long
	 * @param loginTimeout how long is too long
	 */
	record Surroundings(TlsUpgrade tls, InetSocketAddress backend, LoginPolicy policy,
			ScheduledExecutorService timeouts, Duration loginTimeout) {
	}

}

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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * One client, and its connection to the server behind.
 */
public final class ClientConnection {

	private final Socket socket;

	private final Surroundings surroundings;

	private final Consumer<ClientConnection> whenOver;

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private volatile @Nullable Future<?> timeout;

	private volatile @Nullable Socket backend;

	private volatile boolean closed;

	ClientConnection(Socket socket, Surroundings surroundings, Consumer<ClientConnection> whenOver) {
		this.socket = socket;
		this.surroundings = surroundings;
		this.whenOver = whenOver;
	}

	void start(Protocol protocol) {
		this.threads.add(EmulatorThreads.start(() -> run(protocol)));
	}

	List<Thread> threads() {
		return this.threads;
	}

	private void run(Protocol protocol) {
		try {
			this.timeout = this.surroundings.timeouts()
				.schedule(this::close, this.surroundings.loginTimeout().toMillis(), TimeUnit.MILLISECONDS);
			this.socket.setTcpNoDelay(true);
			this.socket.setKeepAlive(true);
			protocol.serve(this);
		}
		catch (IOException | RejectedExecutionException ex) {
			// The client went away, does not speak the protocol, or comes as the
			// emulator is closed: there is nobody to tell.
		}
		finally {
			loggedIn();
			close();
			this.whenOver.accept(this);
		}
	}

	/**
	 * The connection as the client opened it.
	 * @return the socket below TLS
	 */
	public Socket socket() {
		return this.socket;
	}

	/**
	 * Who may log in.
	 * @return the policy
	 */
	public LoginPolicy policy() {
		return this.surroundings.policy();
	}

	/**
	 * Puts TLS on the connection.
	 * @param alreadyRead what has been read of the handshake
	 * @param applicationProtocols what may be agreed upon by ALPN; a client need not ask
	 * @return the encrypted channel
	 * @throws IOException if the handshake fails
	 */
	public SSLSocket encrypt(byte[] alreadyRead, String... applicationProtocols) throws IOException {
		SSLSocket encrypted = (SSLSocket) this.surroundings.tls()
			.getSocketFactory()
			.createSocket(this.socket, new ByteArrayInputStream(alreadyRead), true);
		SSLParameters parameters = encrypted.getSSLParameters();
		parameters.setProtocols(new String[] { "TLSv1.3", "TLSv1.2" });
		parameters.setApplicationProtocols(applicationProtocols);
		encrypted.setSSLParameters(parameters);
		encrypted.setUseClientMode(false);
		encrypted.startHandshake();
		return encrypted;
	}

	/**
	 * Connects to the server behind.
	 * @return a connection that ends with the client's
	 * @throws IOException if the server does not answer
	 */
	public Socket connectToBackend() throws IOException {
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

	/**
	 * From now on the client may take its time.
	 */
	public void loggedIn() {
		Future<?> current = this.timeout;
		if (current != null) {
			current.cancel(false);
		}
	}

	/**
	 * Copies in both directions until either side goes away.
	 * @param client the client's end
	 * @param server the server's end
	 * @param requests copies from the client to the server
	 * @param answers copies from the server to the client, in a thread of its own
	 */
	public void pipe(Socket client, Socket server, Copier requests, Copier answers) {
		Thread answering = EmulatorThreads.start(() -> copyAnswers(server, client, answers));
		this.threads.add(answering);
		try {
			requests.copy(client.getInputStream(), server.getOutputStream());
			// The client has no more to say, but may still be listening.
			server.shutdownOutput();
		}
		catch (IOException ex) {
			close();
		}
		try {
			answering.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void copyAnswers(Socket server, Socket client, Copier answers) {
		try {
			answers.copy(server.getInputStream(), client.getOutputStream());
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
	 * Copies from one side to the other until there is no more.
	 */
	@FunctionalInterface
	public interface Copier {

		/**
		 * Copies.
		 * @param from where to read
		 * @param to where to write
		 * @throws IOException if either side goes away
		 */
		void copy(InputStream from, OutputStream to) throws IOException;

	}

}

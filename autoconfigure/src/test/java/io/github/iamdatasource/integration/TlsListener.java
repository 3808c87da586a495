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

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Speaks just enough of a database's protocol to get to TLS, and to refuse the login that
 * follows. Records what it is shown and sent.
 */
final class TlsListener implements AutoCloseable {

	private static final int PATIENCE_MILLIS = 10_000;

	private final ServerSocket server;

	private final Protocol protocol;

	private final @Nullable SSLContext tls;

	private final boolean wantsClientCertificate;

	private final String refusal;

	private final BlockingQueue<Visit> visits = new LinkedBlockingQueue<>();

	private final Thread thread;

	private TlsListener(Protocol protocol, @Nullable SSLContext tls, boolean wantsClientCertificate, String refusal)
			throws IOException {
		this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		this.protocol = protocol;
		this.tls = tls;
		this.wantsClientCertificate = wantsClientCertificate;
		this.refusal = refusal;
		this.thread = new Thread(this::serve, "tls-listener");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * A server that has no TLS.
	 */
	static TlsListener withoutTls(Protocol protocol) throws IOException {
		return new TlsListener(protocol, null, false, "");
	}

	/**
	 * A server that refuses logins once they are encrypted.
	 * @param refusal what it says to SQL state 28000
	 */
	static TlsListener refusing(Protocol protocol, SSLContext tls, String refusal) throws IOException {
		return new TlsListener(protocol, tls, false, refusal);
	}

	/**
	 * A server that wants a certificate of the client.
	 */
	static TlsListener wantingCertificates(Protocol protocol, SSLContext tls) throws IOException {
		return new TlsListener(protocol, tls, true, "refused by the test");
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Return the next connection, when it has ended.
	 */
	Visit visit() throws InterruptedException {
		Visit visit = this.visits.poll(2 * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
		assertThat(visit).as("connection to the listener").isNotNull();
		return visit;
	}

	boolean hasVisits() {
		return !this.visits.isEmpty();
	}

	private void serve() {
		while (!this.server.isClosed()) {
			try (Socket socket = this.server.accept()) {
				socket.setSoTimeout(PATIENCE_MILLIS);
				this.visits.add(serve(socket));
			}
			catch (IOException ex) {
				if (!this.server.isClosed()) {
					throw new UncheckedIOException(ex);
				}
			}
		}
	}

	private Visit serve(Socket socket) {
		ByteArrayOutputStream plain = new ByteArrayOutputStream();
		ByteArrayOutputStream encrypted = new ByteArrayOutputStream();
		SSLSession session = null;
		String failure = null;
		try {
			this.protocol.askForTls(socket, this.tls != null, plain);
			if (this.tls == null) {
				plain.write(socket.getInputStream().readAllBytes());
			}
			else {
				SSLSocket secure = (SSLSocket) this.tls.getSocketFactory().createSocket(socket, null, port(), false);
				secure.setUseClientMode(false);
				secure.setNeedClientAuth(this.wantsClientCertificate);
				secure.startHandshake();
				session = secure.getSession();
				this.protocol.refuse(secure, this.refusal, encrypted);
				secure.close();
			}
		}
		catch (IOException ex) {
			failure = ex.toString();
		}
		return new Visit(session, failure, plain.toString(StandardCharsets.ISO_8859_1),
				encrypted.toString(StandardCharsets.ISO_8859_1));
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * One connection.
	 *
	 * @param session the TLS session, or {@code null} if there was none
	 * @param failure why it ended too early, if it did
	 * @param plain what the client sent before TLS
	 * @param encrypted what it sent in TLS
	 */
	record Visit(@Nullable SSLSession session, @Nullable String failure, String plain, String encrypted) {

		/** The name in the client's certificate. */
		@Nullable String clientName() throws SSLPeerUnverifiedException {
			return (this.session != null) ? this.session.getPeerPrincipal().getName() : null;
		}

		boolean hasToken() {
			return (this.plain + this.encrypted).contains("X-Amz-Signature");
		}

	}

	/**
	 * How clients and servers come to TLS.
	 */
	enum Protocol {

		/** PostgreSQL's. */
		POSTGRESQL {

			@Override
			void askForTls(Socket socket, boolean tls, OutputStream sent) throws IOException {
				sent.write(socket.getInputStream().readNBytes(8));
				socket.getOutputStream().write(tls ? 'S' : 'N');
			}

			@Override
			void refuse(Socket socket, String message, OutputStream sent) throws IOException {
				DataInputStream in = new DataInputStream(socket.getInputStream());
				sent.write(in.readNBytes(in.readInt() - 4));
				byte[] fields = ("SFATAL\0VFATAL\0C28000\0M" + message + "\0\0").getBytes(StandardCharsets.UTF_8);
				DataOutputStream out = new DataOutputStream(socket.getOutputStream());
				out.write('E');
				out.writeInt(4 + fields.length);
				out.write(fields);
				out.flush();
			}

		},

		/** PostgreSQL's, of a server that lets everybody in. */
		TRUSTING_POSTGRESQL {

			@Override
			void askForTls(Socket socket, boolean tls, OutputStream sent) throws IOException {
				POSTGRESQL.askForTls(socket, tls, sent);
			}

			@Override
			void refuse(Socket socket, String message, OutputStream sent) throws IOException {
				DataInputStream in = new DataInputStream(socket.getInputStream());
				sent.write(in.readNBytes(in.readInt() - 4));
				DataOutputStream out = new DataOutputStream(socket.getOutputStream());
				message(out, 'R', "\0\0\0\0");
				for (String parameter : new String[] { "server_version\00018.0\0", "client_encoding\0UTF8\0",
						"server_encoding\0UTF8\0", "DateStyle\0ISO, MDY\0", "integer_datetimes\0on\0",
						"standard_conforming_strings\0on\0", "TimeZone\0UTC\0" }) {
					message(out, 'S', parameter);
				}
				message(out, 'Z', "I");
				out.flush();
				sent.write(in.readAllBytes());
			}

			private static void message(DataOutputStream out, char type, String payload) throws IOException {
				out.write(type);
				out.writeInt(4 + payload.length());
				out.writeBytes(payload);
			}

		},

		/** MySQL's and MariaDB's. */
		MYSQL {

			private static final int CAPABILITIES = 0x010AA20F;

			private static final int TLS = 0x800;

			@Override
			void askForTls(Socket socket, boolean tls, OutputStream sent) throws IOException {
				int capabilities = tls ? CAPABILITIES | TLS : CAPABILITIES;
				ByteArrayOutputStream greeting = new ByteArrayOutputStream();
				greeting.write(10);
				greeting.writeBytes("8.0.36\0\1\0\0\0saltsalt\0".getBytes(StandardCharsets.US_ASCII));
				greeting.writeBytes(new byte[] { (byte) capabilities, (byte) (capabilities >> 8), 45, 2, 0,
						(byte) (capabilities >> 16), (byte) (capabilities >> 24), 21 });
				greeting.writeBytes(new byte[10]);
				greeting.writeBytes("saltsaltsalt\0mysql_native_password\0".getBytes(StandardCharsets.US_ASCII));
				send(socket, 0, greeting.toByteArray());
				if (tls) {
					receive(socket, sent);
				}
			}

			@Override
			void refuse(Socket socket, String message, OutputStream sent) throws IOException {
				int sequence = receive(socket, sent);
				ByteArrayOutputStream error = new ByteArrayOutputStream();
				error.writeBytes(new byte[] { (byte) 0xff, 0x15, 0x04 });
				error.writeBytes(("#28000" + message).getBytes(StandardCharsets.UTF_8));
				send(socket, sequence + 1, error.toByteArray());
			}

			private static void send(Socket socket, int sequence, byte[] payload) throws IOException {
				ByteArrayOutputStream packet = new ByteArrayOutputStream();
				packet
					.writeBytes(new byte[] { (byte) payload.length, (byte) (payload.length >> 8), 0, (byte) sequence });
				packet.writeBytes(payload);
				socket.getOutputStream().write(packet.toByteArray());
				socket.getOutputStream().flush();
			}

			private static int receive(Socket socket, OutputStream sent) throws IOException {
				byte[] header = socket.getInputStream().readNBytes(4);
				if (header.length < 4) {
					throw new IOException("The client has gone");
				}
				int length = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
				sent.write(socket.getInputStream().readNBytes(length));
				return header[3];
			}

		};

		/**
		 * Have a client begin with TLS, or tell it that there is none.
		 */
		abstract void askForTls(Socket socket, boolean tls, OutputStream sent) throws IOException;

		/**
		 * Refuse a login, once it has begun, with SQL state 28000.
		 */
		abstract void refuse(Socket socket, String message, OutputStream sent) throws IOException;

	}

}

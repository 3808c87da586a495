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
package io.github.iamdatasource.emulator;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Says to the emulator what no driver would say.
 */
final class RawClient implements AutoCloseable {

	static final int CANCEL_REQUEST = 80877102;

	static final int SSL_REQUEST = 80877103;

	static final int GSSENC_REQUEST = 80877104;

	private Socket socket;

	RawClient(RdsIamEmulator emulator) throws IOException {
		this.socket = new Socket("127.0.0.1", emulator.port());
		this.socket.setSoTimeout(20_000);
	}

	Socket socket() {
		return this.socket;
	}

	RawClient send(int... bytes) throws IOException {
		byte[] raw = new byte[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			raw[i] = (byte) bytes[i];
		}
		return send(raw);
	}

	RawClient send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		this.socket.getOutputStream().flush();
		return this;
	}

	RawClient sendInts(int... numbers) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream data = new DataOutputStream(bytes);
		for (int number : numbers) {
			data.writeInt(number);
		}
		return send(bytes.toByteArray());
	}

	RawClient sendRequest(int code) throws IOException {
		return sendInts(8, code);
	}

	RawClient sendStartup(int version, String... parameters) throws IOException {
		byte[] text = (String.join("\0", parameters) + "\0\0").getBytes(StandardCharsets.UTF_8);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream data = new DataOutputStream(bytes);
		data.writeInt(8 + text.length);
		data.writeInt(version);
		data.write(text);
		return send(bytes.toByteArray());
	}

	RawClient sendMessage(char type, byte[] body) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream data = new DataOutputStream(bytes);
		data.write(type);
		data.writeInt(4 + body.length);
		data.write(body);
		return send(bytes.toByteArray());
	}

	RawClient sendText(char type, String text) throws IOException {
		return sendMessage(type, (text + "\0").getBytes(StandardCharsets.UTF_8));
	}

	RawClient startTls(String... applicationProtocols) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { new TrustingManager() }, null);
		SSLSocket encrypted = (SSLSocket) context.getSocketFactory()
			.createSocket(this.socket, "127.0.0.1", this.socket.getPort(), true);
		SSLParameters parameters = encrypted.getSSLParameters();
		parameters.setApplicationProtocols(applicationProtocols);
		encrypted.setSSLParameters(parameters);
		encrypted.startHandshake();
		this.socket = encrypted;
		return this;
	}

	/** SSLRequest, TLS, StartupMessage; the next message asks for the password. */
	RawClient sendStartupOverTls(String... parameters) throws Exception {
		sendRequest(SSL_REQUEST);
		if (read() != 'S') {
			throw new AssertionError("No TLS");
		}
		return startTls().sendStartup(3 << 16, parameters);
	}

	int read() throws IOException {
		return this.socket.getInputStream().read();
	}

	/** A message's type, and its body with a line break for each NUL. */
	String readMessage() throws IOException {
		DataInputStream data = new DataInputStream(this.socket.getInputStream());
		char type = (char) data.readUnsignedByte();
		byte[] body = new byte[data.readInt() - 4];
		data.readFully(body);
		return type + new String(body, StandardCharsets.UTF_8).replace('\0', '\n');
	}

	byte[] readMessage(char wanted) throws IOException {
		DataInputStream data = new DataInputStream(this.socket.getInputStream());
		while (true) {
			char type = (char) data.readUnsignedByte();
			byte[] body = new byte[data.readInt() - 4];
			data.readFully(body);
			if (type == wanted) {
				return body;
			}
			if (type == 'E') {
				throw new AssertionError("Instead of " + wanted + ": " + new String(body, StandardCharsets.UTF_8));
			}
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private static final class TrustingManager implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}

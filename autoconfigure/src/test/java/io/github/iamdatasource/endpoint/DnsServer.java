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
package io.github.iamdatasource.endpoint;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A DNS server on a port of its own that knows aliases, and can be made to fail.
 */
public final class DnsServer implements AutoCloseable {

	private static final int CNAME = 5;

	private static final int INTERNET = 1;

	private final Map<String, List<String>> aliases = new ConcurrentHashMap<>();

	private final AtomicInteger questions = new AtomicInteger();

	private final DatagramSocket socket;

	private final Thread thread;

	private volatile Mood mood = Mood.GOOD;

	public DnsServer() {
		try {
			this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.thread = new Thread(this::serve, "dns-server");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	public InetSocketAddress address() {
		return (InetSocketAddress) this.socket.getLocalSocketAddress();
	}

	/**
	 * Let a name be an alias.
	 * @param name the name
	 * @param chain what it is an alias of, and, to be told in the same answer, what that
	 * is an alias of, and so on. Nothing if the name has an address and is no alias
	 * @return this server
	 */
	public DnsServer knows(String name, String... chain) {
		this.aliases.put(name, List.of(chain));
		return this;
	}

	/**
	 * Let the first name be an alias of the second, that of the third, and so on.
	 * @param names at least two names
	 * @return this server
	 */
	public DnsServer knowsChain(List<String> names) {
		for (int i = 1; i < names.size(); i++) {
			knows(names.get(i - 1), names.get(i));
		}
		return this;
	}

	public void forget(String name) {
		this.aliases.remove(name);
	}

	public void be(Mood newMood) {
		this.mood = newMood;
	}

	/** Questions that were asked, those without an answer included. */
	public int questions() {
		return this.questions.get();
	}

	@Override
	public void close() {
		this.socket.close();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void serve() {
		byte[] buffer = new byte[512];
		while (!this.socket.isClosed()) {
			try {
				DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
				this.socket.receive(packet);
				this.questions.incrementAndGet();
				if (this.mood != Mood.SILENT) {
					byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()));
					this.socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
				}
			}
			catch (IOException ex) {
				if (!this.socket.isClosed()) {
					throw new UncheckedIOException(ex);
				}
			}
		}
	}

	/** As RFC 1035 has it, section 4. */
	private byte[] answer(ByteBuffer question) throws IOException {
		short id = question.getShort();
		question.position(12);
		String name = name(question);
		short type = question.getShort();
		List<String> chain = this.aliases.get(name);
		int answers = (this.mood == Mood.GOOD && chain != null && type == CNAME) ? chain.size() : 0;
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream output = new DataOutputStream(bytes);
		output.writeShort(id);
		output.writeShort(0x8180 | ((this.mood == Mood.GOOD && chain == null) ? 3 : this.mood.responseCode));
		output.writeShort(1);
		output.writeShort(answers);
		output.writeInt(0);
		writeName(output, name);
		output.writeShort(type);
		output.writeShort(INTERNET);
		String owner = name;
		for (int i = 0; i < answers; i++) {
			writeName(output, owner);
			output.writeShort(CNAME);
			output.writeShort(INTERNET);
			output.writeInt(5);
			owner = chain.get(i);
			output.writeShort(owner.replaceFirst("\\.$", "").length() + 2);
			writeName(output, owner);
		}
		return bytes.toByteArray();
	}

	private static String name(ByteBuffer question) {
		StringBuilder name = new StringBuilder();
		for (int length = question.get(); length != 0; length = question.get()) {
			byte[] label = new byte[length];
			question.get(label);
			name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
		}
		return name.toString().toLowerCase(Locale.ROOT);
	}

	private static void writeName(DataOutputStream output, String name) throws IOException {
		for (String label : name.split("\\.")) {
			output.writeByte(label.length());
			output.writeBytes(label);
		}
		output.writeByte(0);
	}

	/**
	 * How the server treats its callers.
	 */
	public enum Mood {

		/** It answers. */
		GOOD(0),

		/** It says that it failed. */
		FAILING(2),

		/** It refuses to answer. */
		REFUSING(5),

		/** It says nothing. */
		SILENT(0);

		private final int responseCode;

		Mood(int responseCode) {
			this.responseCode = responseCode;
		}

	}

}

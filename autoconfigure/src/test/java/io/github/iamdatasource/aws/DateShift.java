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
package io.github.iamdatasource.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes requests on to an HTTP server and tells another time in the answers, which the
 * JDK's server does not let its user do. One request for each connection.
 */
final class DateShift implements AutoCloseable {

	private final ServerSocket listener;

	private final int port;

	private final Clock clock;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private DateShift(ServerSocket listener, int port, Clock clock) {
		this.listener = listener;
		this.port = port;
		this.clock = clock;
	}

	static DateShift start(int port, Clock clock) {
		try {
			DateShift shift = new DateShift(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port, clock);
			inBackground(shift::listen);
			return shift;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	URI endpoint() {
		return URI.create("http://127.0.0.1:" + this.listener.getLocalPort());
	}

	private void listen() {
		while (true) {
			try {
				Socket client = this.listener.accept();
				this.open.add(client);
				inBackground(() -> serve(client));
			}
			catch (IOException ex) {
				// Closed.
				return;
			}
		}
	}

	private void serve(Socket client) {
		try (client; Socket server = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			this.open.add(server);
			inBackground(() -> copy(client, server));
			String head = head(server.getInputStream());
			if (!head.isEmpty()) {
				String date = DateTimeFormatter.RFC_1123_DATE_TIME
					.format(ZonedDateTime.ofInstant(this.clock.instant(), ZoneOffset.UTC));
				client.getOutputStream()
					.write(head.replaceFirst("(?im)^Date: ?.*$", "Date: " + date)
						.replaceFirst("\r\n", "\r\nConnection: close\r\n")
						.getBytes(StandardCharsets.ISO_8859_1));
				client.getOutputStream().write(server.getInputStream().readNBytes(contentLength(head)));
			}
		}
		catch (IOException ex) {
			// One of the two is gone.
		}
	}

	private static void copy(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// The answer has been sent.
		}
	}

	private static String head(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			if (next < 0) {
				return "";
			}
			head.append((char) next);
		}
		return head.toString();
	}

	private static int contentLength(String head) {
		return head.lines()
			.filter((line) -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
			.mapToInt((line) -> Integer.parseInt(line.substring("content-length:".length()).strip()))
			.findFirst()
			.orElse(0);
	}

	private static void inBackground(Runnable task) {
		Thread thread = new Thread(task, "date-shift");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.listener.close();
			for (Socket socket : this.open) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

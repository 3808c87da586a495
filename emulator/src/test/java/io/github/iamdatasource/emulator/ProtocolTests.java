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

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What clients say that are not drivers, or not friendly.
 */
@ExtendWith(SharedRds.class)
class ProtocolTests {

	@Test
	void gssEncryptionIsDeclinedAndTlsStillPossible(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendRequest(RawClient.GSSENC_REQUEST);
			assertThat(client.read()).isEqualTo('N');
			client.sendStartupOverTls("user", "app");
			assertThat(client.readMessage()).startsWith("R");
		}
	}

	@Test
	void cleartextPasswordIsAskedForOnlyInsideTls(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendStartupOverTls("user", "app", "database", "orders");
			assertThat(client.readMessage('R')).containsExactly(0, 0, 0, 3);
		}
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendStartup(3 << 16, "user", "app", "database", "orders");
			assertThat(client.readMessage()).isEqualTo("ESFATAL\nVFATAL\nC28000\nMno pg_hba.conf entry for host "
					+ "\"127.0.0.1\", user \"app\", database \"orders\", no encryption\n\n");
			assertThat(client.read()).isEqualTo(-1);
		}
	}

	@Test
	void secondRequestForTlsIsRefused(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendRequest(RawClient.SSL_REQUEST);
			assertThat(client.read()).isEqualTo('S');
			client.startTls().sendRequest(RawClient.SSL_REQUEST);
			assertThat(client.readMessage()).contains("C0A000", "unsupported frontend protocol 1234.5679");
		}
	}

	@Test
	void oldProtocolIsRefused(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendStartup(2 << 16, "user", "app");
			assertThat(client.readMessage()).contains("C0A000", "unsupported frontend protocol 2.0");
		}
	}

	@Test
	void newerProtocolIsNegotiatedByTheServerBehind(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendRequest(RawClient.SSL_REQUEST);
			assertThat(client.read()).isEqualTo('S');
			client.startTls().sendStartup((3 << 16) | 9, "user", "app", "database", "orders", "_pq_.new", "1");
			client.readMessage('R');
			byte[] offer = client.sendText('p', rds.token("app")).readMessage('v');
			assertThat(new String(offer)).contains("_pq_.new");
			client.readMessage('Z');
		}
	}

	@Test
	void missingUserIsRefused(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendStartupOverTls("database", "orders");
			assertThat(client.readMessage()).contains("C28000", "no PostgreSQL user name specified");
		}
	}

	@Test
	void otherMessageThanAPasswordEndsTheConnection(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendStartupOverTls("user", "app", "database", "orders").readMessage('R');
			client.sendText('Q', "SELECT 1");
			assertThat(readToTheEnd(client)).isZero();
		}
	}

	@Test
	void endlessPasswordEndsTheConnection(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendStartupOverTls("user", "app", "database", "orders").readMessage('R');
			client.send('p', 0x7F, 0xFF, 0xFF, 0xFF);
			assertThat(readToTheEnd(client)).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET / HTTP/1.1\r\n\r\n", "\0\0\0\7", "\0\0\0\10\0\0\0\0", "\0\0\47\21aaaa",
			"\0\0\0\12\0\3\0\0ab", "\0\0\0\15\0\3\0\0user\0" })
	void garbageEndsTheConnection(String garbage, Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.send(garbage.getBytes("ISO-8859-1"));
			client.socket().shutdownOutput();
			readToTheEnd(client);
		}
		assertOthersLogIn(rds);
	}

	@Test
	void randomBytesHarmNobody(Rds rds) throws Exception {
		Random random = new Random(42);
		for (int i = 0; i < 50; i++) {
			try (RawClient client = new RawClient(rds.emulator())) {
				byte[] bytes = new byte[random.nextInt(2000)];
				random.nextBytes(bytes);
				if (bytes.length > 2 && i % 2 == 0) {
					// Looks like a startup packet, or like TLS.
					bytes[0] = (byte) ((i % 4 == 0) ? 0 : 0x16);
					bytes[1] = 0;
				}
				client.send(bytes);
				client.socket().shutdownOutput();
				readToTheEnd(client);
			}
		}
		assertOthersLogIn(rds);
	}

	@Test
	void slowClientsHarmNobody(Rds rds) throws Exception {
		List<RawClient> clients = new ArrayList<>();
		try {
			for (int i = 0; i < 30; i++) {
				RawClient client = new RawClient(rds.emulator());
				clients.add(client);
				switch (i % 4) {
					case 0 -> client.send(0, 0);
					case 1 -> client.send(0x16, 3, 1);
					case 2 -> client.sendRequest(RawClient.SSL_REQUEST);
					default -> client.sendStartupOverTls("user", "app");
				}
			}
			assertOthersLogIn(rds);
		}
		finally {
			for (RawClient client : clients) {
				client.close();
			}
		}
	}

	@Test
	void clientThatDoesNotReadHarmsNobody(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendStartupOverTls("user", "app", "database", "orders").readMessage('R');
			client.sendText('p', rds.token("app")).readMessage('Z');
			client.sendText('Q', "SELECT repeat('x', 1000) FROM generate_series(1, 1000000) -- never read");
			try (Connection observer = rds.connect("app")) {
				// The server waits for the front, and the front for the client.
				await().atMost(Duration.ofSeconds(20))
					.until(() -> LoginTests
						.query(observer,
								"SELECT count(*) FROM pg_stat_activity"
										+ " WHERE wait_event = 'ClientWrite' AND query LIKE '%never read'")
						.equals("1"));
			}
			assertOthersLogIn(rds);
		}
	}

	private static void assertOthersLogIn(Rds rds) throws Exception {
		try (Connection connection = rds.connect("app")) {
			assertThat(LoginTests.query(connection, "SELECT 1")).isEqualTo("1");
		}
	}

	/** A connection with unread data may end with a reset instead of an end. */
	private static int readToTheEnd(RawClient client) {
		int bytes = 0;
		try {
			while (client.read() >= 0) {
				bytes++;
			}
		}
		catch (SocketTimeoutException ex) {
			throw new AssertionError("The connection was not closed", ex);
		}
		catch (IOException ex) {
			// Reset.
		}
		return bytes;
	}

}

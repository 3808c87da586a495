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
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What clients say that are not drivers, or not friendly.
 */
@ExtendWith(SharedRds.class)
@SharedRds.With(Engine.MARIADB)
class MySqlProtocolTests {

	private static final int COMPRESS = 1 << 5;

	private static final int COMPRESS_ZSTD = 1 << 26;

	private static final String NATIVE = "mysql_native_password";

	private static final String CLEAR = "mysql_clear_password";

	private static final String ASKS_FOR_TOKEN = "\u00FEmysql_clear_password\0";

	@Test
	void greetingIsTheServersOwnWithTlsAndWithoutCompression(Rds rds) throws Exception {
		try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
			byte[] greeting = client.read();
			String text = new String(greeting, StandardCharsets.ISO_8859_1);
			assertThat(text).startsWith("\n11.4.5-MariaDB\0");
			int at = text.indexOf('\0') + 1 + 4 + 8 + 1;
			int capabilities = Byte.toUnsignedInt(greeting[at]) | Byte.toUnsignedInt(greeting[at + 1]) << 8
					| Byte.toUnsignedInt(greeting[at + 5]) << 16 | Byte.toUnsignedInt(greeting[at + 6]) << 24;
			assertThat(capabilities & RawMySqlClient.ALL).isEqualTo(RawMySqlClient.ALL);
			assertThat(capabilities & (COMPRESS | COMPRESS_ZSTD)).isZero();
			// It is MariaDB, and has capabilities of its own.
			assertThat(capabilities & 1).isZero();
			assertThat(greeting[at + 14]).isNotZero();
		}
	}

	@Test
	void cleartextPasswordIsAskedForInsideTls(Rds rds) throws Exception {
		try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
			client.begin("app");
			assertThat(client.readText()).isEqualTo(ASKS_FOR_TOKEN);
			assertThat(client.number()).isEqualTo(3);
			client.sendText(4, rds.token("app") + "\0");
			assertThat(client.read()[0]).isZero();
			assertThat(client.number()).isEqualTo(5);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { NATIVE, CLEAR })
	void cleartextPasswordIsNotAskedForWithoutTls(String plugin, Rds rds) throws Exception {
		long before = rds.emulator().rejected(Rejection.PLAINTEXT);
		try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
			client.read();
			client.sendLogin(1, RawMySqlClient.ALL & ~RawMySqlClient.TLS, "app", plugin, "");
			assertThat(client.readText()).isEqualTo("3159 #HY000Connections using insecure transport are "
					+ "prohibited while --require_secure_transport=ON.");
			assertThat(client.number()).isEqualTo(2);
			assertThat(client.raw().read()).isEqualTo(-1);
		}
		assertThat(rds.emulator().rejected(Rejection.PLAINTEXT)).isEqualTo(before + 1);
	}

	@Test
	void tokenMayBeSentUnasked(Rds rds) throws Exception {
		try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
			client.read();
			client.startTls().sendLogin(2, RawMySqlClient.ALL, "app", CLEAR, rds.token("app") + "\0");
			assertThat(client.read()[0]).isZero();
			assertThat(client.number()).isEqualTo(3);
		}
	}

	@Test
	void missingTokenIsRefused(Rds rds) throws Exception {
		try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
			client.begin("app");
			client.read();
			client.sendText(4, "");
			assertThat(client.readText())
				.isEqualTo("1045 #28000Access denied for user 'app'@'127.0.0.1' (using password: NO)");
			assertThat(client.raw().read()).isEqualTo(-1);
		}
	}

	@Test
	void clientWithoutPluginsIsRefused(Rds rds) throws Exception {
		try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
			client.read();
			client.startTls().sendLogin(2, RawMySqlClient.ALL & ~RawMySqlClient.PLUGIN_AUTHENTICATION, "app", "", "");
			assertThat(client.readText()).startsWith("1251 #08004");
		}
	}

	@Test
	void changeOfTheUserNeedsTheOthersToken(Rds rds) throws Exception {
		String change = "\21Other User\0\0orders\0\55\0mysql_native_password\0";
		try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
			client.login("app", rds.token("app"));
			client.sendText(0, change);
			assertThat(client.readText()).isEqualTo(ASKS_FOR_TOKEN);
			assertThat(client.number()).isEqualTo(1);
			client.sendText(2, rds.token("Other User") + "\0");
			assertThat(client.read()[0]).isZero();
			assertThat(client.number()).isEqualTo(3);
			client.sendText(0, change).read();
			client.sendText(2, rds.token("app") + "\0");
			assertThat(client.readText()).startsWith("1045 #28000");
			assertThat(client.number()).isEqualTo(3);
			assertThat(readToTheEnd(client)).isZero();
		}
	}

	@Test
	void endlessTokenEndsTheConnection(Rds rds) throws Exception {
		try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
			client.begin("app");
			client.read();
			client.raw().send(0xFF, 0xFF, 0xFF, 4);
			assertThat(readToTheEnd(client)).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET / HTTP/1.1\r\n\r\n", "\0\0\0\1", "\1\0\0\1a", "\377\377\377\1aaaa",
			"\4\0\0\1\0\2\0\0", "\40\0\0\1\0\12\0\0" })
	void garbageEndsTheConnection(String garbage, Rds rds) throws Exception {
		try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
			client.read();
			client.raw().send(garbage.getBytes(StandardCharsets.ISO_8859_1));
			client.socket().shutdownOutput();
			readToTheEnd(client);
		}
		assertOthersLogIn(rds);
	}

	/** As anything, as requests for TLS, as logins, and as changes of the user. */
	@Test
	void randomBytesHarmNobody(Rds rds) throws Exception {
		Random random = new Random(42);
		for (int i = 0; i < 40; i++) {
			byte[] bytes = new byte[1 + random.nextInt(2000)];
			random.nextBytes(bytes);
			try (RawMySqlClient client = new RawMySqlClient(rds.emulator())) {
				sendRandom(i % 4, bytes, client, rds);
				client.socket().shutdownOutput();
				readToTheEnd(client);
			}
		}
		assertOthersLogIn(rds);
	}

	private static void sendRandom(int kind, byte[] bytes, RawMySqlClient client, Rds rds) throws Exception {
		switch (kind) {
			case 0 -> client.raw().send(bytes);
			case 1 -> client.send(1, bytes);
			case 2 -> {
				client.read();
				client.startTls().send(2, bytes);
			}
			default -> {
				client.login("app", rds.token("app"));
				bytes[0] = 0x11;
				client.send(0, bytes);
			}
		}
	}

	@Test
	void slowClientsHarmNobody(Rds rds) throws Exception {
		List<RawMySqlClient> clients = new ArrayList<>();
		try {
			for (int i = 0; i < 30; i++) {
				RawMySqlClient client = new RawMySqlClient(rds.emulator());
				clients.add(client);
				switch (i % 4) {
					case 0 -> client.raw().send(0, 0);
					case 1 -> client.read();
					case 2 -> {
						client.read();
						client.startTls();
					}
					default -> client.begin("app");
				}
			}
			assertOthersLogIn(rds);
		}
		finally {
			for (RawMySqlClient client : clients) {
				client.close();
			}
		}
	}

	private static void assertOthersLogIn(Rds rds) throws Exception {
		try (Connection connection = MySqlClients.MARIADB.connect(rds, "app")) {
			assertThat(LoginTests.query(connection, "SELECT 1")).isEqualTo("1");
		}
	}

	/** A connection with unread data may end with a reset instead of an end. */
	private static int readToTheEnd(RawMySqlClient client) {
		int bytes = 0;
		try {
			while (client.raw().read() >= 0) {
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

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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * After the login the front is not noticed.
 */
@ExtendWith(SharedRds.class)
class SessionTests {

	@Test
	void bigResultArrives(Rds rds) throws Exception {
		try (Connection connection = rds.connect("app");
				Statement statement = connection.createStatement();
				ResultSet result = statement
					.executeQuery("SELECT i, repeat('x', 10000) FROM generate_series(1, 2000) i")) {
			long characters = 0;
			int rows = 0;
			while (result.next()) {
				assertThat(result.getInt(1)).isEqualTo(++rows);
				characters += result.getString(2).length();
			}
			assertThat(rows).isEqualTo(2_000);
			assertThat(characters).isEqualTo(20_000_000);
		}
	}

	@Test
	void copyGoesBothWays(Rds rds) throws Exception {
		byte[] lines = ("some text of a line ".repeat(100) + "\n").repeat(5_000).getBytes();
		try (Connection connection = rds.connect("app"); Statement statement = connection.createStatement()) {
			statement.execute("CREATE TEMPORARY TABLE copied (line text)");
			CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
			assertThat(copies.copyIn("COPY copied FROM STDIN", new ByteArrayInputStream(lines))).isEqualTo(5_000);
			ByteArrayOutputStream copied = new ByteArrayOutputStream();
			assertThat(copies.copyOut("COPY copied TO STDOUT", copied)).isEqualTo(5_000);
			assertThat(Arrays.equals(copied.toByteArray(), lines)).isTrue();
		}
	}

	@Test
	void runningQueryCanBeCancelled(Rds rds) throws Exception {
		try (Connection connection = rds.connect("app");
				Connection observer = rds.connect("app");
				Statement statement = connection.createStatement()) {
			CompletableFuture<Boolean> query = CompletableFuture.supplyAsync(() -> {
				try {
					return statement.execute("SELECT pg_sleep(300) -- to be cancelled");
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex.getSQLState(), ex);
				}
			});
			awaitActive(observer, "SELECT pg_sleep(300) -- to be cancelled");
			statement.cancel();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> query.get(20, TimeUnit.SECONDS))
				.withMessageContaining("57014");
			assertThat(LoginTests.query(connection, "SELECT 1")).isEqualTo("1");
		}
	}

	@Test
	void runningQueryCanBeCancelledOverTls(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator());
				RawClient canceller = new RawClient(rds.emulator());
				Connection observer = rds.connect("app")) {
			client.sendStartupOverTls("user", "app", "database", "orders").readMessage('R');
			byte[] key = client.sendText('p', rds.token("app")).readMessage('K');
			client.readMessage('Z');
			client.sendText('Q', "SELECT pg_sleep(300) -- cancelled over TLS");
			awaitActive(observer, "SELECT pg_sleep(300) -- cancelled over TLS");
			canceller.sendRequest(RawClient.SSL_REQUEST);
			assertThat(canceller.read()).isEqualTo('S');
			canceller.startTls().sendInts(16, RawClient.CANCEL_REQUEST).send(key);
			assertThat(canceller.read()).isEqualTo(-1);
			String message = client.readMessage();
			while (!message.startsWith("E")) {
				message = client.readMessage();
			}
			assertThat(message).contains("57014");
		}
	}

	@Test
	void serverReportsItsParameters(Rds rds) throws Exception {
		try (Connection connection = rds.connect("app", rds.token("app"), "ApplicationName", "reporter")) {
			PGConnection postgres = connection.unwrap(PGConnection.class);
			assertThat(postgres.getParameterStatus("application_name")).isEqualTo("reporter");
			assertThat(postgres.getParameterStatus("server_version")).startsWith("18.");
			assertThat(Integer.toString(postgres.getBackendPID()))
				.isEqualTo(LoginTests.query(connection, "SELECT pg_backend_pid()"));
		}
	}

	@Test
	void terminationByTheServerReachesTheClient(Rds rds) throws Exception {
		try (Connection connection = rds.connect("app")) {
			SQLException terminated = catchThrowableOfType(SQLException.class,
					() -> LoginTests.query(connection, "SELECT pg_terminate_backend(pg_backend_pid())"));
			assertThat(terminated.getSQLState()).isEqualTo("57P01");
			assertThat(connection.isValid(1)).isFalse();
		}
	}

	@Test
	void clientThatGoesAwayEndsItsSession(Rds rds) throws Exception {
		try (Connection observer = rds.connect("app")) {
			String pid;
			try (RawClient client = new RawClient(rds.emulator())) {
				client.sendStartupOverTls("user", "app", "database", "orders").readMessage('R');
				client.sendText('p', rds.token("app")).readMessage('Z');
				client.sendText('Q', "SELECT pg_backend_pid()");
				byte[] row = client.readMessage('D');
				pid = new String(row, 6, row.length - 6);
			}
			await().atMost(Duration.ofSeconds(20))
				.until(() -> LoginTests
					.query(observer, "SELECT count(*) FROM pg_stat_activity WHERE pid = " + Integer.parseInt(pid))
					.equals("0"));
		}
	}

	@Test
	void clientThatHasNoMoreToSayStillGetsItsAnswer(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendStartupOverTls("user", "app", "database", "orders").readMessage('R');
			client.sendText('p', rds.token("app")).readMessage('Z');
			client.sendText('Q', "SELECT 'answer' FROM pg_sleep(0.5)");
			client.socket().shutdownOutput();
			byte[] row = client.readMessage('D');
			assertThat(new String(row, 6, row.length - 6)).isEqualTo("answer");
		}
	}

	private static void awaitActive(Connection observer, String query) {
		await().atMost(Duration.ofSeconds(20))
			.until(() -> LoginTests
				.query(observer,
						"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = '" + query + "'")
				.equals("1"));
	}

}

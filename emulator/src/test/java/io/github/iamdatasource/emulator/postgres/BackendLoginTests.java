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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

import io.github.iamdatasource.emulator.embedded.EmbeddedPostgres;
import io.github.iamdatasource.emulator.front.ProtocolException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Logs in to a real server by each of the methods that it may be set up with.
 */
class BackendLoginTests {

	private static final byte[] AUTHENTICATION_OK = { 'R', 0, 0, 0, 8, 0, 0, 0, 0 };

	private static EmbeddedPostgres server;

	private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();

	@BeforeAll
	static void start() throws Exception {
		server = EmbeddedPostgres.start();
		String url = "jdbc:postgresql://" + EmbeddedPostgres.HOST + ":" + server.port() + "/postgres";
		try (Connection admin = DriverManager.getConnection(url, EmbeddedPostgres.ADMIN, server.adminPassword());
				Statement statement = admin.createStatement()) {
			StringBuilder rules = new StringBuilder();
			for (String method : new String[] { "scram-sha-256", "md5", "password", "trust", "reject" }) {
				String encryption = method.equals("md5") ? "md5" : "scram-sha-256";
				statement.execute("SET password_encryption = '" + encryption + "'");
				statement.execute("CREATE ROLE \"" + method + "\" LOGIN PASSWORD 'behind'");
				rules.append("host all \"").append(method).append("\" 127.0.0.1/32 ").append(method).append('\n');
			}
			try (ResultSet file = statement.executeQuery("SHOW hba_file")) {
				file.next();
				Path hbaFile = Path.of(file.getString(1));
				Files.writeString(hbaFile, rules + Files.readString(hbaFile));
			}
			statement.execute("SELECT pg_reload_conf()");
		}
		// The server reads its rules again in its own time.
		await().until(() -> new BackendLoginTests().login("trust", "none"));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "scram-sha-256", "md5", "password", "trust" })
	void logsInByTheMethodThatTheServerWants(String method) throws Exception {
		assertThat(login(method, "behind")).isTrue();
		assertThat(this.toClient.toByteArray()).isEqualTo(AUTHENTICATION_OK);
	}

	@ParameterizedTest
	@ValueSource(strings = { "scram-sha-256", "md5", "password" })
	void errorOfTheServerReachesTheClient(String method) throws Exception {
		assertThat(login(method, "wrong")).isFalse();
		assertThat(this.toClient.toString()).startsWith("E").contains("28P01");
	}

	@Test
	void refusalByTheServerReachesTheClient() throws Exception {
		assertThat(login("reject", "behind")).isFalse();
		assertThat(this.toClient.toString()).startsWith("E").contains("pg_hba.conf rejects connection");
	}

	@Test
	void serverThatSpeaksSomethingElseIsExplained() {
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> new BackendLogin(new ByteArrayInputStream(new byte[] { 'R', 0, 0, 0, 8, 0, 0, 0, 7 }),
					new ByteArrayOutputStream(), this.toClient)
				.login(startup("app"), "app", "behind"))
			.withMessage("The server behind asks for authentication method 7, which the emulator does not know");
	}

	private boolean login(String user, String password) throws Exception {
		try (Socket socket = new Socket(EmbeddedPostgres.HOST, server.port())) {
			return new BackendLogin(socket.getInputStream(), socket.getOutputStream(), this.toClient)
				.login(startup(user), user, password);
		}
	}

	private static StartupPacket startup(String user) throws Exception {
		byte[] parameters = ("user\0" + user + "\0database\0postgres\0\0").getBytes();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream data = new DataOutputStream(bytes);
		data.writeInt(8 + parameters.length);
		data.writeInt(3 << 16);
		data.write(parameters);
		return new StartupPacket(bytes.toByteArray());
	}

}

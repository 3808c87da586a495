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
import java.sql.SQLException;
import java.time.Duration;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import io.github.iamdatasource.emulator.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A server of the user's own behind the emulator.
 */
class BackendTests {

	@Test
	void emulatorLeavesTheServerRunningAndCanComeBack() throws Exception {
		try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
			for (int i = 0; i < 2; i++) {
				try (Rds rds = Rds.of(describe(server)); Connection connection = rds.connect("app")) {
					assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app");
				}
			}
		}
	}

	@Test
	void deathOfTheServerReachesTheClient() throws Exception {
		EmbeddedPostgres server = EmbeddedPostgres.start();
		try (Rds rds = Rds.of(describe(server)); Connection connection = rds.connect("app")) {
			server.close();
			SQLException died = catchThrowableOfType(SQLException.class,
					() -> LoginTests.query(connection, "SELECT 1"));
			assertThat(died.getSQLState()).isEqualTo("57P01");
			SQLException refused = catchThrowableOfType(SQLException.class, () -> rds.connect("app"));
			assertThat(refused.getMessage()).contains("the server behind the emulator does not answer");
			assertThat(refused.getSQLState()).isEqualTo("57P03");
		}
		finally {
			server.close();
		}
	}

	@Test
	void clientThatTakesTooLongIsHungUpOn() throws Exception {
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				Rds rds = Rds.of(describe(server).loginTimeout(Duration.ofSeconds(5)));
				Connection patient = rds.connect("app");
				RawClient silent = new RawClient(rds.emulator());
				RawClient halfway = new RawClient(rds.emulator())) {
			halfway.sendStartupOverTls("user", "app").readMessage('R');
			assertThat(silent.read()).isEqualTo(-1);
			assertThat(endOf(halfway)).isTrue();
			// Connected before those that have been hung up on by now.
			assertThat(LoginTests.query(patient, "SELECT 1")).isEqualTo("1");
		}
	}

	private static boolean endOf(RawClient client) {
		try {
			return client.read() < 0;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	private static RdsIamEmulatorBuilder describe(EmbeddedPostgres server) {
		return RdsIamEmulator.postgresql()
			.user("app")
			.principal(Tokens.PRINCIPAL.allowedToConnectAs("app"))
			.backend(PostgresBackend.server(EmbeddedPostgres.HOST, server.port(), EmbeddedPostgres.ADMIN,
					server.adminPassword()));
	}

}

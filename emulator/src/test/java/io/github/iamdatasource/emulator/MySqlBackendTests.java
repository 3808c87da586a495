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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import io.github.iamdatasource.emulator.embedded.EmbeddedMySql;
import io.github.iamdatasource.emulator.embedded.EmbeddedServer;
import io.github.iamdatasource.emulator.embedded.Servers;
import io.github.iamdatasource.emulator.mysql.AdminConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A server of the user's own behind the emulator.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MySqlBackendTests {

	private static EmbeddedServer server;

	@BeforeAll
	static void start() throws Exception {
		server = Servers.startOrSkip(EmbeddedMySql::start);
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
		}
	}

	@Test
	void emulatorLeavesTheServerRunningAndCanComeBack() throws Exception {
		for (int i = 0; i < 2; i++) {
			try (Rds rds = Rds.of(describe()); Connection connection = MySqlClients.CONNECTOR_J.connect(rds, "app")) {
				assertThat(LoginTests.query(connection, "SELECT CURRENT_USER()")).isEqualTo("app@%");
			}
		}
	}

	@Test
	void unusualNamesAreTakenLiterally() throws Exception {
		String user = "o'neil\\";
		String database = "a_b%`'\\ c";
		try (Rds rds = Rds.of(RdsIamEmulator.mysql()
			.user(user)
			.database(database)
			.principal(Tokens.PRINCIPAL.allowedToConnectAs("*"))
			.backend(server())); Connection connection = MySqlClients.CONNECTOR_J.connect(rds, user)) {
			assertThat(LoginTests.query(connection, "SELECT DATABASE()")).isEqualTo(database);
			assertThat(LoginTests.query(connection, "SELECT CURRENT_USER()")).isEqualTo(user + "@%");
			connection.createStatement().execute("CREATE TABLE made_here (id int)");
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> connection.createStatement().execute("CREATE DATABASE `axb%``'\\ c`"));
			assertThat(refused.getErrorCode()).isEqualTo(1044);
		}
	}

	@Test
	void attributesReachTheServer() throws Exception {
		try (Rds rds = Rds.of(describe());
				AdminConnection admin = AdminConnection.open(EmbeddedServer.HOST, server.port(), server.admin(),
						server.adminPassword())) {
			for (MySqlClients client : MySqlClients.values()) {
				String attributes = "program:of " + client;
				try (Connection connection = client.connect(rds, "app", rds.token("app"), "connectionAttributes",
						attributes)) {
					assertThat(admin.returnsRows("SELECT 1 FROM performance_schema.session_connect_attrs"
							+ " WHERE processlist_id = " + LoginTests.query(connection, "SELECT CONNECTION_ID()")
							+ " AND attr_name = 'program' AND attr_value = 'of " + client + "'"))
						.isTrue();
				}
			}
		}
	}

	@Test
	void clientThatTakesTooLongIsHungUpOn() throws Exception {
		try (Rds rds = Rds.of(describe().loginTimeout(Duration.ofSeconds(5)));
				Connection patient = MySqlClients.CONNECTOR_J.connect(rds, "app");
				RawMySqlClient silent = new RawMySqlClient(rds.emulator())) {
			silent.read();
			assertThat(silent.raw().read()).isEqualTo(-1);
			// Connected before the one that has been hung up on by now.
			assertThat(LoginTests.query(patient, "SELECT 1")).isEqualTo("1");
		}
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void deathOfTheServerReachesTheClient() throws Exception {
		try (Rds rds = Rds.of(describe()); Connection connection = MySqlClients.MARIADB.connect(rds, "app")) {
			server.close();
			assertThat(connection.isValid(1)).isFalse();
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> MySqlClients.MARIADB.connect(rds, "app"));
			assertThat(refused.getMessage()).contains("The server behind the emulator does not answer");
		}
	}

	private static RdsIamEmulatorBuilder describe() {
		return RdsIamEmulator.mysql()
			.user("app")
			.principal(Tokens.PRINCIPAL.allowedToConnectAs("app"))
			.backend(server());
	}

	private static MySqlBackend server() {
		return MySqlBackend.server(EmbeddedServer.HOST, server.port(), server.admin(), server.adminPassword());
	}

}

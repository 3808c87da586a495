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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.BackendServer;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.MySqlBackend;
import io.github.iamdatasource.emulator.PostgresBackend;
import io.github.iamdatasource.emulator.RdsIamEmulator;

/**
 * Two emulated RDS instances for one URL: of other names, in other regions and accounts,
 * on other ports, with certificates of other authorities, and with servers of their own
 * behind them.
 *
 * @param first the instance that URLs name first
 * @param second the other one
 * @param firstBehind the server behind the first
 * @param secondBehind the server behind the second
 * @param caFile the certificate authorities of both
 */
record TwoHosts(RdsIamEmulator first, RdsIamEmulator second, BackendServer firstBehind, BackendServer secondBehind,
		Path caFile) implements AutoCloseable {

	static final String FIRST = OrdersDatabase.HOSTNAME;

	static final String SECOND = "orders.cluster-ro-d7e8f9a0b1c2.us-east-1.rds.amazonaws.com";

	private static final String DATABASE = "orders";

	static TwoHosts start(Engine engine) throws IOException {
		Closing closing = new Closing();
		try {
			BackendServer firstBehind = closing.add(startBehind(engine));
			BackendServer secondBehind = closing.add(startBehind(engine));
			RdsIamEmulator first = closing
				.add(start(engine, FIRST, "eu-west-1", "123456789012", "db-ABCDEFGHIJKL01234", firstBehind));
			RdsIamEmulator second = closing
				.add(start(engine, SECOND, "us-east-1", "210987654321", "cluster-ABCDEFGHIJKL56789", secondBehind));
			Path caFile = Files.createTempFile("emulator-cas", ".pem");
			Files.writeString(caFile, first.caCertificatePem() + second.caCertificatePem());
			return new TwoHosts(first, second, firstBehind, secondBehind, caFile);
		}
		catch (IOException | RuntimeException ex) {
			closing.run();
			throw ex;
		}
	}

	private static BackendServer startBehind(Engine engine) {
		return switch (engine) {
			case POSTGRESQL -> PostgresBackend.embedded().start();
			case MARIADB -> MySqlBackend.embeddedMariaDb().start();
			case MYSQL -> MySqlBackend.embeddedMySql().start();
		};
	}

	private static RdsIamEmulator start(Engine engine, String hostname, String region, String account,
			String resourceId, BackendServer behind) {
		return RdsIamEmulator.of(engine)
			.hostname(hostname)
			.region(region)
			.account(account)
			.resourceId(resourceId)
			.database(DATABASE)
			.user("app")
			.principal(user())
			.backend((engine == Engine.POSTGRESQL)
					? PostgresBackend.server(behind.host(), behind.port(), behind.adminUser(), behind.adminPassword())
					: MySqlBackend.server(behind.host(), behind.port(), behind.adminUser(), behind.adminPassword()))
			.start();
	}

	private static IamPrincipal user() {
		return IamPrincipal.withKeys(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY).allowedToConnectAs("app");
	}

	/**
	 * The URL with both hosts.
	 * @param kind what follows {@code jdbc:}
	 * @param parameters what follows the question mark
	 */
	String url(String kind, String parameters) {
		return url(kind, this.first, this.second, parameters);
	}

	static String url(String kind, RdsIamEmulator one, RdsIamEmulator other, String parameters) {
		return "jdbc:" + kind + "://" + address(one) + "," + address(other) + "/" + DATABASE + "?" + parameters;
	}

	static String address(RdsIamEmulator rds) {
		return rds.hostname() + ":" + rds.port();
	}

	/**
	 * An application without a pool: each connection is one login.
	 */
	Application application(String url) {
		return Application.unconfigured()
			.with("iam.datasource.url", url)
			.with("iam.datasource.username", "app")
			.with("iam.datasource.tls.ca-certificates", this.caFile.toString())
			.with("spring.datasource.type", "io.github.iamdatasource.jdbc.IamDataSource");
	}

	/**
	 * Have one no longer know whose tokens it gets.
	 */
	static void forgetThePrincipal(RdsIamEmulator rds) {
		rds.removePrincipal(TestCredentials.ACCESS_KEY);
	}

	/**
	 * Undo what a test has done to them.
	 */
	void restore() {
		for (RdsIamEmulator rds : new RdsIamEmulator[] { this.first, this.second }) {
			rds.resumeServing();
			rds.removePrincipal(TestCredentials.ACCESS_KEY);
			rds.addPrincipal(user());
		}
	}

	/**
	 * The logins until now.
	 */
	Logins logins() {
		return new Logins(this.first.accepted(), this.first.rejected(), this.second.accepted(), this.second.rejected());
	}

	/**
	 * Execute a statement as an administrator, past the emulator.
	 */
	static void administer(String subprotocol, BackendServer server, String statement) throws SQLException {
		try (Connection connection = DriverManager.getConnection(
				"jdbc:" + subprotocol + "://" + server.host() + ":" + server.port() + "/"
						+ (subprotocol.equals("postgresql") ? "postgres" : "mysql"),
				server.adminUser(), server.adminPassword()); Statement execution = connection.createStatement()) {
			execution.execute(statement);
		}
	}

	@Override
	public void close() throws IOException {
		Closing closing = new Closing();
		closing.add(this.firstBehind);
		closing.add(this.secondBehind);
		closing.add(this.first);
		closing.add(this.second);
		closing.run();
		Files.deleteIfExists(this.caFile);
	}

	/**
	 * How many logins there were.
	 */
	record Logins(long firstAccepted, long firstRejected, long secondAccepted, long secondRejected) {

		Logins since(Logins before) {
			return new Logins(this.firstAccepted - before.firstAccepted, this.firstRejected - before.firstRejected,
					this.secondAccepted - before.secondAccepted, this.secondRejected - before.secondRejected);
		}

		long all() {
			return this.firstAccepted + this.firstRejected + this.secondAccepted + this.secondRejected;
		}

	}

	/**
	 * Closes all, the newest first, even if one of them cannot be closed.
	 */
	private static final class Closing implements Runnable {

		private Runnable all = () -> {
		};

		RdsIamEmulator add(RdsIamEmulator emulator) {
			before(emulator::close);
			return emulator;
		}

		BackendServer add(BackendServer server) {
			before(server.stop());
			return server;
		}

		private void before(Runnable first) {
			Runnable others = this.all;
			this.all = () -> {
				try {
					first.run();
				}
				finally {
					others.run();
				}
			};
		}

		@Override
		public void run() {
			this.all.run();
		}

	}

}

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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Creates on the server behind what an administrator creates on RDS: the database users
 * with {@code rds_iam}, and the database.
 */
final class PostgresProvisioner implements Provisioner {

	private final BackendServer server;

	private final List<String> users;

	private final String database;

	PostgresProvisioner(BackendServer server, List<String> users, String database) {
		this.server = server;
		this.users = users;
		this.database = database;
	}

	@Override
	public Map<String, String> provision() throws SQLException {
		Map<String, String> passwords = new LinkedHashMap<>();
		try (Connection admin = connect("postgres"); Statement statement = admin.createStatement()) {
			if (!exists(admin, "SELECT 1 FROM pg_roles WHERE rolname = ?", "rds_iam")) {
				statement.execute("CREATE ROLE rds_iam NOLOGIN");
			}
			for (String user : this.users) {
				boolean known = exists(admin, "SELECT 1 FROM pg_roles WHERE rolname = ?", user);
				statement.execute((known ? "ALTER" : "CREATE") + " ROLE " + quote(user) + " LOGIN");
				statement.execute("GRANT rds_iam TO " + quote(user));
				passwords.put(user, givePassword(admin, user));
			}
			if (!exists(admin, "SELECT 1 FROM pg_database WHERE datname = ?", this.database)) {
				statement.execute("CREATE DATABASE " + quote(this.database) + " OWNER " + quote(this.users.get(0)));
			}
		}
		try (Connection admin = connect(this.database); Statement statement = admin.createStatement()) {
			for (String user : this.users) {
				statement.execute(
						"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE " + quote(this.database) + " TO " + quote(user));
				statement.execute("GRANT USAGE, CREATE ON SCHEMA public TO " + quote(user));
			}
		}
		return passwords;
	}

	/**
	 * The server gets the SCRAM verifier only, so that no statement log has the password.
	 */
	private static String givePassword(Connection admin, String user) throws SQLException {
		String password = Provisioner.newPassword();
		admin.unwrap(PGConnection.class).alterUserPassword(user, password.toCharArray(), "scram-sha-256");
		return password;
	}

	private Connection connect(String databaseName) throws SQLException {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setServerNames(new String[] { this.server.host() });
		dataSource.setPortNumbers(new int[] { this.server.port() });
		dataSource.setDatabaseName(databaseName);
		dataSource.setUser(this.server.adminUser());
		dataSource.setPassword(this.server.adminPassword());
		dataSource.setConnectTimeout(10);
		return dataSource.getConnection();
	}

	private static boolean exists(Connection admin, String query, String name) throws SQLException {
		try (PreparedStatement statement = admin.prepareStatement(query)) {
			statement.setString(1, name);
			try (ResultSet result = statement.executeQuery()) {
				return result.next();
			}
		}
	}

	private static String quote(String identifier) {
		return "\"" + identifier.replace("\"", "\"\"") + "\"";
	}

}

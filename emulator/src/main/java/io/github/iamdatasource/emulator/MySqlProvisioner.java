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

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.iamdatasource.emulator.mysql.AdminConnection;
import io.github.iamdatasource.emulator.mysql.NativePassword;

/**
 * Creates the database users with all privileges on the database, and the database.
 */
final class MySqlProvisioner implements Provisioner {

	/** What MySQL 8.4 and later say, which no longer have the plugin in use. */
	private static final int PLUGIN_NOT_LOADED = 1524;

	private final BackendServer server;

	private final List<String> users;

	private final String database;

	MySqlProvisioner(BackendServer server, List<String> users, String database) {
		this.server = server;
		this.users = users;
		this.database = database;
	}

	@Override
	public Map<String, String> provision() throws SQLException {
		Map<String, String> passwords = new LinkedHashMap<>();
		try (AdminConnection admin = AdminConnection.open(this.server.host(), this.server.port(),
				this.server.adminUser(), this.server.adminPassword())) {
			// Backslashes are to mean what they mean below.
			admin.execute("SET SESSION sql_mode = ''");
			admin.execute("CREATE DATABASE IF NOT EXISTS " + quoteName(this.database));
			for (String user : this.users) {
				String account = quote(user) + "@'%'";
				boolean known = admin
					.returnsRows("SELECT 1 FROM mysql.user WHERE User = " + quote(user) + " AND Host = '%'");
				passwords.put(user, givePassword(admin, (known ? "ALTER" : "CREATE") + " USER " + account));
				admin.execute(
						"GRANT ALL PRIVILEGES ON " + quoteName(escapeWildcards(this.database)) + ".* TO " + account);
			}
		}
		return passwords;
	}

	/**
	 * The server gets the hash only, so that no statement log has the password. Where it
	 * has no such hashes, it keeps the password out of its logs itself.
	 */
	private static String givePassword(AdminConnection admin, String statement) throws SQLException {
		String password = Provisioner.newPassword();
		try {
			admin.execute(statement + " IDENTIFIED WITH " + NativePassword.PLUGIN + " AS '"
					+ NativePassword.hash(password) + "'");
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() != PLUGIN_NOT_LOADED) {
				throw ex;
			}
			admin.execute(statement + " IDENTIFIED WITH caching_sha2_password BY '" + password + "'");
		}
		return password;
	}

	private static String quote(String text) {
		return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
	}

	private static String quoteName(String identifier) {
		return "`" + identifier.replace("`", "``") + "`";
	}

	/** GRANT takes a pattern. */
	private static String escapeWildcards(String databaseName) {
		return databaseName.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%");
	}

}

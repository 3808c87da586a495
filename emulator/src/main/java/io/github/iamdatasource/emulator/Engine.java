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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.github.iamdatasource.emulator.front.Protocol;
import io.github.iamdatasource.emulator.mysql.MySqlSession;
import io.github.iamdatasource.emulator.postgres.PostgresSession;

/**
 * Which of the engines of Amazon RDS an emulator stands for.
 */
public enum Engine {

	/** RDS for PostgreSQL. */
	POSTGRESQL("PostgreSQL", "postgresql", PostgresBackend.class, PostgresBackend::embedded, PostgresSession::serve,
			PostgresProvisioner::new,
			new Names(63, 63, Set.of("template0", "template1"), Set.of("rds_iam", "public", "none"), "pg_")),

	/** RDS for MySQL. */
	MYSQL("MySQL", "mysql", MySqlBackend.class, MySqlBackend::embeddedMySql, MySqlSession::serve, MySqlProvisioner::new,
			Names.OF_MYSQL),

	/** RDS for MariaDB. */
	MARIADB("MariaDB", "mariadb", MySqlBackend.class, MySqlBackend::embeddedMariaDb, MySqlSession::serve,
			MySqlProvisioner::new, Names.OF_MYSQL);

	private final String product;

	private final String subprotocol;

	private final Class<? extends Backend> backendType;

	private final Supplier<Backend> embedded;

	private final Protocol protocol;

	private final ProvisionerFactory provisioners;

	private final Names names;

	Engine(String product, String subprotocol, Class<? extends Backend> backendType, Supplier<Backend> embedded,
			Protocol protocol, ProvisionerFactory provisioners, Names names) {
		this.product = product;
		this.subprotocol = subprotocol;
		this.backendType = backendType;
		this.embedded = embedded;
		this.protocol = protocol;
		this.provisioners = provisioners;
		this.names = names;
	}

	/**
	 * What the engine's own driver has in its URLs.
	 * @return what follows {@code jdbc:}
	 */
	String subprotocol() {
		return this.subprotocol;
	}

	Backend embedded() {
		return this.embedded.get();
	}

	Protocol protocol() {
		return this.protocol;
	}

	Provisioner provisioner(BackendServer server, List<String> users, String database) {
		return this.provisioners.create(server, users, database);
	}

	void requireBackend(Backend backend) {
		require(this.backendType.isInstance(backend), "The backend is for another engine: RDS for " + this.product
				+ " needs a " + this.backendType.getSimpleName());
	}

	void requireDatabase(String database) {
		requireIdentifier("database", database, this.names.longestDatabase());
		require(!this.names.ownDatabases().contains(database),
				"The database '" + database + "' is " + this.product + "'s own: choose another name");
	}

	void requireUser(String user) {
		requireIdentifier("database user", user, this.names.longestUser());
		require(!user.startsWith(this.names.reservedPrefix()) && !this.names.reservedUsers().contains(user),
				"The database user '" + user + "' is a reserved name: choose another");
	}

	private void requireIdentifier(String what, String name, int longest) {
		require(!name.isBlank(), "The name of the " + what + " is empty");
		require(name.getBytes(StandardCharsets.UTF_8).length <= longest,
				"The name of the " + what + " is longer than " + this.product + "'s " + longest + " bytes");
		require(name.chars().noneMatch(Character::isISOControl),
				"The name of the " + what + " contains a control character");
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	private interface ProvisionerFactory {

		Provisioner create(BackendServer server, List<String> users, String database);

	}

	private record Names(int longestDatabase, int longestUser, Set<String> ownDatabases, Set<String> reservedUsers,
			String reservedPrefix) {

		static final Names OF_MYSQL = new Names(64, 32,
				Set.of("mysql", "information_schema", "performance_schema", "sys"),
				Set.of("rdsadmin", "rdsrepladmin", "mariadb.sys", "PUBLIC"), "mysql.");

	}

}

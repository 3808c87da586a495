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

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RdsIamEmulatorBuilderTests {

	private final RdsIamEmulatorBuilder builder = RdsIamEmulator.postgresql().backend((PostgresBackend) () -> {
		throw new AssertionError("Wrong use is explained before a server is started");
	}).principal(Tokens.PRINCIPAL.allowedToConnectAs("app"));

	@Test
	void missingUserIsExplained() {
		assertWrong(this.builder, "No database user: name at least one who may sign in, with user(\"app\")");
	}

	@Test
	void missingPrincipalIsExplained() {
		assertWrong(RdsIamEmulator.postgresql().user("app"), "No principal: add whoever signs the tokens, with "
				+ "principal(IamPrincipal.withKeys(…).allowedToConnectAs(\"app\"))");
	}

	@Test
	void badDatabaseNamesAreExplained() {
		this.builder.user("app");
		assertWrong(this.builder.database(" "), "The name of the database is empty");
		assertWrong(this.builder.database("ü".repeat(32)),
				"The name of the database is longer than PostgreSQL's 63 bytes");
		assertWrong(this.builder.database("a\nb"), "The name of the database contains a control character");
		assertWrong(this.builder.database("template1"),
				"The database 'template1' is PostgreSQL's own: choose another name");
	}

	@Test
	void reservedUsersAreExplained() {
		assertWrong(this.builder.user("pg_monitor"),
				"The database user 'pg_monitor' is a reserved name: choose another");
	}

	@Test
	void namesThatMySqlDoesNotTakeAreExplained() {
		RdsIamEmulatorBuilder mysql = RdsIamEmulator.mysql().principal(Tokens.PRINCIPAL.allowedToConnectAs("*"));
		assertWrong(mysql.user("a".repeat(33)), "The name of the database user is longer than MySQL's 32 bytes");
		RdsIamEmulatorBuilder mariadb = RdsIamEmulator.mariadb().principal(Tokens.PRINCIPAL.allowedToConnectAs("*"));
		assertWrong(mariadb.user("mysql.sys"), "The database user 'mysql.sys' is a reserved name: choose another");
		assertWrong(mariadb.database("sys"), "The database 'sys' is MariaDB's own: choose another name");
	}

	@Test
	void backendOfAnotherEngineIsExplained() {
		assertWrong(this.builder.user("app").backend(MySqlBackend.embeddedMariaDb()),
				"The backend is for another engine: RDS for PostgreSQL needs a PostgresBackend");
		assertWrong(
				RdsIamEmulator.of(Engine.MARIADB)
					.user("app")
					.principal(Tokens.PRINCIPAL.allowedToConnectAs("app"))
					.backend(PostgresBackend.embedded()),
				"The backend is for another engine: RDS for MariaDB needs a MySqlBackend");
	}

	@Test
	void mySqlServerThatDoesNotAnswerIsExplained() {
		RdsIamEmulatorBuilder mysql = RdsIamEmulator.mysql()
			.user("app")
			.principal(Tokens.PRINCIPAL.allowedToConnectAs("app"))
			.backend(MySqlBackend.server("127.0.0.1", 1, "root", Tokens.SECRET_KEY));
		assertThatExceptionOfType(EmulatorException.class).isThrownBy(mysql::start)
			.withMessage("The emulator could not create its users and its database on "
					+ "BackendServer[root@127.0.0.1:1]: check that the server runs, and that the user may create "
					+ "users and databases (SQLSTATE 08001)");
	}

	@Test
	void badRegionIsExplained() {
		assertWrong(this.builder.user("app").region("Ireland"),
				"The region 'Ireland' is not one: it looks like eu-west-1");
	}

	@Test
	void badTimeoutIsExplained() {
		assertWrong(this.builder.user("app").loginTimeout(Duration.ZERO),
				"The login timeout is not a positive duration");
	}

	@Test
	void badTokenLifetimesAreExplained() {
		this.builder.user("app");
		String explanation = "The token lifetime is not a positive duration of at most 15 minutes, "
				+ "as long as RDS accepts a token";
		assertWrong(this.builder.tokenLifetime(Duration.ZERO), explanation);
		assertWrong(this.builder.tokenLifetime(Duration.ofSeconds(-1)), explanation);
		assertWrong(this.builder.tokenLifetime(Duration.ofSeconds(901)), explanation);
	}

	@Test
	void administratorOfTheServerBehindIsNoDatabaseUser() {
		assertWrong(this.builder.backend(PostgresBackend.server("127.0.0.1", 1, "root", null)).user("root"),
				"The database user 'root' administers the server behind the emulator: choose another name");
	}

	@Test
	void serverThatDoesNotAnswerIsExplained() {
		this.builder.user("app").backend(PostgresBackend.server("127.0.0.1", 1, "root", Tokens.SECRET_KEY));
		assertThatExceptionOfType(EmulatorException.class).isThrownBy(this.builder::start)
			.withMessage("The emulator could not create its users and its database on "
					+ "BackendServer[root@127.0.0.1:1]: check that the server runs, and that the user may create "
					+ "users and databases (SQLSTATE 08001)");
	}

	@Test
	void portInUseIsExplained() throws Exception {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			this.builder.user("app").port(other.getLocalPort());
			assertThatExceptionOfType(EmulatorException.class).isThrownBy(this.builder::start)
				.withMessage("The emulator could not listen on port " + other.getLocalPort()
						+ ": something else may be listening there; port 0 takes a free one");
		}
	}

	private static void assertWrong(RdsIamEmulatorBuilder builder, String explanation) {
		assertThatIllegalArgumentException().isThrownBy(builder::start).withMessage(explanation);
	}

}

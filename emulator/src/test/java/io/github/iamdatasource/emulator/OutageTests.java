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

import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * An emulator of its own, so that nobody else suffers from the outages.
 */
class OutageTests {

	private static Rds rds;

	@BeforeAll
	static void start() {
		rds = Rds.of(RdsIamEmulator.postgresql()
			.database("orders")
			.user("app")
			.user("forbidden")
			.principal(Tokens.PRINCIPAL.allowedToConnectAs("app", "unknown")));
	}

	@AfterAll
	static void close() throws Exception {
		rds.close();
	}

	@AfterEach
	void endOutage() {
		rds.emulator().rejectLogins(false);
	}

	@Test
	void goodLoginsAreRejectedUntilTheOutageIsOver() throws Exception {
		long accepted = rds.emulator().accepted();
		rds.emulator().rejectLogins(true);
		assertRefused(Rejection.OUTAGE, () -> rds.connect("app"), "app");
		rds.emulator().rejectLogins(true);
		assertRefused(Rejection.OUTAGE, () -> rds.connect("app"), "app");
		assertThat(rds.emulator().accepted()).isEqualTo(accepted);
		rds.emulator().rejectLogins(false);
		assertLogsIn();
		assertThat(rds.emulator().accepted()).isEqualTo(accepted + 1);
	}

	@Test
	void tokenThatWasRejectedInTheOutageIsGoodAfterIt() throws Exception {
		String token = rds.token("app");
		rds.emulator().rejectLogins(true);
		assertRefused(Rejection.OUTAGE, () -> rds.connect("app", token), "app");
		rds.emulator().rejectLogins(false);
		rds.connect("app", token).close();
	}

	@Test
	void loginThatIsWrongByItselfKeepsItsReason() {
		rds.emulator().rejectLogins(true);
		long outages = rds.emulator().rejected(Rejection.OUTAGE);
		assertRefused(Rejection.MALFORMED_TOKEN, () -> rds.connect("app", "password"), "app");
		assertRefused(Rejection.POLICY_DENIES, () -> rds.connect("forbidden"), "forbidden");
		assertRefused(Rejection.UNKNOWN_DATABASE_USER, () -> rds.connect("unknown"), "unknown");
		long plaintext = rds.emulator().rejected(Rejection.PLAINTEXT);
		catchThrowableOfType(SQLException.class, () -> rds.connect("app", "never sent", "sslmode", "disable"));
		assertThat(rds.emulator().rejected(Rejection.PLAINTEXT)).isEqualTo(plaintext + 1);
		assertThat(rds.emulator().rejected(Rejection.OUTAGE)).isEqualTo(outages);
	}

	@Test
	void openSessionsSurviveWhileLoginsAreRejected() throws Exception {
		try (Connection connection = rds.connect("app")) {
			rds.emulator().rejectLogins(true);
			assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app");
		}
	}

	private static void assertLogsIn() throws SQLException {
		try (Connection connection = rds.connect("app")) {
			assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app");
		}
	}

	private static void assertRefused(Rejection rejection, ThrowingCallable login, String user) {
		long before = rds.emulator().rejected(rejection);
		SQLException refused = catchThrowableOfType(SQLException.class, login);
		assertThat(((PSQLException) refused).getServerErrorMessage().getMessage())
			.isEqualTo("PAM authentication failed for user \"" + user + "\"");
		assertThat(refused.getSQLState()).isEqualTo("28000");
		assertThat(rds.emulator().rejected(rejection)).isEqualTo(before + 1);
	}

}

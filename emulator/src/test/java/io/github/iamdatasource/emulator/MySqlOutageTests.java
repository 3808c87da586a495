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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The faults are the same, whatever the engine.
 */
@ExtendWith(SharedRds.class)
@SharedRds.With(Engine.MARIADB)
class MySqlOutageTests {

	@Test
	void goodLoginsAreRejectedUntilTheOutageIsOver(Rds rds) throws Exception {
		long before = rds.emulator().rejected(Rejection.OUTAGE);
		rds.emulator().rejectLogins(true);
		try {
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> MySqlClients.MARIADB.connect(rds, "app"));
			assertThat(refused.getErrorCode()).isEqualTo(1045);
			assertThat(rds.emulator().rejected(Rejection.OUTAGE)).isEqualTo(before + 1);
		}
		finally {
			rds.emulator().rejectLogins(false);
		}
		MySqlClients.MARIADB.connect(rds, "app").close();
	}

	@Test
	void stopCutsOpenSessionsAndDataSurvives(Rds rds) throws Exception {
		try (Connection connection = MySqlClients.CONNECTOR_J.connect(rds, "app")) {
			connection.createStatement().execute("CREATE TABLE kept SELECT 'kept' AS what");
			rds.emulator().stopServing();
			assertThat(connection.isValid(1)).isFalse();
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> MySqlClients.CONNECTOR_J.connect(rds, "app"));
			assertThat(refused.getSQLState()).startsWith("08");
		}
		finally {
			rds.emulator().resumeServing();
		}
		try (Connection connection = MySqlClients.CONNECTOR_J.connect(rds, "app")) {
			assertThat(LoginTests.query(connection, "SELECT what FROM kept")).isEqualTo("kept");
			connection.createStatement().execute("DROP TABLE kept");
		}
	}

	@Test
	void principalsComeAndGo(Rds rds) throws Exception {
		rds.emulator().removePrincipal(Tokens.ACCESS_KEY);
		try {
			long before = rds.emulator().rejected(Rejection.UNKNOWN_ACCESS_KEY);
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> MySqlClients.MARIADB.connect(rds, "app"));
			assertThat(refused.getErrorCode()).isEqualTo(1045);
			assertThat(rds.emulator().rejected(Rejection.UNKNOWN_ACCESS_KEY)).isEqualTo(before + 1);
		}
		finally {
			rds.emulator().addPrincipal(Tokens.PRINCIPAL.allowedToConnectAs("app", "Other User", "unknown"));
		}
		MySqlClients.MARIADB.connect(rds, "app").close();
	}

}

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

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import com.mysql.cj.jdbc.JdbcConnection;
import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * With a real MySQL behind, where the machine can run it.
 */
@ExtendWith(SharedRds.class)
@SharedRds.With(Engine.MYSQL)
class GenuineMySqlTests {

	@ParameterizedTest
	@EnumSource
	void goodTokenLogsInAsThatUser(MySqlClients client, Rds rds) throws Exception {
		try (Connection connection = client.connect(rds, "app")) {
			assertThat(LoginTests.query(connection, "SELECT CONCAT(CURRENT_USER(), ' ', DATABASE())"))
				.isEqualTo("app@% orders");
			assertThat(connection.getMetaData().getDatabaseProductVersion()).startsWith("8.0.12");
			assertThat(rds.emulator().jdbcUrl()).startsWith("jdbc:mysql://" + SharedRds.HOSTNAME + ":");
		}
	}

	@ParameterizedTest
	@EnumSource
	void wrongTokenIsRefusedAsByRds(MySqlClients client, Rds rds) {
		SQLException refused = catchThrowableOfType(SQLException.class,
				() -> client.connect(rds, "Other User", rds.token("app")));
		assertThat(refused.getMessage())
			.contains("Access denied for user 'Other User'@'127.0.0.1' (using password: YES)");
		assertThat(refused.getErrorCode()).isEqualTo(1045);
		assertThat(refused.getSQLState()).isEqualTo("28000");
	}

	@ParameterizedTest
	@EnumSource
	void localFileIsLoaded(MySqlClients client, Rds rds, @TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("lines"), "line\n".repeat(1000));
		try (Connection connection = client.connect(rds, "app", rds.token("app"), "allowLoadLocalInfile", "true",
				"allowLocalInfile", "true"); Statement statement = connection.createStatement()) {
			statement.execute("CREATE TEMPORARY TABLE loaded (line varchar(100))");
			statement.execute("LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE loaded");
			assertThat(LoginTests.query(connection, "SELECT COUNT(*) FROM loaded")).isEqualTo("1000");
		}
	}

	@Test
	void userIsChangedWithTheOthersTokenOnly(Rds rds) throws Exception {
		try (Connection connection = MySqlClients.CONNECTOR_J.connect(rds, "app")) {
			JdbcConnection changing = connection.unwrap(JdbcConnection.class);
			changing.changeUser("Other User", rds.token("Other User"));
			assertThat(LoginTests.query(connection, "SELECT CURRENT_USER()")).isEqualTo("Other User@%");
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> changing.changeUser("app", rds.token("Other User")));
			assertThat(refused.getErrorCode()).isEqualTo(1045);
		}
	}

}

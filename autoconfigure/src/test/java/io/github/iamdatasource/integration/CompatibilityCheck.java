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
package io.github.iamdatasource.integration;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.jdbc.IamLoginException;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What has to hold for each driver with each server under each pool.
 */
enum CompatibilityCheck {

	/** The application works with the database as the user that it is configured with. */
	SIGNS_IN {

		@Override
		void verify(Combination combination, OrdersDatabase database) throws SQLException {
			long accepted = database.rds().accepted();
			try (ConfigurableApplicationContext context = application(combination, database).run()) {
				assertThat(context.getBean(DataSource.class).getClass().getName()).isEqualTo(combination.pool().type());
				JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
				assertThat(jdbc.queryForObject(user(combination.engine()), String.class)).isEqualTo("app");
				jdbc.execute("create table if not exists compatible (id int primary key, item varchar(20))");
				jdbc.update("delete from compatible");
				jdbc.update("insert into compatible (id, item) values (?, ?)", 7, "Grüner Tee ☕");
				assertThat(jdbc.queryForObject("select item from compatible where id = ?", String.class, 7))
					.isEqualTo("Grüner Tee ☕");
				assertDriver(combination.driver(), context.getBean(DataSource.class));
			}
			assertThat(database.rds().accepted()).isGreaterThan(accepted);
		}

	},

	/**
	 * The first token is worth nothing any more when the second connection is opened. The
	 * server counts what it saw of both.
	 */
	ROTATES {

		@Override
		void verify(Combination combination, OrdersDatabase database) throws SQLException {
			RdsIamEmulator rds = database.rds();
			String accessKey = "AKIAROTATED" + combination.toString().replace("/", "");
			rds.addPrincipal(IamPrincipal.withKeys(accessKey, TestCredentials.SECRET_KEY).allowedToConnectAs("app"));
			try {
				AtomicReference<AwsCredentialsProvider> credentials = new AtomicReference<>(
						TestCredentials.longLived(accessKey, TestCredentials.SECRET_KEY));
				try (ConfigurableApplicationContext context = application(combination, database)
					.with(() -> credentials.get().resolveCredentials())
					.run()) {
					DataSource dataSource = context.getBean(DataSource.class);
					try (Connection before = dataSource.getConnection()) {
						credentials.set(TestCredentials.user());
						rds.removePrincipal(accessKey);
						long rejected = rds.rejected(Rejection.UNKNOWN_ACCESS_KEY);
						long accepted = rds.accepted();
						try (Connection after = dataSource.getConnection()) {
							assertThat(rds.rejected(Rejection.UNKNOWN_ACCESS_KEY)).isGreaterThan(rejected);
							assertThat(rds.accepted()).isGreaterThan(accepted);
							assertThat(query(before, user(combination.engine()))).isEqualTo("app");
							assertThat(query(after, user(combination.engine()))).isEqualTo("app");
							assertThat(query(before, session(combination.engine())))
								.isNotEqualTo(query(after, session(combination.engine())));
						}
					}
				}
			}
			finally {
				rds.removePrincipal(accessKey);
			}
		}

	},

	/** A caller who is refused is told what to check. */
	EXPLAINS_REJECTION {

		@Override
		void verify(Combination combination, OrdersDatabase database) {
			long rejected = database.rds().rejected(Rejection.POLICY_DENIES);
			String explanation = explanation(application(combination, database)
				.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY)));
			assertThat(explanation).contains("did not accept the token")
				.contains("rds-db:connect")
				.contains((combination.engine() == Engine.POSTGRESQL) ? "GRANT rds_iam"
						: "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'");
			assertThat(database.rds().rejected(Rejection.POLICY_DENIES)).isGreaterThan(rejected);
		}

	},

	/** A server whose certificate no trusted authority vouches for gets no token. */
	SENDS_NO_TOKEN_TO_STRANGERS {

		@Override
		void verify(Combination combination, OrdersDatabase database) {
			long before = database.rds().accepted() + database.rds().rejected();
			Application application = application(combination, database).without("iam.datasource.tls.ca-certificates");
			if (combination.driver().isPersistent()) {
				application.with("iam.datasource.url",
						combination.driver().url(database) + "?openConnectionRetryTimeoutMs=100");
				assertThat(failure(application)).isNotNull();
			}
			else {
				assertThat(explanation(application)).contains("No token was sent");
			}
			assertThat(database.rds().accepted() + database.rds().rejected()).isEqualTo(before);
		}

	};

	/**
	 * Verify it.
	 * @param combination what with what
	 * @param database a database of that engine
	 * @throws SQLException if it does not hold
	 */
	abstract void verify(Combination combination, OrdersDatabase database) throws SQLException;

	static Application application(Combination combination, OrdersDatabase database) {
		return combination.pool()
			.under(Application.signingIn(database)
				.with("iam.datasource.url", combination.driver().url(database))
				.with("iam.datasource.tls.mode", "verify-full"));
	}

	static String user(Engine engine) {
		// Behind the '@' is where the client is.
		return (engine == Engine.POSTGRESQL) ? "select current_user" : "select substring_index(current_user(), '@', 1)";
	}

	static String session(Engine engine) {
		return (engine == Engine.POSTGRESQL) ? "select pg_backend_pid()" : "select connection_id()";
	}

	private static void assertDriver(TestedDriver driver, DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			DatabaseMetaData metaData = connection.getMetaData();
			assertThat(metaData.getDriverName().replace("Amazon Web Services (AWS)", "AWS"))
				.isEqualTo(driver.product());
			assertThat(driver.title())
				.contains(" " + metaData.getDriverMajorVersion() + "." + metaData.getDriverMinorVersion() + ".");
		}
	}

	private static String explanation(Application application) {
		Throwable failure = failure(application);
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
			.filter(IamLoginException.class::isInstance)
			.map(Throwable::getMessage)
			.findFirst()
			.orElseThrow(() -> new AssertionError("It is not explained", failure));
	}

	private static Throwable failure(Application application) {
		try (ConfigurableApplicationContext context = application.run()) {
			return Outsider
				.sees(catchThrowableOfType(SQLException.class, context.getBean(DataSource.class)::getConnection));
		}
	}

	static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

}

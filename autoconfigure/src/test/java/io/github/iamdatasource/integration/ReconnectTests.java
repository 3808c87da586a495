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
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.token.TokenSource;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Connector/J can connect again by itself, long after the data source has opened the
 * connection.
 */
@ExtendWith(OrdersDatabases.Resolver.class)
class ReconnectTests {

	private static final String ACCESS_KEY = "AKIARECONNECTRECONNE";

	private static final String PARAMETERS = "?autoReconnect=true&maxReconnects=1";

	private final OrdersDatabases databases;

	ReconnectTests(OrdersDatabases databases) {
		this.databases = databases;
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void driverLogsInWithTheTokenOfThatTime(Engine engine) throws SQLException {
		OrdersDatabase database = this.databases.of(engine);
		RdsIamEmulator rds = database.rds();
		rds.addPrincipal(IamPrincipal.withKeys(ACCESS_KEY, TestCredentials.SECRET_KEY).allowedToConnectAs("app"));
		try {
			AtomicReference<AwsCredentialsProvider> credentials = new AtomicReference<>(
					TestCredentials.longLived(ACCESS_KEY, TestCredentials.SECRET_KEY));
			try (ConfigurableApplicationContext context = application(database)
				.with(() -> credentials.get().resolveCredentials())
				.run(); Connection connection = context.getBean(IamDataSource.class).getConnection()) {
				String session = CompatibilityCheck.query(connection, CompatibilityCheck.session(engine));
				TokenSource tokens = context.getBean(IamDataSource.class).getTokenSource();
				credentials.set(TestCredentials.user());
				rds.removePrincipal(ACCESS_KEY);
				tokens.replace(Objects.requireNonNull(tokens.current()), Duration.ofSeconds(30));
				rds.stopServing();
				rds.resumeServing();
				long accepted = rds.accepted();
				long rejected = rds.rejected();
				assertThat(
						catchThrowable(() -> CompatibilityCheck.query(connection, CompatibilityCheck.session(engine))))
					.isInstanceOf(SQLException.class);
				assertThat(CompatibilityCheck.query(connection, CompatibilityCheck.session(engine)))
					.isNotEqualTo(session);
				assertThat(CompatibilityCheck.query(connection, CompatibilityCheck.user(engine))).isEqualTo("app");
				assertThat(rds.accepted()).isEqualTo(accepted + 1);
				assertThat(rds.rejected()).isEqualTo(rejected);
			}
		}
		finally {
			rds.resumeServing();
			rds.removePrincipal(ACCESS_KEY);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void rejectedLoginIsExplainedHoweverOftenTheDriverTries(Engine engine) {
		OrdersDatabase database = this.databases.of(engine);
		long rejected = database.rds().rejected(Rejection.POLICY_DENIES);
		try (ConfigurableApplicationContext context = application(database)
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
			.run()) {
			Throwable failure = Outsider.sees(catchThrowable(context.getBean(IamDataSource.class)::getConnection));
			assertThat(failure).isInstanceOf(IamLoginException.class)
				.hasMessageContaining("did not accept the token")
				.hasMessageContaining("AWSAuthenticationPlugin");
		}
		assertThat(database.rds().rejected(Rejection.POLICY_DENIES)).isGreaterThan(rejected);
	}

	private static Application application(OrdersDatabase database) {
		return Pool.NONE.under(Application.signingIn(database)
			.with("iam.datasource.url", database.rds().jdbcUrl("mysql") + PARAMETERS));
	}

}

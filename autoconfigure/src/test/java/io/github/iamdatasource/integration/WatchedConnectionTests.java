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
import java.time.Duration;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.jdbc.util.CoreServicesContainer;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The AWS Advanced JDBC Wrapper opens connections of its own, to see whether a server
 * that takes long to answer is still there.
 */
@ExtendWith(OrdersDatabases.Resolver.class)
class WatchedConnectionTests {

	/** The wrapper looks for statements to watch once in a second. */
	private static final String AT_ONCE = "&failureDetectionTime=0&failureDetectionInterval=100";

	private final OrdersDatabases databases;

	WatchedConnectionTests(OrdersDatabases databases) {
		this.databases = databases;
	}

	@AfterAll
	static void stopWatching() {
		CoreServicesContainer.getInstance().getMonitorService().stopAndRemoveAll();
	}

	static Stream<Combination> combinations() {
		return Stream
			.of(TestedDriver.WRAPPED_POSTGRESQL_WATCHED, TestedDriver.WRAPPED_MYSQL_WATCHED,
					TestedDriver.WRAPPED_MARIADB_WATCHED)
			.map((driver) -> new Combination(driver, driver.engines().get(0), Pool.NONE));
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void wrapperLogsInByItselfWithATokenOfOurs(Combination combination) throws Exception {
		// Watches that are shared by all of a host's connections begin anew.
		CoreServicesContainer.getInstance().getMonitorService().stopAndRemoveAll();
		OrdersDatabase database = this.databases.of(combination.engine());
		RdsIamEmulator rds = database.rds();
		try (ConfigurableApplicationContext context = CompatibilityCheck.application(combination, database)
			.with("iam.datasource.url", combination.driver().url(database) + AT_ONCE)
			.run(); Connection connection = context.getBean(DataSource.class).getConnection()) {
			long accepted = rds.accepted();
			long rejected = rds.rejected();
			Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
				CompatibilityCheck.query(connection, slow(combination.engine()));
				return rds.accepted() > accepted;
			});
			assertThat(context.getBean(IamDataSource.class).snapshot().logins().get(Outcome.SUCCEEDED)).isOne();
			assertThat(rds.rejected()).isEqualTo(rejected);
			assertThat(CompatibilityCheck.query(connection, CompatibilityCheck.user(combination.engine())))
				.isEqualTo("app");
		}
	}

	private static String slow(Engine engine) {
		return (engine == Engine.POSTGRESQL) ? "select pg_sleep(3)" : "select sleep(3)";
	}

}

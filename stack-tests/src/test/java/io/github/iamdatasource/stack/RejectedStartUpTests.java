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
package io.github.iamdatasource.stack;

import io.github.iamdatasource.emulator.Engine;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Whoever it is that wants the first connection, and whatever is made of its failure: who
 * starts the application reads why the login was rejected.
 */
@ExtendWith(Databases.Resolver.class)
class RejectedStartUpTests {

	private final Database database;

	RejectedStartUpTests(Databases databases) {
		this.database = databases.of(Engine.POSTGRESQL);
	}

	@ParameterizedTest
	@EnumSource(names = { "JPA", "FLYWAY", "LIQUIBASE", "QUARTZ" })
	void mistakeIsNamed(Library first) {
		assertThatException().isThrownBy(() -> Application.on(this.database)
			.with(first)
			.with("iam.datasource.region", "us-east-1")
			.with("spring.liquibase.change-log", "classpath:db/changelog/orders.sql")
			.with("spring.liquibase.analytics-enabled", "false")
			.with("spring.quartz.job-store-type", "jdbc")
			.with("spring.quartz.jdbc.initialize-schema", "always")
			.run());
		FailureAnalysis analysis = ReportedAnalysis.take();
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).startsWith(
				"The token was signed for the region us-east-1, but " + Database.HOSTNAME + " is in eu-west-1.");
		assertThat(analysis.getAction()).startsWith("Remove iam.datasource.region, or set it to eu-west-1.")
			.contains("GRANT rds_iam TO \"app\";");
	}

}

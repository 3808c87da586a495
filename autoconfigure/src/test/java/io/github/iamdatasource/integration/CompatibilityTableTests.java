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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.github.iamdatasource.emulator.Engine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which lines the documentation's table has after a run.
 */
class CompatibilityTableTests {

	private static final String MARIADB_4 = "| MariaDB Connector/J 4.9.9 | MySQL 8.0.1 | yes | yes | yes | yes |";

	@TempDir
	private Path folder;

	private CompatibilityTable table;

	@BeforeEach
	void documentSomething() throws IOException {
		this.table = new CompatibilityTable(Files.writeString(this.folder.resolve("page.md"), """
				Above
				<!-- table -->
				| Driver | Server | pools |
				|---|---|---|
				| PostgreSQL JDBC Driver 42.0.1 | PostgreSQL 17.9 | yes | yes | yes | yes |
				%s
				| A driver that is not supported any more 1.0.0 | MySQL 8.0.1 | yes | yes | yes | yes |
				<!-- /table -->
				Below
				""".formatted(MARIADB_4)));
		this.table.version(Engine.POSTGRESQL, "18.6 (Debian 18.6-1)");
		this.table.version(Engine.MYSQL, "8.0.12-log");
	}

	@Test
	void lineOfWhatWasRunIsWrittenAnew() throws IOException {
		run(Combination.of(TestedDriver.POSTGRESQL), true);
		assertThat(this.table.render()).startsWith("Above\n<!-- table -->\n| Driver | Server | HikariCP ")
			.contains("| " + TestedDriver.POSTGRESQL.title() + " | PostgreSQL 18.6 | yes | yes | yes | yes |\n")
			.doesNotContain("42.0.1", "17.9")
			.endsWith("\n<!-- /table -->\nBelow\n");
	}

	@Test
	void lineOfWhatWasNotRunIsKept() throws IOException {
		run(Combination.of(TestedDriver.MARIADB_4).filter((it) -> it.pool() != Pool.DBCP2), true);
		assertThat(this.table.render()).contains(
				"| PostgreSQL JDBC Driver 42.0.1 | PostgreSQL 17.9 | yes | yes | yes | yes |\n" + MARIADB_4 + "\n");
	}

	@Test
	void lineThatNobodyRunsAnyMoreIsLeftOut() throws IOException {
		assertThat(this.table.render()).doesNotContain("not supported any more");
	}

	@Test
	void combinationThatFailedDoesNotWork() throws IOException {
		run(Combination.of(TestedDriver.MYSQL), true);
		run(Stream.of(new Combination(TestedDriver.POSTGRESQL, Engine.POSTGRESQL, Pool.HIKARI)), false);
		run(Combination.of(TestedDriver.POSTGRESQL).filter((it) -> it.pool() != Pool.HIKARI), true);
		assertThat(this.table.render())
			.contains("| " + TestedDriver.POSTGRESQL.title() + " | PostgreSQL 18.6 | no | yes | yes | yes |\n")
			.contains("| " + TestedDriver.MYSQL.title() + " | MySQL 8.0.12 | yes | yes | yes | yes |\n");
	}

	private void run(Stream<Combination> combinations, boolean passed) {
		combinations.forEach((combination) -> {
			for (CompatibilityCheck check : CompatibilityCheck.values()) {
				this.table.ended(combination, check, passed || check != CompatibilityCheck.ROTATES);
			}
		});
	}

}

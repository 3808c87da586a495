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
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.github.iamdatasource.emulator.Engine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;
import software.amazon.jdbc.util.CoreServicesContainer;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every driver with every server under every pool; what they show is a table in the
 * documentation.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(OrdersDatabases.Resolver.class)
class CompatibilityTests {

	private static final Path DOCUMENTATION = Path.of("..", "docs", "compatibility.md");

	/** System property that has the documentation written anew. */
	private static final String UPDATE = "compatibility.update";

	private final OrdersDatabases databases;

	private final CompatibilityTable table = new CompatibilityTable(DOCUMENTATION);

	private @Nullable MariaDb4Process mariaDb4;

	CompatibilityTests(OrdersDatabases databases) {
		this.databases = databases;
	}

	@BeforeAll
	void startTheOtherProcess() throws IOException {
		this.mariaDb4 = MariaDb4Process.start();
	}

	@AfterAll
	void endWhatRunsInTheBackground() throws InterruptedException {
		// The wrapper goes on watching servers when all connections are closed.
		CoreServicesContainer.getInstance().getMonitorService().stopAndRemoveAll();
		if (this.mariaDb4 != null) {
			this.mariaDb4.end();
		}
	}

	static Stream<Combination> combinations() {
		return Combination.all();
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void signsInReadsAndWrites(Combination combination) throws Exception {
		verify(combination, CompatibilityCheck.SIGNS_IN);
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void connectionsOfTwoTokensAreUsableAtOnce(Combination combination) throws Exception {
		verify(combination, CompatibilityCheck.ROTATES);
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void rejectedLoginIsExplainedToTheCaller(Combination combination) throws Exception {
		verify(combination, CompatibilityCheck.EXPLAINS_REJECTION);
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void serverThatIsNotTrustedGetsNoToken(Combination combination) throws Exception {
		verify(combination, CompatibilityCheck.SENDS_NO_TOKEN_TO_STRANGERS);
	}

	private void verify(Combination combination, CompatibilityCheck check) throws Exception {
		try {
			if (combination.driver().isHere()) {
				check.verify(combination, this.databases.of(combination.engine()));
			}
			else if (this.mariaDb4 != null) {
				this.mariaDb4.verify(combination, check);
			}
			else {
				throw new TestAbortedException("Only a build with Maven has this driver");
			}
		}
		catch (TestAbortedException ex) {
			throw ex;
		}
		catch (Exception | Error ex) {
			this.table.ended(combination, check, false);
			throw ex;
		}
		this.table.ended(combination, check, true);
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void documentationHasTheTableOfWhatWasShown() throws IOException {
		serverVersions().forEach(this.table::version);
		String page = this.table.render();
		Files.writeString(Path.of(System.getProperty("test.output.folder", "target"), "compatibility.md"), page);
		if (Boolean.parseBoolean(System.getProperty(UPDATE))) {
			Files.writeString(DOCUMENTATION, page);
		}
		assertThat(Files.readString(DOCUMENTATION))
			.as("What was shown is not what docs/compatibility.md tells. If it is what it should be, run the tests once "
					+ "with -D" + UPDATE + ", which writes it there, and commit that")
			.isEqualTo(page);
	}

	private Map<Engine, String> serverVersions() {
		Map<Engine, String> versions = new HashMap<>();
		for (Engine engine : Engine.values()) {
			try {
				TestedDriver driver = Stream.of(TestedDriver.values())
					.filter((it) -> it.engines().contains(engine))
					.findFirst()
					.orElseThrow();
				try (ConfigurableApplicationContext context = CompatibilityCheck
					.application(new Combination(driver, engine, Pool.NONE), this.databases.of(engine))
					.run()) {
					versions.put(engine, context.getBean(JdbcTemplate.class)
						.queryForObject((engine == Engine.POSTGRESQL) ? "show server_version" : "select version()",
								String.class));
				}
			}
			catch (TestAbortedException ex) {
				// Its lines stay as they are.
			}
		}
		return versions;
	}

}

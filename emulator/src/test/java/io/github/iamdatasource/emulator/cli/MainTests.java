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
package io.github.iamdatasource.emulator.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class MainTests {

	private static final String SECRET = "aNeverLogThisSecret";

	private static final String WRONG_LIFETIME = "The token lifetime is not a positive duration of at most 15 minutes, "
			+ "as long as RDS accepts a token";

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	private final Main main = new Main(new PrintStream(this.out, true, StandardCharsets.UTF_8),
			new PrintStream(this.err, true, StandardCharsets.UTF_8));

	@TempDir
	private Path folder;

	@Test
	void helpNamesEveryOption() {
		assertThat(run("--help")).isZero();
		assertThat(this.out.toString()).contains("--engine", "--port", "--hostname", "--region", "--account",
				"--resource-id", "--database", "--user", "--access-key", "--secret-key", "--session-token",
				"--token-lifetime", "--ca-file", "--help", "IAM_EMULATOR_SECRET_KEY", "IAM_EMULATOR_SESSION_TOKEN");
		assertThat(this.err.toString()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "--user,--user is missing: name a database user who may sign in",
			"--access-key,--access-key is missing", "--ca-file,--ca-file is missing",
			"--secret-key,'--secret-key is missing: give it, or set the environment variable IAM_EMULATOR_SECRET_KEY'" })
	void missingOptionIsExplained(String option, String explanation) {
		List<String> arguments = complete();
		int index = arguments.indexOf(option);
		arguments.subList(index, index + 2).clear();
		assertWrongUsage(arguments, explanation);
	}

	@Test
	void missingValueIsExplained() {
		List<String> arguments = complete();
		arguments.add("--region");
		assertWrongUsage(arguments, "--region needs a value");
	}

	@Test
	void unknownOptionIsExplained() {
		List<String> arguments = complete();
		arguments.add("--regions");
		assertWrongUsage(arguments, "There is no option --regions");
	}

	@Test
	void repeatedOptionIsExplained() {
		List<String> arguments = complete();
		arguments.addAll(List.of("--secret-key", SECRET));
		assertWrongUsage(arguments, "--secret-key is given twice");
	}

	@Test
	void strayArgumentIsNotRepeated() {
		List<String> arguments = complete();
		arguments.add(SECRET);
		assertWrongUsage(arguments, "One of the arguments is neither an option nor an option's value");
	}

	@ParameterizedTest
	@CsvSource({ "--port,http,--port must be a number between 0 and 65535",
			"--port,70000,The port 70000 is not between 0 and 65535",
			"--engine,oracle,'--engine must be postgresql, mysql or mariadb'",
			"--region,Ireland,The region 'Ireland' is not one: it looks like eu-west-1",
			"--token-lifetime,15m,--token-lifetime must be a number of seconds between 1 and 900",
			"--token-lifetime,-1,--token-lifetime must be a number of seconds between 1 and 900",
			"--token-lifetime,0,'" + WRONG_LIFETIME + "'", "--token-lifetime,901,'" + WRONG_LIFETIME + "'",
			"--database,template0,The database 'template0' is PostgreSQL's own: choose another name",
			"--user,pg_x,The database user 'pg_x' is a reserved name: choose another" })
	void wrongValueIsExplained(String option, String value, String explanation) {
		List<String> arguments = complete();
		arguments.addAll(List.of(option, value));
		assertWrongUsage(arguments, explanation);
	}

	@ParameterizedTest
	@ValueSource(strings = { "--region=Ireland" })
	void valueMayFollowAnEqualsSign(String argument) {
		List<String> arguments = complete();
		arguments.add(argument);
		assertWrongUsage(arguments, "The region 'Ireland' is not one: it looks like eu-west-1");
	}

	@Test
	void secretsMayComeFromTheEnvironment() {
		List<String> arguments = complete();
		int index = arguments.indexOf("--secret-key");
		arguments.subList(index, index + 2).clear();
		arguments.addAll(List.of("--region", "Ireland"));
		int exitCode = this.main.run(arguments, Map.of("IAM_EMULATOR_SECRET_KEY", SECRET));
		assertThat(exitCode).isEqualTo(2);
		assertThat(this.err.toString()).startsWith("The region");
	}

	@Test
	void caFileThatCannotBeWrittenIsExplainedAndNothingKeepsRunning() {
		List<String> arguments = complete();
		arguments.set(arguments.indexOf("--ca-file") + 1, this.folder.resolve("missing/ca.pem").toString());
		assertThat(run(arguments)).isEqualTo(1);
		assertThat(this.err.toString()).startsWith("The CA certificate could not be written to the --ca-file: ");
		assertThat(this.out.toString()).isEmpty();
		assertThat(this.main.isRunning()).isFalse();
	}

	@Test
	void caFileIsWrittenBeforeItIsReady() throws Exception {
		assertThat(run(complete())).isZero();
		try {
			assertThat(this.out.toString()).matches("ready localhost:[0-9]+\\R");
			assertThat(Files.readString(this.folder.resolve("ca.pem"))).startsWith("-----BEGIN CERTIFICATE-----");
		}
		finally {
			this.main.stop();
		}
		assertThat(this.main.isRunning()).isFalse();
	}

	@Test
	void engineMayBeChosen() {
		List<String> arguments = complete();
		arguments.addAll(List.of("--engine", "mariadb", "--database", "mysql"));
		assertWrongUsage(arguments, "The database 'mysql' is MariaDB's own: choose another name");
	}

	@Test
	void stopBeforeTheStartPreventsIt() {
		this.main.stop();
		assertThat(run(complete())).isZero();
		assertThat(this.main.isRunning()).isFalse();
		assertThat(this.out.toString()).isEmpty();
	}

	@Test
	void stopDuringTheStartIsNotFollowedByReady() throws Exception {
		AtomicInteger exitCode = new AtomicInteger(-1);
		Thread starter = new Thread(() -> exitCode.set(run(complete())));
		starter.start();
		await().pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(60))
			.until(() -> ProcessHandle.current().children().anyMatch(MainTests::isInitdb));
		this.main.stop();
		starter.join();
		assertThat(exitCode).hasValue(0);
		assertThat(this.main.isRunning()).isFalse();
		assertThat(this.out.toString()).isEmpty();
		assertThat(this.folder.resolve("ca.pem")).doesNotExist();
	}

	@Test
	void nothingKeepsRunningAfterAnyOtherFailure() {
		Main unheard = new Main(new PrintStream(this.out) {

			@Override
			public void println(String line) {
				throw new IllegalStateException("Nobody listens");
			}

		}, new PrintStream(this.err, true, StandardCharsets.UTF_8));
		assertThat(unheard.run(complete(), Map.of())).isEqualTo(1);
		assertThat(this.err.toString()).contains("Nobody listens");
		assertThat(unheard.isRunning()).isFalse();
	}

	private static boolean isInitdb(ProcessHandle process) {
		return process.info().command().orElse("").endsWith("/initdb");
	}

	private List<String> complete() {
		return new ArrayList<>(List.of("--user", "app", "--access-key", "AKIDEXAMPLE", "--secret-key", SECRET,
				"--ca-file", this.folder.resolve("ca.pem").toString()));
	}

	private void assertWrongUsage(List<String> arguments, String explanation) {
		assertThat(run(arguments)).isEqualTo(2);
		assertThat(this.err.toString())
			.isEqualToNormalizingNewlines(explanation + "\nRun it with --help to see all options.\n");
		assertThat(this.out.toString()).isEmpty();
	}

	private int run(String... arguments) {
		return run(List.of(arguments));
	}

	private int run(List<String> arguments) {
		return this.main.run(arguments, Map.of());
	}

}

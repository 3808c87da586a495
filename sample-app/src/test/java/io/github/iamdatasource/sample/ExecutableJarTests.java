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
package io.github.iamdatasource.sample;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code java -jar}. The build runs them when it has packaged the application,
 * and says where; elsewhere there may be none to run.
 */
@EnabledIfSystemProperty(named = "sample.jar", matches = ".+")
class ExecutableJarTests {

	private static final String HOSTNAME = "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

	@TempDir
	private Path folder;

	private Path output;

	private final List<Process> started = new ArrayList<>();

	@BeforeEach
	void writeOutputToWhereItIsSearchedForSecrets(TestInfo test) {
		this.output = Path.of(System.getProperty("test.output.folder"), "surefire-reports",
				"ExecutableJarTests-" + test.getTestMethod().orElseThrow().getName() + "-output.txt");
	}

	@AfterEach
	void endWhatIsLeft() {
		this.started.forEach((application) -> {
			application.descendants().forEach(ProcessHandle::destroyForcibly);
			application.destroyForcibly();
		});
	}

	@Test
	void startsWithoutAnythingAndEndsWithoutLeavingAnything() throws Exception {
		Path temporary = Files.createDirectory(this.folder.resolve("tmp"));
		int port = freePort();
		Process application = start(List.of("-Djava.io.tmpdir=" + temporary),
				Map.of("SERVER_PORT", Integer.toString(port)));
		takeAnOrder(application, port);
		List<ProcessHandle> children = application.descendants().toList();
		assertThat(PostgresProcess.children(application.toHandle())).hasSize(1);
		application.destroy();
		assertThat(application.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(children).noneMatch(ProcessHandle::isAlive);
		try (Stream<Path> left = Files.list(temporary)) {
			assertThat(left).isEmpty();
		}
		assertThat(this.output).content().doesNotContain(" WARN ", " ERROR ");
	}

	@Test
	void whenToldToEndWhileStartingThenLeavesNothing() throws Exception {
		Path temporary = Files.createDirectory(this.folder.resolve("tmp"));
		Process application = start(List.of("-Djava.io.tmpdir=" + temporary), Map.of("SERVER_PORT", "0"));
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> application.descendants().findAny().isPresent());
		application.destroy();
		assertThat(application.waitFor(60, TimeUnit.SECONDS)).isTrue();
		try (Stream<Path> left = Files.list(temporary)) {
			assertThat(left).isEmpty();
		}
	}

	@Test
	void withProfileAwsUsesTheDatabaseAndTheCredentialsOfTheEnvironment() throws Exception {
		String secretAccessKey = "NeverLogThis" + UUID.randomUUID();
		String sessionToken = "NeverLogThis" + UUID.randomUUID();
		try (RdsIamEmulator rds = RdsIamEmulator.postgresql()
			.hostname(HOSTNAME)
			.region("eu-west-1")
			.database("orders")
			.user("somebody")
			.principal(IamPrincipal.withKeys("AKIDOFTHEENVIRONMENT", secretAccessKey)
				.withSessionToken(sessionToken)
				.allowedToConnectAs("somebody"))
			.start()) {
			// No name server knows the host, so the JVM reads it from a file.
			Path hosts = Files.writeString(this.folder.resolve("hosts"),
					"127.0.0.1 localhost\n127.0.0.1 " + HOSTNAME + "\n");
			int port = freePort();
			Process application = start(List.of("-Djdk.net.hosts.file=" + hosts),
					Map.of("SPRING_PROFILES_ACTIVE", "aws", "SERVER_PORT", Integer.toString(port), "IAM_DATASOURCE_URL",
							rds.jdbcUrl(), "IAM_DATASOURCE_USERNAME", "somebody", "AWS_REGION", "eu-west-1",
							"AWS_ACCESS_KEY_ID", "AKIDOFTHEENVIRONMENT", "AWS_SECRET_ACCESS_KEY", secretAccessKey,
							"AWS_SESSION_TOKEN", sessionToken, "IAM_DATASOURCE_TLS_CACERTIFICATES",
							rds.writeCaCertificate(this.folder.resolve("ca.pem")).toString(), "LOGGING_LEVEL_ROOT",
							"trace"));
			takeAnOrder(application, port);
			assertThat(rds.accepted()).isPositive();
			assertThat(PostgresProcess.children(application.toHandle())).isEmpty();
			assertThat(this.output).content().contains(" TRACE ").doesNotContain("Embedded RDS");
		}
	}

	@Test
	void withProfileAwsAndNoDatabaseSaysWhatIsMissing() throws Exception {
		Process application = start(List.of(), Map.of("SPRING_PROFILES_ACTIVE", "aws", "SERVER_PORT", "0"));
		assertThat(application.waitFor(2, TimeUnit.MINUTES)).isTrue();
		assertThat(application.exitValue()).isOne();
		assertThat(this.output).content()
			.contains("APPLICATION FAILED TO START", "because of the property 'iam.datasource.url'", "Action:",
					"jdbc:postgresql://<endpoint>:5432/<database>")
			.doesNotContain("\tat ");
	}

	@Test
	void withProfileAwsAndNoUserSaysWhatIsMissing() throws Exception {
		Process application = start(List.of(), Map.of("SPRING_PROFILES_ACTIVE", "aws", "SERVER_PORT", "0",
				"IAM_DATASOURCE_URL", "jdbc:postgresql://" + HOSTNAME + ":5432/orders"));
		assertThat(application.waitFor(2, TimeUnit.MINUTES)).isTrue();
		assertThat(application.exitValue()).isOne();
		assertThat(this.output).content()
			.contains("APPLICATION FAILED TO START", "because of the property 'iam.datasource.username'", "Action:");
	}

	private Process start(List<String> jvmArguments, Map<String, String> environment) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(jvmArguments);
		command.addAll(List.of("-jar", System.getProperty("sample.jar")));
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.output.toFile());
		builder.environment().keySet().removeIf((name) -> name.matches("(AWS|IAM|SPRING|SERVER|LOGGING|JAVA)_.*"));
		builder.environment().putAll(environment);
		Process application = builder.start();
		this.started.add(application);
		return application;
	}

	private void takeAnOrder(Process application, int port) {
		RestTestClient client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
		Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> {
			if (!application.isAlive()) {
				throw new AssertionError("The application has ended: see " + this.output);
			}
			client.get().uri("/actuator/health/readiness").exchange().expectStatus().isOk();
			return true;
		});
		client.post()
			.uri("/orders")
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"item\": \"tea\", \"quantity\": 2}")
			.exchange()
			.expectStatus()
			.isCreated();
		client.get().uri("/orders/1").exchange().expectStatus().isOk().expectBody().jsonPath("$.item").isEqualTo("tea");
		client.get()
			.uri("/actuator/health")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.components.iamDataSource.status")
			.isEqualTo("UP");
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}

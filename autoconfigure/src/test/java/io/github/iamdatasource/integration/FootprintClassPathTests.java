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

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.iamdatasource.TestCredentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The parts of the AWS SDK that the starter brings along for some applications only: a
 * process that really lacks them, as the classes of this one are all loaded from the same
 * place.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class FootprintClassPathTests {

	/** What an application does not have that excludes {@code sts} from the starter. */
	private static final List<String> LACKING = List.of("sts-", "aws-core-", "aws-query-protocol-", "protocol-core-",
			"utils-lite-", "rds-", "spring-cloud-aws-autoconfigure-");

	private final OrdersDatabase database;

	private final List<Process> started = new ArrayList<>();

	@TempDir
	private Path folder;

	FootprintClassPathTests(OrdersDatabase database) {
		this.database = database;
	}

	@AfterEach
	void endWhatIsLeft() {
		this.started.forEach(Process::destroyForcibly);
	}

	@Test
	void signsInWithTheCredentialsOfAProfile() throws Exception {
		assertThat(run("keys", 0, """
				[default]
				aws_access_key_id = %s
				aws_secret_access_key = %s
				""".formatted(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY)))
			.contains("signed in as app through ", "health UP");
	}

	@Test
	void saysThatAnAssumedRoleNeedsSts() throws Exception {
		assertThat(run("role", 1, """
				[default]
				role_arn = arn:aws:iam::123456789012:role/app
				credential_source = Environment
				region = eu-west-1
				""")).contains("APPLICATION FAILED TO START",
				"needs a part of the AWS SDK that is not on the class path: 'sts'",
				"Add the dependency software.amazon.awssdk:sts, version ");
	}

	private String run(String name, int exitValue, String profile) throws Exception {
		Path output = Path.of(System.getProperty("test.output.folder"), "surefire-reports",
				"FootprintClassPathTests-" + name + "-output.txt");
		Path configFile = Files.writeString(this.folder.resolve("config"), profile);
		ProcessBuilder process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djdk.net.hosts.file=" + System.getProperty("jdk.net.hosts.file"), "-Daws.configFile=" + configFile,
				"-Daws.sharedCredentialsFile=" + this.folder.resolve("none"), "-Daws.disableEc2Metadata=true",
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath(),
				PoolClassPathTests.App.class.getName(), "--iam.datasource.url=" + this.database.rds().jdbcUrl(),
				"--iam.datasource.username=app", "--iam.datasource.tls.ca-certificates=" + this.database.caFile(),
				"--spring.flyway.enabled=false", "--spring.main.web-application-type=none")
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		Process application = process.start();
		this.started.add(application);
		assertThat(application.waitFor(2, TimeUnit.MINUTES)).isTrue();
		String text = Files.readString(output);
		assertThat(application.exitValue()).as(text).isEqualTo(exitValue);
		return text;
	}

	/** Without what captures the log of the tests, too: it is shown then. */
	private static String classPath() {
		String rest = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("test-support"))
			.filter((entry) -> LACKING.stream().noneMatch(Path.of(entry).getFileName().toString()::startsWith))
			.collect(Collectors.joining(File.pathSeparator));
		assertThat(rest).doesNotContain("/awssdk/sts/", "/awssdk/rds/", "/awssdk/aws-core/");
		return rest;
	}

}

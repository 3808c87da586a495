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

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Boot's DevTools restart an application in its process, with a new class loader
 * for what may have changed.
 */
@ExtendWith(Databases.Resolver.class)
class DevToolsTests {

	private final Database database;

	private final Path settings;

	DevToolsTests(Databases databases, @TempDir Path settings) {
		this.database = databases.of(Engine.POSTGRESQL);
		this.settings = settings;
	}

	@Test
	void restartedApplicationSignsInAgainAndLeavesNothingOfTheFirst() throws Exception {
		assertThat(restart()).contains("Life 1 as app, starter from AppClassLoader",
				"Life 2 as app, starter from AppClassLoader", "Refreshers: 1");
	}

	/**
	 * Run the application in a process of its own.
	 * @return what it printed, which is among what the build searches for secrets
	 */
	private String restart() throws Exception {
		Path output = Path.of(System.getProperty("test.output.folder"), "surefire-reports", "devtools-output.txt");
		Files.createDirectories(output.getParent());
		Keys keys = new Keys(this.database.rds());
		AwsBasicCredentials credentials = keys.resolveCredentials();
		ProcessBuilder builder = new ProcessBuilder(command()).redirectErrorStream(true)
			.redirectOutput(output.toFile());
		builder.environment().put("AWS_ACCESS_KEY_ID", credentials.accessKeyId());
		builder.environment().put("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
		Process process = builder.start();
		try {
			assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
			String printed = Files.readString(output);
			assertThat(process.exitValue()).as(printed).isZero();
			return printed;
		}
		finally {
			process.destroyForcibly();
			keys.forget();
		}
	}

	private List<String> command() throws IOException {
		String starter = IamDataSource.class.getProtectionDomain().getCodeSource().getLocation().getPath();
		Path file = this.settings.resolve("META-INF/spring-devtools.properties");
		Files.createDirectories(file.getParent());
		// As a library, even when this build has its classes in a folder.
		Files.writeString(file, "restart.exclude.starter=" + starter.replace(".", "[.]"));
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
						"-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + System.getProperty("jdk.net.hosts.file"),
						"-cp", classPath(), DevToolsApplication.class.getName()));
		Application.on(this.database)
			.properties()
			.forEach((property, value) -> command.add("--" + property + "=" + value));
		command.add("--spring.main.web-application-type=none");
		return command;
	}

	/** Without what captures the log of the tests: it is shown then. */
	private String classPath() {
		return Stream
			.concat(Stream.of(this.settings.toString()),
					Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
						.filter((entry) -> !entry.contains("test-support")))
			.collect(Collectors.joining(File.pathSeparator));
	}

}

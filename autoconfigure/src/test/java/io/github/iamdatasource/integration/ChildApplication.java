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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application in a process of its own, for what the SDK reads from the environment, or
 * only once. What it prints is among what the build searches for secrets.
 */
final class ChildApplication {

	private final String name;

	private final OrdersDatabase database;

	private final Map<String, String> environment = new LinkedHashMap<>();

	private final List<String> options = new ArrayList<>();

	private List<String> classPath;

	private Class<?> main = PoolClassPathTests.App.class;

	private String excluded = Application.SPRING_CLOUD_AWS;

	private ChildApplication(String name, OrdersDatabase database) {
		this.name = name;
		this.database = database;
		// Without what captures the log of the tests: it is shown then.
		this.classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("test-support"))
			.toList();
	}

	/**
	 * An application that will sign in without any credentials.
	 * @param name the name of what it prints
	 * @param database the database
	 * @return the application
	 */
	static ChildApplication signingIn(String name, OrdersDatabase database) {
		return new ChildApplication(name, database).with("AWS_EC2_METADATA_DISABLED", "true");
	}

	ChildApplication with(String variable, Object value) {
		this.environment.put(variable, value.toString());
		return this;
	}

	/**
	 * Run it with an option of Java's, such as a system property.
	 */
	ChildApplication withOption(String option) {
		this.options.add(option);
		return this;
	}

	ChildApplication withMain(Class<?> type) {
		this.main = type;
		return this;
	}

	/**
	 * Have the credentials and the region come from Spring Cloud AWS.
	 */
	ChildApplication withSpringCloudAws() {
		this.excluded = "";
		return this;
	}

	/**
	 * Put a jar before all others.
	 */
	ChildApplication withJar(Path jar) {
		assertThat(jar).isRegularFile();
		this.classPath = Stream.concat(Stream.of(jar.toString()), this.classPath.stream()).toList();
		return this;
	}

	/**
	 * Leave jars out of the class path.
	 * @param names what the names of the jars begin with
	 * @return this application
	 */
	ChildApplication withoutJars(String... names) {
		for (String jar : names) {
			List<String> rest = this.classPath.stream()
				.filter((entry) -> !Path.of(entry).getFileName().toString().startsWith(jar))
				.toList();
			assertThat(rest).as("class path without " + jar).hasSizeLessThan(this.classPath.size());
			this.classPath = rest;
		}
		return this;
	}

	/**
	 * Run it until its end.
	 * @param arguments further arguments
	 * @return what it printed
	 */
	String run(String... arguments) throws IOException, InterruptedException {
		Path output = Path.of(System.getProperty("test.output.folder"), "surefire-reports", this.name + "-output.txt");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
						"-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + System.getProperty("jdk.net.hosts.file")));
		command.addAll(this.options);
		command.addAll(List.of("-cp", String.join(File.pathSeparator, this.classPath), this.main.getName(),
				"--iam.datasource.url=" + this.database.rds().jdbcUrl(),
				"--iam.datasource.tls.ca-certificates=" + this.database.caFile(),
				"--spring.autoconfigure.exclude=" + this.excluded, "--spring.flyway.enabled=false",
				"--spring.main.web-application-type=none"));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		builder.environment().keySet().removeIf((variable) -> variable.startsWith("AWS_"));
		builder.environment().putAll(this.environment);
		Process process = builder.start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		return Files.readString(output);
	}

}

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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import io.github.iamdatasource.TestCredentials;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that is processed ahead of time, compiled and run from what came of it,
 * each in a process of its own.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class AheadOfTimeTests {

	private final OrdersDatabase database;

	@TempDir
	Path folder;

	AheadOfTimeTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void signsInFromWhatWasGenerated() throws Exception {
		Path sources = this.folder.resolve("sources");
		Path resources = this.folder.resolve("resources");
		Path classes = Files.createDirectories(this.folder.resolve("classes"));
		// Without credentials, and before there is a database.
		run("processing", 0, List.of(),
				List.of(SpringApplicationAotProcessor.class.getName(), AheadOfTimeApplication.class.getName(),
						sources.toString(), resources.toString(), classes.toString(), "group", "artifact"),
				"jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":5432/orders");
		assertThat(Files.readString(find(sources, "HikariDataSources__BeanDefinitions.java")))
			.contains("iamAdditionalDataSources");
		// What a native image needs to bind the properties.
		assertThat(Files.readString(find(resources, "reachability-metadata.json"))).contains(
				"IamDataSourceProperties$Additional", "IamDataSourceSettings$Credentials",
				"IamDataSourceSettings$Token", "IamDataSourceSettings$Tls", "com.zaxxer.hikari.HikariDataSource");
		compile(sources, classes);
		String output = run("generated", 0, List.of(classes, resources),
				List.of("-Dspring.aot.enabled=true", AheadOfTimeApplication.class.getName()),
				this.database.rds().jdbcUrl());
		assertThat(output).contains("from generated artifacts: true", "primary: app, reports: app",
				"health: [dataSource, readModelsDataSource, reportsDataSource]", "pool of reports: 3");
	}

	private String run(String name, int exitValue, List<Path> classPath, List<String> main, String url)
			throws IOException, InterruptedException {
		Path output = Path.of(System.getProperty("test.output.folder"), "surefire-reports",
				"AheadOfTimeTests-" + name + "-output.txt");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
						"-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + System.getProperty("jdk.net.hosts.file"),
						"-cp", Stream.concat(classPath.stream().map(Path::toString), Stream.of(classPath()))
							.collect(Collectors.joining(File.pathSeparator))));
		command.addAll(main);
		command.addAll(List.of("--iam.datasource.url=" + url, "--iam.datasource.username=app",
				"--iam.datasource.tls.ca-certificates=" + this.database.caFile(),
				"--iam.datasource.additional.reports.url=" + url,
				"--iam.datasource.additional.reports.credentials.duration=30m",
				"--iam.datasource.additional.reports.hikari.maximum-pool-size=3",
				"--iam.datasource.additional.read-models.url=" + url, "--spring.flyway.enabled=false",
				"--spring.main.web-application-type=none", "--spring.main.banner-mode=off",
				"--spring.autoconfigure.exclude=" + Application.SPRING_CLOUD_AWS));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		builder.environment().keySet().removeIf((variable) -> variable.startsWith("AWS_"));
		builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
		if (!classPath.isEmpty()) {
			builder.environment().put("AWS_ACCESS_KEY_ID", TestCredentials.ACCESS_KEY);
			builder.environment().put("AWS_SECRET_ACCESS_KEY", TestCredentials.SECRET_KEY);
		}
		Process process = builder.start();
		try {
			assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		String text = Files.readString(output);
		assertThat(process.exitValue()).as(text).isEqualTo(exitValue);
		return text;
	}

	private static void compile(Path sources, Path classes) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		if (compiler == null) {
			System.out.println("Skipping what is processed ahead of time: this Java has no compiler");
		}
		Assumptions.assumeTrue(compiler != null, "This Java has no compiler");
		List<String> arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-cp",
				classes + File.pathSeparator + classPath(), "-d", classes.toString()));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(arguments::add);
		}
		assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
	}

	private static Path find(Path folder, String name) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter((file) -> file.getFileName().toString().equals(name)).findFirst().orElseThrow();
		}
	}

	/** Without what captures the log of the tests: it is shown then. */
	private static String classPath() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("test-support"))
			.collect(Collectors.joining(File.pathSeparator));
	}

}

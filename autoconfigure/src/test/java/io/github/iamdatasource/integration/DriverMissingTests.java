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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.iamdatasource.TestCredentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Class paths that really lack a driver: a process for each, as the classes of this one
 * are all loaded from the same place.
 */
class DriverMissingTests {

	private final List<Process> started = new ArrayList<>();

	@AfterEach
	void endWhatIsLeft() {
		this.started.forEach(Process::destroyForcibly);
	}

	@ParameterizedTest
	@CsvSource({ "postgresql, postgresql-, org.postgresql:postgresql",
			"mysql, mysql-connector-j-, com.mysql:mysql-connector-j",
			"mariadb, mariadb-java-client-, org.mariadb.jdbc:mariadb-java-client",
			"aws-wrapper:mysql, aws-advanced-jdbc-wrapper-, software.amazon.jdbc:aws-advanced-jdbc-wrapper",
			"aws-wrapper:mariadb, mariadb-java-client-, org.mariadb.jdbc:mariadb-java-client" })
	void driverThatIsMissing(String kind, String jar, String artifact) throws Exception {
		String url = "jdbc:" + kind + "://" + OrdersDatabase.HOSTNAME + "/orders";
		assertThat(run(kind.replace(':', '-'), jar, url)).contains("APPLICATION FAILED TO START",
				"Property: iam.datasource.url", "Value: " + url, "is not on the class path",
				"Add the dependency " + artifact + ", with scope runtime");
	}

	private String run(String name, String jar, String url) throws Exception {
		Path output = Path.of(System.getProperty("test.output.folder"), "surefire-reports",
				"DriverMissingTests-" + name + "-output.txt");
		ProcessBuilder process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djdk.net.hosts.file=" + System.getProperty("jdk.net.hosts.file"), "-cp", classPathWithout(jar),
				PoolClassPathTests.App.class.getName(), "--iam.datasource.url=" + url, "--iam.datasource.username=app",
				"--spring.flyway.enabled=false", "--spring.main.web-application-type=none")
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		process.environment().put("AWS_ACCESS_KEY_ID", TestCredentials.ACCESS_KEY);
		process.environment().put("AWS_SECRET_ACCESS_KEY", TestCredentials.SECRET_KEY);
		Process application = process.start();
		this.started.add(application);
		assertThat(application.waitFor(2, TimeUnit.MINUTES)).isTrue();
		String text = Files.readString(output);
		assertThat(application.exitValue()).as(text).isEqualTo(1);
		return text;
	}

	/** Without what captures the log of the tests, too: it is shown then. */
	private static String classPathWithout(String jar) {
		List<String> all = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
		String rest = all.stream()
			.filter((entry) -> !entry.contains("test-support"))
			.filter((entry) -> !Path.of(entry).getFileName().toString().startsWith(jar))
			.collect(Collectors.joining(File.pathSeparator));
		assertThat(rest.split(File.pathSeparator)).hasSizeLessThan(all.size() - 1);
		return rest;
	}

}

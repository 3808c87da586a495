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

import javax.sql.DataSource;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Class paths that really lack the other pools: a process for each, as the classes of
 * this one are all loaded from the same place.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class PoolClassPathTests {

	private static final List<String> POOLS = List.of("HikariCP", "tomcat-jdbc", "commons-dbcp2");

	private final OrdersDatabase database;

	private final List<Process> started = new ArrayList<>();

	PoolClassPathTests(OrdersDatabase database) {
		this.database = database;
	}

	@AfterEach
	void endWhatIsLeft() {
		this.started.forEach(Process::destroyForcibly);
	}

	@ParameterizedTest
	@CsvSource({ "HikariCP, com.zaxxer.hikari.HikariDataSource", "tomcat-jdbc, org.apache.tomcat.jdbc.pool.DataSource",
			"commons-dbcp2, org.apache.commons.dbcp2.BasicDataSource" })
	void oneIsEnough(String pool, String type) throws Exception {
		String output = run(0, pool);
		assertThat(output).contains("signed in as app through " + type + " over IamDataSource[app at ", "health UP");
	}

	@Test
	void noneIsNeededWithoutAPool() throws Exception {
		String type = "io.github.iamdatasource.jdbc.IamDataSource";
		assertThat(run(0, "none", "--spring.datasource.type=" + type))
			.contains("signed in as app through " + type + " over IamDataSource[app at ", "health UP");
	}

	@Test
	void saysThatThereIsNone() throws Exception {
		assertThat(run(1, "none")).contains("APPLICATION FAILED TO START", "Property: spring.datasource.type",
				"Value: (not set)", "no connection pool on the class path");
	}

	private String run(int exitValue, String pool, String... arguments) throws Exception {
		Path output = Path.of(System.getProperty("test.output.folder"), "surefire-reports",
				"PoolClassPathTests-" + pool + arguments.length + "-output.txt");
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djdk.net.hosts.file=" + System.getProperty("jdk.net.hosts.file"), "-cp", classPathWithNoOther(pool),
				App.class.getName(), "--iam.datasource.url=" + this.database.rds().jdbcUrl(),
				"--iam.datasource.username=app", "--iam.datasource.tls.ca-certificates=" + this.database.caFile(),
				"--spring.flyway.enabled=false", "--spring.main.web-application-type=none"));
		command.addAll(List.of(arguments));
		ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		process.environment().put("AWS_ACCESS_KEY_ID", TestCredentials.ACCESS_KEY);
		process.environment().put("AWS_SECRET_ACCESS_KEY", TestCredentials.SECRET_KEY);
		Process application = process.start();
		this.started.add(application);
		assertThat(application.waitFor(2, TimeUnit.MINUTES)).isTrue();
		String text = Files.readString(output);
		assertThat(application.exitValue()).as(text).isEqualTo(exitValue);
		return text;
	}

	/** Without what captures the log of the tests, too: it is shown then. */
	private static String classPathWithNoOther(String pool) {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("test-support"))
			.filter((entry) -> POOLS.stream()
				.noneMatch((other) -> !other.equals(pool) && Path.of(entry).getFileName().toString().startsWith(other)))
			.collect(Collectors.joining(File.pathSeparator));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		public static void main(String[] args) {
			try (ConfigurableApplicationContext context = SpringApplication.run(App.class, args)) {
				DataSource dataSource = context.getBean(DataSource.class);
				System.out.println(
						"signed in as "
								+ context.getBean(JdbcTemplate.class)
									.queryForObject("select current_user", String.class)
								+ " through " + dataSource.getClass().getName() + " over "
								+ PooledIamDataSource.under(dataSource));
				System.out.println("health " + context.getBean(HealthEndpoint.class).health().getStatus());
			}
		}

	}

}

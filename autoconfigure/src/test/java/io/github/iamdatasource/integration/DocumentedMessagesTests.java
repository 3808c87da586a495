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

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.iamdatasource.documentation.Page;
import io.github.iamdatasource.emulator.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The messages by which the troubleshooting page is searched are those that drivers and
 * pools give.
 */
@ExtendWith(OrdersDatabases.Resolver.class)
class DocumentedMessagesTests {

	private final Page page = Page.of("docs/troubleshooting.md");

	private final OrdersDatabases databases;

	DocumentedMessagesTests(OrdersDatabases databases) {
		this.databases = databases;
	}

	@Test
	void tokenThatPostgreSqlRejects() {
		OrdersDatabase database = this.databases.of(Engine.POSTGRESQL);
		Throwable failure = catchThrowable(() -> DriverManager.getConnection(
				database.rds().jdbcUrl() + "?sslmode=verify-full&sslrootcert=" + database.caFile(), "app", "no token"));
		assertThat(documented()).contains(firstLine(failure).replace("\"app\"", "\"orders_app\""));
	}

	@Test
	void tokenThatMariaDbRejects() {
		OrdersDatabase database = this.databases.of(Engine.MARIADB);
		Throwable failure = catchThrowable(() -> DriverManager.getConnection(
				database.rds().jdbcUrl() + "?sslMode=verify-full&serverSslCert=" + database.caFile(), "app",
				"no token"));
		assertThat(documented()).contains(firstLine(failure).replaceFirst("^\\(conn=-?\\d+\\) ", "")
			.replace("'app'@'127.0.0.1'", "'orders_app'@'10.0.0.12'"));
	}

	/** As soon as it has had a connection, whatever is the reason. */
	@Test
	void poolThatHidesTheReason() throws SQLException {
		try (ConfigurableApplicationContext context = Application.signingIn(this.databases.of(Engine.POSTGRESQL))
			.with("spring.datasource.hikari.maximum-pool-size", "1")
			.run(); Connection only = context.getBean(DataSource.class).getConnection()) {
			assertThat(only.isClosed()).isFalse();
			Throwable failure = catchThrowable(() -> context.getBean(DataSource.class).getConnection().close());
			assertThat(documented()).contains(firstLine(failure).replaceAll("HikariPool-\\d+", "HikariPool-1")
				.replaceAll("after \\d+ms", "after 30000ms")
				.replaceAll("=\\d+", "=0"));
		}
	}

	@Test
	void certificateThatIsNotTrusted() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.databases.of(Engine.POSTGRESQL))
			.without("iam.datasource.tls.ca-certificates")
			.run()) {
			assertThat(messages(context)).contains(documented("PKIX path building failed:"));
		}
	}

	@Test
	void certificateThatNamesAnotherHost() {
		OrdersDatabase database = this.databases.of(Engine.POSTGRESQL);
		try (ConfigurableApplicationContext context = Application.signingIn(database)
			.with("iam.datasource.url",
					"jdbc:postgresql://" + OrdersDatabase.OTHER_HOSTNAME + ":" + database.rds().port() + "/orders")
			.run()) {
			assertThat(messages(context)).contains(documented("No subject alternative DNS name matching localhost")
				.replace("localhost", OrdersDatabase.OTHER_HOSTNAME));
		}
	}

	/** The messages in the blocks of the page. */
	private List<String> documented() {
		return this.page.blocks("text").stream().flatMap((block) -> block.text().lines()).toList();
	}

	private String documented(String beginning) {
		return documented().stream().filter((line) -> line.startsWith(beginning)).findFirst().orElseThrow();
	}

	private static String firstLine(Throwable failure) {
		return String.valueOf(failure.getMessage()).lines().findFirst().orElseThrow();
	}

	private static String messages(ConfigurableApplicationContext context) {
		Throwable failure = catchThrowable(() -> context.getBean(DataSource.class).getConnection().close());
		Outsider.sees(failure);
		return Stream.iterate(failure, (cause) -> cause != null, Throwable::getCause)
			.map(Throwable::getMessage)
			.collect(Collectors.joining("\n"));
	}

}

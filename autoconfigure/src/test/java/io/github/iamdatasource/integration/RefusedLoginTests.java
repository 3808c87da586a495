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

import java.nio.file.Path;
import java.util.Objects;

import io.github.iamdatasource.integration.TlsListener.Protocol;
import io.github.iamdatasource.integration.TlsListener.Visit;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A server that refuses a login before it has been sent a token, in the words with which
 * it would reject one. The token is not what is to blame.
 */
class RefusedLoginTests {

	private FileAuthority authority;

	@TempDir
	private Path folder;

	@BeforeEach
	void writeAuthority() throws Exception {
		this.authority = new FileAuthority();
		this.authority.writeCertificate(this.folder.resolve("ca.pem"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "no pg_hba.conf entry for host \"10.0.0.1\", user \"app\", database \"orders\", SSL encryption",
					"connection requires a valid client certificate" })
	void refusalIsToldAsItIsWhenTheApplicationDoesNotStart(String refusal) throws Exception {
		try (TlsListener server = refusing(Protocol.POSTGRESQL, refusal)) {
			Throwable failure = catchThrowable(
					application("postgresql", server).with("spring.flyway.enabled", "true")::run);
			assertThat(Outsider.sees(failure)).isNotNull();
			FailureAnalysis analysis = Objects.requireNonNull(ReportedAnalyses.take());
			assertThat(analysis.getDescription()).startsWith(
					"The database refused the login of user 'app' without having been sent a token: FATAL: " + refusal);
			assertThat(analysis.getDescription() + analysis.getAction()).contains("lets this machine connect")
				.doesNotContain("was signed for", "did not accept the token", "iam-db-auth-error");
			assertThat(server.visit().hasToken()).isFalse();
			assertThat(server.hasVisits()).as("tried once more").isFalse();
		}
	}

	@Test
	void mySqlsDriverIsNotAskedForAToken() throws Exception {
		try (TlsListener server = refusing(Protocol.MYSQL, "Access denied for user 'app'@'10.0.0.1'");
				ConfigurableApplicationContext context = application("mysql", server).run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			assertThat(MultiHostTests.failure(dataSource)).isInstanceOf(IamLoginException.class)
				.hasMessageContaining(
						"refused the login of user 'app' without having been sent a token: Access denied");
			assertThat(dataSource.snapshot().logins()).containsEntry(Outcome.REJECTED, 1L);
			Visit visit = server.visit();
			assertThat(visit.failure()).isNull();
			assertThat(visit.hasToken()).isFalse();
			assertThat(server.hasVisits()).as("tried once more").isFalse();
		}
	}

	/**
	 * MariaDB's driver does not wait to be asked, once the server is verified.
	 */
	@Test
	void mariaDbsDriverHasSentTheToken() throws Exception {
		try (TlsListener server = refusing(Protocol.MYSQL, "Access denied for user 'app'@'10.0.0.1'");
				ConfigurableApplicationContext context = application("mariadb", server).run()) {
			assertThat(MultiHostTests.failure(MultiHostTests.dataSource(context))).isInstanceOf(IamLoginException.class)
				.hasMessageContaining("did not accept the token as a login of user 'app'");
			Visit visit = server.visit();
			assertThat(visit.plain()).doesNotContain("X-Amz");
			assertThat(visit.hasToken()).isTrue();
		}
	}

	/**
	 * Whoever has the name and a certificate for it, but not the database, would
	 * otherwise get all that the application writes.
	 */
	@Test
	void serverThatLetsEverybodyInIsNotTheDatabase() throws Exception {
		try (TlsListener server = refusing(Protocol.TRUSTING_POSTGRESQL, "");
				ConfigurableApplicationContext context = application("postgresql", server)
					// Else the driver goes on with a statement, which nobody answers.
					.with("iam.datasource.url",
							"jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":" + server.port()
									+ "/orders?assumeMinServerVersion=18")
					.run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			assertThat(MultiHostTests.failure(dataSource)).isInstanceOf(IamLoginException.class)
				.hasMessageContaining("let user 'app' in without asking for a token");
			assertThat(dataSource.snapshot().logins()).containsEntry(Outcome.SUCCEEDED, 0L)
				.containsEntry(Outcome.REJECTED, 1L);
			Visit visit = server.visit();
			assertThat(visit.failure()).isNull();
			assertThat(visit.hasToken()).isFalse();
			assertThat(visit.encrypted()).as("ends the session").endsWith("X\0\0\0\4");
		}
	}

	private TlsListener refusing(Protocol protocol, String refusal) throws Exception {
		return TlsListener.refusing(protocol, this.authority.serverContext(OrdersDatabase.HOSTNAME), refusal);
	}

	private Application application(String kind, TlsListener server) {
		return Application.unconfigured()
			.with("iam.datasource.url",
					"jdbc:" + kind + "://" + OrdersDatabase.HOSTNAME + ":" + server.port() + "/orders")
			.with("iam.datasource.username", "app")
			.with("iam.datasource.tls.ca-certificates", this.folder.resolve("ca.pem").toString())
			.with("spring.datasource.type", IamDataSource.class.getName());
	}

}

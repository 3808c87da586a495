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
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.jdbc.IamLoginException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Signs in to what has the name of an Aurora DSQL cluster and wants its tokens. Behind it
 * is PostgreSQL.
 */
class DsqlTests {

	/** Leads to this machine by the hosts file that the build sets. */
	private static final String HOSTNAME = "vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws";

	@TempDir
	private static Path folder;

	private static RdsIamEmulator cluster;

	private static Path caFile;

	@BeforeAll
	static void start() throws Exception {
		cluster = RdsIamEmulator.postgresql()
			.hostname(HOSTNAME)
			.region("us-east-1")
			.database("postgres")
			.user("app")
			.user("admin")
			.principal(IamPrincipal.withKeys(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY)
				.allowedToConnectAs("app", "admin"))
			.principal(IamPrincipal.withKeys(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
			.start();
		caFile = folder.resolve("ca.pem");
		cluster.writeCaCertificate(caFile);
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "app", "admin" })
	void signsInWithTheActionOfTheUser(String username) {
		try (ConfigurableApplicationContext context = application(username).run()) {
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class))
				.isEqualTo(username);
		}
	}

	@Test
	void poolClosesConnectionsBeforeTheServiceDoes() {
		try (ConfigurableApplicationContext context = Pool.TOMCAT.under(application("app")).run()) {
			assertThat(context.getBean(org.apache.tomcat.jdbc.pool.DataSource.class).getMaxAge())
				.isEqualTo(TimeUnit.MINUTES.toMillis(55));
		}
		try (ConfigurableApplicationContext context = application("app")
			.with("spring.datasource.hikari.max-lifetime", "600000")
			.run()) {
			assertThat(context.getBean(HikariDataSource.class).getMaxLifetime())
				.isEqualTo(TimeUnit.MINUTES.toMillis(10));
		}
	}

	@Test
	void rejectionNamesWhatDsqlWants() {
		try (ConfigurableApplicationContext context = application("app")
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
			.run()) {
			Throwable failure = Outsider
				.sees(catchThrowable(() -> context.getBean(JdbcTemplate.class).execute("select 1")));
			assertThat(failure).hasStackTraceContaining(IamLoginException.class.getName())
				.hasStackTraceContaining("dsql:DbConnect on arn:aws:dsql:us-east-1:")
				.hasStackTraceContaining("AWS IAM GRANT");
			assertThat(cluster.rejections()).containsKey(Rejection.POLICY_DENIES);
		}
	}

	private static Application application(String username) {
		return Application.unconfigured()
			.with("iam.datasource.url", cluster.jdbcUrl())
			.with("iam.datasource.username", username)
			.with("iam.datasource.tls.ca-certificates", caFile.toString());
	}

}

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

import java.time.Duration;
import java.time.Instant;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.TokenSource;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The AWS SDK logs session tokens, unless it is kept from it. That nothing else is logged
 * is shown by the search of all test output.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class SigningLogTests {

	private static final String LOGGER = "software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner";

	private final OrdersDatabase database;

	SigningLogTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void theSdkLogsNoSessionTokenEvenIfItIsSetToTrace() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with(TestCredentials.session(Instant.now().plusSeconds(600)))
			.with("logging.level.software.amazon.awssdk", "trace")
			.with("logging.level.io.github.iamdatasource", "trace")
			.run()) {
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class)).isEqualTo(1);
			assertThat(LogFactory.getLog(LOGGER).isDebugEnabled()).isFalse();
			assertThat(LogFactory.getLog("software.amazon.awssdk.auth").isTraceEnabled()).isTrue();
		}
	}

	@Test
	void norIfItIsSetToTraceLater() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with(TestCredentials.session(Instant.now().plusSeconds(600)))
			.run()) {
			context.getBean(LoggingSystem.class).setLogLevel(LOGGER, LogLevel.TRACE);
			TokenSource tokens = context.getBean(IamJdbcConnectionDetails.class).getDataSource().getTokenSource();
			AuthenticationToken first = tokens.getToken(Duration.ofSeconds(30));
			assertThat(tokens.replace(first, Duration.ofSeconds(30)) != first).isTrue();
			assertThat(LogFactory.getLog(LOGGER).isDebugEnabled()).isFalse();
		}
	}

}

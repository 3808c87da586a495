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

import java.time.Instant;

import io.github.iamdatasource.TestCredentials;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The AWS SDK's own signers log session tokens, unless they are kept from it. That they
 * are is shown by the search of all test output, too.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class SigningLogTests {

	private static final String SIGNER = "software.amazon.awssdk.auth.signer.Aws4Signer";

	private final OrdersDatabase database;

	SigningLogTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void signersDoNotLogEvenIfTheSdkIsSetToTrace() {
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel(SIGNER, null);
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with(TestCredentials.session(Instant.now().plusSeconds(600)))
			.with("logging.level.software.amazon.awssdk", "trace")
			.run()) {
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class)).isEqualTo(1);
			assertThat(LogFactory.getLog(SIGNER).isDebugEnabled()).isFalse();
			assertThat(LogFactory.getLog("software.amazon.awssdk.auth").isTraceEnabled()).isTrue();
			assertThat(
					LoggingSystem.get(getClass().getClassLoader()).getLoggerConfiguration(SIGNER).getEffectiveLevel())
				.isEqualTo(LogLevel.INFO);
		}
	}

}

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
package io.github.iamdatasource.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

import ch.qos.logback.classic.LoggerContext;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.boot.logging.LoggingSystem;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CredentialsLogGuard}.
 */
class CredentialsLogGuardTests {

	@Test
	void loggersAreThoseThatAreDocumented() throws IOException {
		String page = Files.readString(Path.of("../docs/credentials.md"));
		List<String> documented = page
			.substring(page.indexOf("<!-- guarded loggers -->"), page.indexOf("<!-- /guarded loggers -->"))
			.lines()
			.filter((line) -> line.startsWith("- "))
			.map((line) -> line.replaceAll("[-` ]", ""))
			.toList();
		assertThat(CredentialsLogGuard.names()).containsExactlyElementsOf(documented);
	}

	@Test
	void theyAreSetBackEachTimeThatCredentialsAreResolved() {
		CredentialsSource source = new CredentialsLogGuard(LoggingSystem.get(getClass().getClassLoader()))
			.guard(CredentialsSource.of(TestCredentials.user()));
		LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
		for (int i = 0; i < 2; i++) {
			CredentialsLogGuard.names().forEach((name) -> {
				loggers.getLogger(name).setLevel(ch.qos.logback.classic.Level.TRACE);
				Logger.getLogger(name).setLevel(Level.FINEST);
			});
			assertThat(source.resolve(CredentialsFreshness.CACHED).accessKeyId()).isEqualTo(TestCredentials.ACCESS_KEY);
			assertThat(CredentialsLogGuard.names()).noneMatch((name) -> LoggerFactory.getLogger(name).isDebugEnabled());
			assertThat(Logger.getLogger("sun.net.www.protocol.http.HttpURLConnection").isLoggable(Level.FINE))
				.isFalse();
		}
	}

}

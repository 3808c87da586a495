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
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SigningCredentials}, whose default chain finds a profile with a
 * program that counts how often it was run.
 */
class SigningCredentialsTests {

	@TempDir
	private Path folder;

	private @Nullable String configFile;

	private final List<SigningCredentials> created = new ArrayList<>();

	private final Set<String> systemProperties = new HashSet<>();

	@BeforeEach
	void writeProfile() throws IOException {
		Path program = this.folder.resolve("credentials.sh");
		Files.writeString(program, """
				echo . >> '%s'
				printf '{"Version": 1, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "NeverLogThis",'
				printf '"SessionToken": "NeverLogThis", "Expiration": "%s"}'
				""".formatted(runs(), Instant.now().plusSeconds(3600)));
		Path config = this.folder.resolve("config");
		Files.writeString(config, "[default]\ncredential_process = /bin/sh '" + program + "'\n");
		this.configFile = System.setProperty("aws.configFile", config.toString());
	}

	@AfterEach
	void tidyUp() {
		if (this.configFile != null) {
			System.setProperty("aws.configFile", this.configFile);
		}
		this.systemProperties.forEach(System::clearProperty);
		this.created.forEach(SigningCredentials::destroy);
	}

	@Test
	void theChainIsAskedOnceForWhatItCaches() throws IOException {
		CredentialsSource credentials = credentials(null);
		credentials.resolve(CredentialsFreshness.CACHED);
		credentials.resolve(CredentialsFreshness.CACHED);
		assertThat(numberOfRuns()).isEqualTo(1);
	}

	@Test
	void newCredentialsComeFromTheirSourceAndAreUsedFromThenOn() throws IOException {
		CredentialsSource credentials = credentials(null);
		credentials.resolve(CredentialsFreshness.CACHED);
		credentials.resolve(CredentialsFreshness.NEW);
		assertThat(numberOfRuns()).isEqualTo(2);
		credentials.resolve(CredentialsFreshness.CACHED);
		assertThat(numberOfRuns()).isEqualTo(2);
	}

	@Test
	void theOldChainStaysIfTheNewOneFindsNothing() throws IOException {
		CredentialsSource credentials = credentials(null);
		credentials.resolve(CredentialsFreshness.CACHED);
		Files.delete(this.folder.resolve("config"));
		assertThat(catchMessage(() -> credentials.resolve(CredentialsFreshness.NEW))).contains("credentials");
		assertThat(credentials.resolve(CredentialsFreshness.CACHED).accessKeyId()).isEqualTo("AKIAIOSFODNN7EXAMPLE");
		assertThat(numberOfRuns()).isEqualTo(1);
	}

	@Test
	void aBeanOfTheApplicationIsAskedEachTime() throws IOException {
		AtomicInteger asked = new AtomicInteger();
		CredentialsSource credentials = credentials(() -> {
			asked.incrementAndGet();
			return TestCredentials.user().resolveCredentials();
		});
		credentials.resolve(CredentialsFreshness.CACHED);
		credentials.resolve(CredentialsFreshness.NEW);
		assertThat(asked).hasValue(2);
		assertThat(this.folder.resolve("runs")).doesNotExist();
	}

	@Test
	void theCredentialsOfTheProcessComeFirstAsInTheChain() {
		inSystemProperties(Map.of("aws.accessKeyId", "AKIAI44QH8DHBEXAMPLE", "aws.secretAccessKey", "NeverLogThis",
				"aws.sessionToken", "NeverLogThis"));
		AwsCredentialsIdentity found = credentials(null).resolve(CredentialsFreshness.CACHED);
		try (DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder().build()) {
			assertThat(found).isEqualTo(chain.resolveCredentials());
		}
		assertThat(found.accessKeyId()).isEqualTo("AKIAI44QH8DHBEXAMPLE");
		assertThat(this.folder.resolve("runs")).doesNotExist();
	}

	@Test
	void aProcessWithHalfOfItsCredentialsHasNone() throws IOException {
		inSystemProperties(Map.of("aws.accessKeyId", "AKIAI44QH8DHBEXAMPLE"));
		AwsCredentialsIdentity found = credentials(null).resolve(CredentialsFreshness.CACHED);
		assertThat(found.accessKeyId()).isEqualTo("AKIAIOSFODNN7EXAMPLE");
		assertThat(numberOfRuns()).isEqualTo(1);
	}

	@Test
	void nothingIsResolvedAfterTheEnd() {
		CredentialsSource credentials = credentials(null);
		this.created.forEach(SigningCredentials::destroy);
		assertThatExceptionOfType(CredentialsUnavailableException.class)
			.isThrownBy(() -> credentials.resolve(CredentialsFreshness.NEW))
			.withMessageContaining("has ended");
	}

	private void inSystemProperties(Map<String, String> properties) {
		properties.forEach(System::setProperty);
		this.systemProperties.addAll(properties.keySet());
	}

	private CredentialsSource credentials(@Nullable AwsCredentialsProvider bean) {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		if (bean != null) {
			beans.registerSingleton("credentials", bean);
		}
		SigningCredentials credentials = new SigningCredentials(beans, new MockEnvironment(), new RegionResolver(beans),
				new CredentialsLogGuard(LoggingSystem.get(getClass().getClassLoader())), Clock.systemUTC());
		this.created.add(credentials);
		return credentials
			.find(new Prefixed<>("iam.datasource.credentials", new IamDataSourceSettings.Credentials()),
					() -> "eu-west-1")
			.credentials();
	}

	private Path runs() {
		return this.folder.resolve("runs");
	}

	private int numberOfRuns() throws IOException {
		return Files.readAllLines(runs()).size();
	}

	private static String catchMessage(Runnable call) {
		try {
			call.run();
			return "";
		}
		catch (RuntimeException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

}

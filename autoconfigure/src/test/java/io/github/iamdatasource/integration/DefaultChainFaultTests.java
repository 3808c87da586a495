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

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Clock;

import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.aws.ContainerCredentialsServer;
import io.github.iamdatasource.aws.Fault;
import io.github.iamdatasource.aws.InstanceMetadataServer;
import io.github.iamdatasource.aws.Role;
import io.github.iamdatasource.aws.Sessions;
import io.github.iamdatasource.aws.StsServer;
import io.github.iamdatasource.health.IamDataSourceHealthIndicator;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The places where the default chain looks for credentials answer something hostile or
 * broken: an application does not sign in, and what it says and logs has none of the
 * secrets that were in the answer. The log is what the build searches.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class DefaultChainFaultTests {

	private static final Role ORDERS = Role.of("arn:aws:iam::123456789012:role/orders").connectingAs("auditor");

	private final OrdersDatabase database;

	private final Sessions sessions;

	@RegisterExtension
	private final SystemProperties properties = new SystemProperties();

	@TempDir
	private Path folder;

	DefaultChainFaultTests(OrdersDatabase database) {
		this.database = database;
		this.sessions = Sessions.knownTo(database.rds());
	}

	@AfterEach
	void close() {
		this.sessions.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "NeverLogThis", "{\"Version\": 1, \"SecretAccessKey\": \"NeverLogThis\"}",
			"{\"Version\": 2, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"NeverLogThis\"}",
			"{\"Version\": 1, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"NeverLogThis\", \"Expiration\": \"soon\"}",
			"{\"Version\": 1, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"NeverLogThis" })
	void processThatAnswers(String answer) throws IOException {
		Path file = Files.writeString(this.folder.resolve("answer"), answer);
		configuration("[default]\ncredential_process = cat '" + file + "'\n");
		assertFailsWithoutASecret();
	}

	/** It says what was wrong, and with what. */
	@Test
	void processThatFails() throws IOException {
		Path file = Files.writeString(this.folder.resolve("script.sh"), "echo NeverLogThis >&2; exit 1");
		configuration("[default]\ncredential_process = sh '" + file + "'\n");
		assertFailsWithoutASecret();
	}

	@Test
	void processWithASecretInItsCommand() throws IOException {
		configuration("[default]\ncredential_process = false NeverLogThis\n");
		assertFailsWithoutASecret();
	}

	@ParameterizedTest
	@ValueSource(strings = { "[default]\naws_secret_access_key: NeverLogThis\n", "NeverLogThis\n",
			"[default]\naws_secret_access_key = NeverLogThis\n" })
	void sharedCredentialsFile(String text) throws IOException {
		this.properties.set("aws.sharedCredentialsFile", Files.writeString(this.folder.resolve("credentials"), text));
		assertFailsWithoutASecret();
	}

	@ParameterizedTest
	@EnumSource(names = { "GARBAGE", "SERVER_ERROR", "NOT_FOUND", "CLOSED_CONNECTION", "HANG" })
	void instance(Fault fault) {
		try (InstanceMetadataServer metadata = InstanceMetadataServer.start(this.sessions, ORDERS, "eu-west-1")) {
			metadata.answer(fault);
			this.properties.set("aws.disableEc2Metadata", "false")
				.set("aws.ec2MetadataServiceEndpoint", metadata.endpoint());
			assertFailsWithoutASecret();
			assertThat(metadata.calls()).isNotEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "GARBAGE", "SERVER_ERROR", "CLOSED_CONNECTION" })
	void container(Fault fault) {
		try (ContainerCredentialsServer container = ContainerCredentialsServer.start(this.sessions, ORDERS)) {
			container.answer(fault);
			this.properties.set("aws.containerServiceEndpoint", container.endpoint())
				.set("aws.containerCredentialsPath", container.relativeUri());
			assertFailsWithoutASecret();
			assertThat(container.calls()).isNotEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "NeverLogThis.wrong", "NeverLogThis.with.a.newline\n" })
	void podWithAToken(String text) throws IOException {
		Path token = Files.writeString(this.folder.resolve("token"), text);
		try (ContainerCredentialsServer container = ContainerCredentialsServer.start(this.sessions, ORDERS)
			.podToken("NeverLogThis.right")) {
			this.properties.set("aws.containerCredentialsFullUri", container.fullUri())
				.set("aws.containerAuthorizationTokenFile", token);
			assertFailsWithoutASecret();
		}
	}

	@ParameterizedTest
	@EnumSource(
			names = { "GARBAGE", "SERVER_ERROR", "THROTTLING", "IDENTITY_PROVIDER_UNREACHABLE", "CLOSED_CONNECTION" })
	void webIdentity(Fault fault) throws IOException {
		try (StsServer sts = StsServer.start(this.sessions).role(ORDERS.trustingWebIdentity("NeverLogThis.jwt"))) {
			sts.answer(fault);
			webIdentity(sts, "NeverLogThis.jwt");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "NeverLogThis.unknown", "NeverLogThis.expired", "NeverLogThis.with.a.newline\n" })
	void webIdentityThatIsRefused(String text) throws IOException {
		try (StsServer sts = StsServer.start(this.sessions).role(ORDERS).expireWebIdentity("NeverLogThis.expired")) {
			webIdentity(sts, text);
		}
	}

	private void webIdentity(StsServer sts, String text) throws IOException {
		Path token = Files.writeString(this.folder.resolve("token"), text);
		this.properties.set("aws.endpointUrlSts", sts.endpoint())
			.set("aws.region", "eu-west-1")
			.set("aws.roleArn", ORDERS.arn())
			.set("aws.webIdentityTokenFile", token);
		assertFailsWithoutASecret();
	}

	@ParameterizedTest
	@EnumSource(names = { "GARBAGE", "THROTTLING", "CLOSED_CONNECTION" })
	void assumedRole(Fault fault) throws IOException {
		try (StsServer sts = StsServer.start(this.sessions)) {
			sts.answer(fault);
			assumedRole(sts, "NeverLogThis/of/the/user");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "NeverLogThis/of/the/user", "NeverLogThis/wrong" })
	void assumedRoleThatIsRefused(String secretKey) throws IOException {
		try (StsServer sts = StsServer.start(this.sessions)
			.user("AKIACHAINEXAMPLE0002", "NeverLogThis/of/the/user", "arn:aws:iam::123456789012:user/deploy")) {
			assumedRole(sts, secretKey);
		}
	}

	private void assumedRole(StsServer sts, String secretKey) throws IOException {
		this.properties.set("aws.endpointUrlSts", sts.endpoint());
		configuration("""
				[default]
				region = eu-west-1
				role_arn = %s
				source_profile = base

				[profile base]
				aws_access_key_id = AKIACHAINEXAMPLE0002
				aws_secret_access_key = %s
				""".formatted(ORDERS.arn(), secretKey));
		assertFailsWithoutASecret();
		assertThat(sts.calls("AssumeRole")).isNotEmpty();
	}

	private void configuration(String text) throws IOException {
		this.properties.set("aws.configFile", Files.writeString(this.folder.resolve("config"), text));
	}

	/** An application that has signed in, and then has to ask again. */
	/** By default, the SDK warns that it goes on with what it has, and why. */
	@Test
	void instanceThatAnswersGarbageWhenItsSessionHasEnded() {
		try (InstanceMetadataServer metadata = InstanceMetadataServer.start(this.sessions, ORDERS, "eu-west-1")
			.sessionLifetime(Duration.ofSeconds(4))) {
			this.properties.set("aws.disableEc2Metadata", "false")
				.set("aws.ec2MetadataServiceEndpoint", metadata.endpoint());
			try (ConfigurableApplicationContext context = application()
				.with("logging.level.software.amazon.awssdk", "warn")
				.with("iam.datasource.token.expiry-margin", "1s")
				.run()) {
				metadata.answer(Fault.GARBAGE);
				IamDataSource dataSource = context.getBean(IamJdbcConnectionDetails.class).getDataSource();
				Awaitility.await()
					.atMost(Duration.ofMinutes(1))
					.until(() -> dataSource.getTokenSource().snapshot().counts().failures() > 1);
				assertHasNoSecret(catchThrowable(() -> dataSource.getConnection().close()));
			}
		}
	}

	@Test
	void laterOn() throws Exception {
		try (ContainerCredentialsServer container = ContainerCredentialsServer.start(this.sessions, ORDERS)) {
			this.properties.set("aws.containerServiceEndpoint", container.endpoint())
				.set("aws.containerCredentialsPath", container.relativeUri());
			try (ConfigurableApplicationContext context = application().run()) {
				IamDataSource dataSource = context.getBean(IamJdbcConnectionDetails.class).getDataSource();
				dataSource.getConnection().close();
				container.answer(Fault.GARBAGE);
				this.database.rds().removePrincipal(this.sessions.newest().accessKeyId());
				assertHasNoSecret(catchThrowable(dataSource::getConnection));
				Health health = new IamDataSourceHealthIndicator(dataSource, Clock.systemUTC()).health();
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(Outsider.sees(health.getDetails())).doesNotContain("NeverLogThis");
			}
		}
	}

	private void assertFailsWithoutASecret() {
		assertHasNoSecret(catchThrowable(() -> {
			try (ConfigurableApplicationContext context = application().run()) {
				context.getBean(IamJdbcConnectionDetails.class).getDataSource().getConnection().close();
			}
		}));
	}

	private static void assertHasNoSecret(@Nullable Throwable failure) {
		assertThat(failure).isNotNull();
		StringWriter seen = new StringWriter();
		failure.printStackTrace(new PrintWriter(seen));
		assertThat(seen.toString()).contains("credentials").doesNotContain("NeverLogThis");
	}

	private Application application() {
		Application application = Application.signingIn(this.database)
			.withoutCredentials()
			.with("iam.datasource.username", "auditor");
		return application;
	}

}

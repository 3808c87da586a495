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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamDataSourceProperties;
import io.github.iamdatasource.aws.Call;
import io.github.iamdatasource.aws.Role;
import io.github.iamdatasource.aws.StsServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The credentials are those that the properties name, wherever the properties are
 * written.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class ConfiguredCredentialsTests {

	private static final String PREFIX = "iam.datasource.credentials.";

	private static final String CALLER = "arn:aws:iam::123456789012:user/reports";

	private static final String JWT = "NeverLogThis.of.the.settings";

	private static final Role ROLE = Role.of("arn:aws:iam::123456789012:role/team/orders")
		.trusting(CALLER)
		.trustingWebIdentity(JWT)
		.connectingAs("app");

	private final OrdersDatabase database;

	private final StsServer sts;

	@RegisterExtension
	private final SystemProperties properties = new SystemProperties();

	@TempDir
	private Path folder;

	ConfiguredCredentialsTests(OrdersDatabase database) {
		this.database = database;
		this.sts = StsServer.start(database.rds())
			.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY, CALLER)
			.role(ROLE);
	}

	@AfterEach
	void close() {
		this.sts.close();
	}

	@Test
	void beanOfSeveral() {
		assertSignsIn(application(Providers.class).with(PREFIX + "bean", "ofOrders"));
	}

	@Test
	void beanThatIsNotThePrimaryOne() {
		assertSignsIn(application(PrimaryProviders.class).with(PREFIX + "bean", "ofOrders"));
	}

	@Test
	void primaryBeanIfNoneIsNamed() {
		withKeysOfTheProcess();
		assertSignsInThroughTheRole(application(PrimaryProviders.class).with(PREFIX + "role-arn", ROLE.arn()));
	}

	@Test
	void profileEvenIfThereIsABean() throws IOException {
		profile(TestCredentials.ACCESS_KEY);
		assertSignsIn(application(PrimaryProviders.class).with(PREFIX + "profile", "orders"));
	}

	@Test
	void profileEvenIfTheProcessHasCredentials() throws IOException {
		this.properties.set("aws.accessKeyId", TestCredentials.DENIED_ACCESS_KEY)
			.set("aws.secretAccessKey", TestCredentials.SECRET_KEY);
		profile(TestCredentials.ACCESS_KEY);
		assertSignsIn(application().with(PREFIX + "profile", "orders"));
	}

	@Test
	void roleAssumedWithABean() {
		assertSignsInThroughTheRole(
				application(Providers.class).with(PREFIX + "bean", "ofReports").with(PREFIX + "role-arn", ROLE.arn()));
	}

	@Test
	void roleAssumedWithAProfile() throws IOException {
		withKeysOfTheProcess();
		profile(TestCredentials.DENIED_ACCESS_KEY);
		assertSignsInThroughTheRole(
				application().with(PREFIX + "profile", "orders").with(PREFIX + "role-arn", " " + ROLE.arn() + " "));
	}

	@Test
	void propertiesInAFileWithPlaceholders() throws IOException {
		this.sts.role(ROLE.wantingExternalId("orders:4711"));
		Path file = Files.writeString(this.folder.resolve("application.yaml"), """
				spring.application.name: orders
				account: "123456789012"
				sts: %s
				iam.datasource.credentials:
				  bean: ${source:ofReports}
				  role-arn: arn:aws:iam::${account}:role/team/${spring.application.name}
				  role-session-name: ${spring.application.name}@blue
				  external-id: ${spring.application.name}:4711
				  duration: PT45M
				  source-identity: release-42
				  tags:
				    team: ${spring.application.name}
				    "[Team.Name]": Orders + more
				    "[cost-center]": 4711
				  sts-region: eu-central-1
				  sts-endpoint: ${sts}
				  identify-caller: true
				""".formatted(this.sts.endpoint()));
		try (ConfigurableApplicationContext context = application(Providers.class).without(PREFIX + "sts-endpoint")
			.without(PREFIX + "identify-caller")
			.with("spring.config.location", file.toUri().toString())
			.run()) {
			assertThat(user(context)).isEqualTo("app");
			Call call = this.sts.calls().get(0);
			assertThat(call.accessKeyId()).isEqualTo(TestCredentials.DENIED_ACCESS_KEY);
			assertThat(call.region()).isEqualTo("eu-central-1");
			assertThat(call.parameters())
				.containsAllEntriesOf(Map.of("RoleArn", ROLE.arn(), "RoleSessionName", "orders@blue", "ExternalId",
						"orders:4711", "DurationSeconds", "2700", "SourceIdentity", "release-42"));
			assertThat(call.parameters()
				.entrySet()
				.stream()
				.filter((parameter) -> parameter.getKey().matches("Tags\\.member\\.\\d\\.Key"))
				.map((key) -> key.getValue() + "=" + call.parameter(key.getKey().replace("Key", "Value"))))
				.containsExactlyInAnyOrder("team=orders", "Team.Name=Orders + more", "cost-center=4711");
			assertThat(context.getBean(IamDataSourceProperties.class).getCredentials().isIdentifyCaller()).isTrue();
		}
	}

	@ParameterizedTest
	@CsvSource({ "'', token", "file:, token", "'', ./other/../token" })
	void tokenFileAsAPathOrAUrl(String prefix, String path) throws IOException {
		Files.writeString(this.folder.resolve("token"), JWT + "\n");
		Files.createDirectory(this.folder.resolve("other"));
		try (ConfigurableApplicationContext context = application()
			.with(PREFIX + "web-identity-token-file", prefix + this.folder + "/" + path)
			.with(PREFIX + "role-arn", ROLE.arn())
			.run()) {
			assertThat(user(context)).isEqualTo("app");
		}
		assertThat(this.sts.calls("AssumeRoleWithWebIdentity")).hasSize(1);
	}

	@Test
	void propertiesInTheEnvironment() {
		IamDataSourceProperties.Credentials credentials = new Binder(ConfigurationPropertySources
			.from(new SystemEnvironmentPropertySource("systemEnvironment", Map.of("IAM_DATASOURCE_CREDENTIALS_BEAN",
					"ofOrders", "IAM_DATASOURCE_CREDENTIALS_PROFILE", "orders",
					"IAM_DATASOURCE_CREDENTIALS_WEBIDENTITYTOKENFILE", "/var/run/token",
					"IAM_DATASOURCE_CREDENTIALS_ROLEARN", ROLE.arn(), "IAM_DATASOURCE_CREDENTIALS_ROLESESSIONNAME",
					"blue", "IAM_DATASOURCE_CREDENTIALS_EXTERNALID", "4711", "IAM_DATASOURCE_CREDENTIALS_DURATION",
					"1800", "IAM_DATASOURCE_CREDENTIALS_TAGS_TEAM", "orders", "IAM_DATASOURCE_CREDENTIALS_STSENDPOINT",
					"https://sts.example.com/", "IAM_DATASOURCE_CREDENTIALS_IDENTIFYCALLER", "false"))))
			.bind("iam.datasource", IamDataSourceProperties.class)
			.get()
			.getCredentials();
		assertThat(credentials.getBean()).isEqualTo("ofOrders");
		assertThat(credentials.getProfile()).isEqualTo("orders");
		assertThat(credentials.getWebIdentityTokenFile()).isEqualTo(Path.of("/var/run/token"));
		assertThat(credentials.getRoleArn()).isEqualTo(ROLE.arn());
		assertThat(credentials.getRoleSessionName()).isEqualTo("blue");
		assertThat(credentials.getExternalId()).isEqualTo("4711");
		assertThat(credentials.getDuration()).isEqualTo(Duration.ofMinutes(30));
		assertThat(credentials.getTags()).containsExactly(Map.entry("team", "orders"));
		assertThat(credentials.getStsEndpoint()).isEqualTo(URI.create("https://sts.example.com/"));
		assertThat(credentials.isIdentifyCaller()).isFalse();
	}

	/** Nobody but those who may connect to the database signs in as this user. */
	private void assertSignsIn(Application application) {
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(user(context)).isEqualTo("app");
			assertThat(this.sts.calls()).isEmpty();
		}
	}

	private void assertSignsInThroughTheRole(Application application) {
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(user(context)).isEqualTo("app");
			assertThat(this.sts.calls()).singleElement().satisfies((call) -> {
				assertThat(call.accessKeyId()).isEqualTo(TestCredentials.DENIED_ACCESS_KEY);
				assertThat(call.parameter("RoleArn")).isEqualTo(ROLE.arn());
			});
		}
	}

	/** Those of a user whom the role does not trust, and who needs none. */
	private void withKeysOfTheProcess() {
		this.properties.set("aws.accessKeyId", TestCredentials.ACCESS_KEY)
			.set("aws.secretAccessKey", TestCredentials.SECRET_KEY);
	}

	private void profile(String accessKey) throws IOException {
		Path config = Files.writeString(this.folder.resolve("config"), """
				[profile orders]
				aws_access_key_id = %s
				aws_secret_access_key = %s
				""".formatted(accessKey, TestCredentials.SECRET_KEY));
		this.properties.set("aws.configFile", config);
	}

	private Application application(Class<?>... configuration) {
		return Application.signingIn(this.database, configuration)
			.withoutCredentials()
			.with(PREFIX + "sts-endpoint", this.sts.endpoint());
	}

	private static String user(ConfigurableApplicationContext context) {
		return context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Providers {

		@Bean
		AwsCredentialsProvider ofOrders() {
			return TestCredentials.user();
		}

		@Bean
		AwsCredentialsProvider ofReports() {
			return TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryProviders {

		@Bean
		AwsCredentialsProvider ofOrders() {
			return TestCredentials.user();
		}

		@Bean
		@Primary
		AwsCredentialsProvider ofReports() {
			return TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY);
		}

	}

}

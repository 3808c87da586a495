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

import io.awspring.cloud.autoconfigure.core.AwsConnectionDetails;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.aws.InstanceMetadataServer;
import io.github.iamdatasource.aws.Role;
import io.github.iamdatasource.aws.Sessions;
import io.github.iamdatasource.aws.StsServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Credentials, region and the place of AWS as Spring Cloud AWS is configured, and without
 * it from the AWS SDK's default chain.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class SpringCloudAwsTests {

	private static final String PREFIX = "spring.cloud.aws.";

	private static final String CALLER = "arn:aws:iam::123456789012:user/cloud";

	private static final String JWT = "NeverLogThis.of.the.cloud";

	private static final Role ROLE = Role.of("arn:aws:iam::123456789012:role/orders")
		.trusting(CALLER)
		.trustingWebIdentity(JWT)
		.connectingAs("app");

	private final OrdersDatabase database;

	private final Sessions sessions;

	private final StsServer sts;

	@RegisterExtension
	private final SystemProperties properties = new SystemProperties();

	@TempDir
	private Path folder;

	SpringCloudAwsTests(OrdersDatabase database) {
		this.database = database;
		this.sessions = Sessions.knownTo(database.rds());
		this.sts = StsServer.start(this.sessions)
			.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY, CALLER)
			.role(ROLE);
	}

	@AfterEach
	void close() {
		this.sts.close();
		this.sessions.close();
	}

	@Test
	void keys() {
		assertSignsIn(with(application(), TestCredentials.ACCESS_KEY));
	}

	@Test
	void profileOfAFile() throws IOException {
		Path file = Files.writeString(this.folder.resolve("credentials"), """
				[orders]
				aws_access_key_id = %s
				aws_secret_access_key = %s
				""".formatted(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY));
		assertSignsIn(application().with(PREFIX + "credentials.profile.name", "orders")
			.with(PREFIX + "credentials.profile.path", file.toString()));
	}

	@Test
	void profile() throws IOException {
		Path config = Files.writeString(this.folder.resolve("config"), """
				[profile orders]
				aws_access_key_id = %s
				aws_secret_access_key = %s
				""".formatted(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY));
		this.properties.set("aws.configFile", config);
		assertSignsIn(application().with(PREFIX + "credentials.profile.name", "orders"));
	}

	@Test
	void webIdentity() throws IOException {
		this.properties.set("aws.endpointUrlSts", this.sts.endpoint());
		assertSignsIn(application().with(PREFIX + "credentials.sts.role-arn", ROLE.arn())
			.with(PREFIX + "credentials.sts.role-session-name", "cloud")
			.with(PREFIX + "credentials.sts.web-identity-token-file",
					Files.writeString(this.folder.resolve("token"), JWT).toString())
			.with(PREFIX + "region.static", "eu-central-1"));
		assertThat(this.sts.calls("AssumeRoleWithWebIdentity")).singleElement()
			.satisfies((call) -> assertThat(call.parameter("RoleSessionName")).isEqualTo("cloud"));
	}

	@Test
	void instanceProfile() {
		try (InstanceMetadataServer metadata = InstanceMetadataServer.start(this.sessions, ROLE, "eu-west-1")) {
			this.properties.set("aws.disableEc2Metadata", "false")
				.set("aws.ec2MetadataServiceEndpoint", metadata.endpoint());
			assertSignsIn(application().with(PREFIX + "credentials.instance-profile", "true")
				.with(PREFIX + "region.static", "eu-west-1"));
			assertThat(metadata.calls()).isNotEmpty();
		}
	}

	@Test
	void regionIfTheHostNameHasNone() {
		assertThat(region(with(inNoRegion(), TestCredentials.ACCESS_KEY).with(PREFIX + "region.static", "ap-south-1")))
			.isEqualTo("ap-south-1");
	}

	@Test
	void regionOfAProfileIfTheHostNameHasNone() throws IOException {
		Path config = Files.writeString(this.folder.resolve("config"), """
				[profile orders]
				region = ap-southeast-3
				""");
		assertThat(region(with(inNoRegion(), TestCredentials.ACCESS_KEY).with(PREFIX + "region.profile.name", "orders")
			.with(PREFIX + "region.profile.path", config.toString()))).isEqualTo("ap-southeast-3");
	}

	/** As a service connection does, such as that of a LocalStack container. */
	@Test
	void connectionDetailsSayWhoWhereAndInWhichRegion() {
		try (ConfigurableApplicationContext context = application(Connection.class).with("sts", this.sts.endpoint())
			.with(PREFIX + "region.static", "us-east-1")
			.with(PREFIX + "endpoint", "http://127.0.0.1:1")
			.with("iam.datasource.credentials.role-arn", ROLE.arn())
			.run()) {
			assertThat(user(context)).isEqualTo("app");
		}
		assertAsked("ap-south-1");
	}

	@Test
	void regionOfTheConnectionDetailsIfTheHostNameHasNone() {
		assertThat(region(inNoRegion(Connection.class).with("sts", this.sts.endpoint())
			.with(PREFIX + "region.static", "us-east-1"))).isEqualTo("ap-south-1");
	}

	@Test
	void endpointIsWhereStsIsAskedInTheRegionOfTheApplication() {
		assertSignsIn(
				with(application(), TestCredentials.DENIED_ACCESS_KEY).with(PREFIX + "endpoint", this.sts.endpoint())
					.with(PREFIX + "region.static", "eu-central-1")
					.with("iam.datasource.credentials.role-arn", ROLE.arn()));
		assertAsked("eu-central-1");
	}

	@Test
	void endpointOfOurOwnComesFirst() {
		assertSignsIn(
				with(application(), TestCredentials.DENIED_ACCESS_KEY).with(PREFIX + "endpoint", "http://127.0.0.1:1")
					.with(PREFIX + "region.static", "eu-central-1")
					.with("iam.datasource.credentials.role-arn", ROLE.arn())
					.with("iam.datasource.credentials.sts-endpoint", this.sts.endpoint())
					.with("iam.datasource.credentials.sts-region", "sa-east-1"));
		assertAsked("sa-east-1");
	}

	@Test
	void credentialsAreThoseOfTheSdksDefaultChainIfItIsNotConfigured() {
		withKeysOfTheProcess();
		try (ConfigurableApplicationContext context = application().with(PREFIX + "region.static", "eu-west-1").run()) {
			assertThat(user(context)).isEqualTo("app");
			assertThat(context.getBean(AwsCredentialsProvider.class)).isSameAs(shared());
		}
	}

	@Test
	void credentialsAreThoseOfTheSdksDefaultChainWithoutIt() {
		withKeysOfTheProcess();
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).withoutCredentials().run()) {
			assertThat(user(context)).isEqualTo("app");
			assertThat(context.getBeansOfType(AwsCredentialsProvider.class)).isEmpty();
		}
	}

	@Test
	void autoConfigurationThatIsNotThere() {
		withKeysOfTheProcess();
		new ApplicationContextRunner().withClassLoader(new FilteredClassLoader("io.awspring.cloud.autoconfigure"))
			.withConfiguration(AutoConfigurations.of(IamDataSourceAutoConfiguration.class,
					DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
			.withPropertyValues("iam.datasource.url=" + this.database.rds().jdbcUrl(), "iam.datasource.username=app",
					"iam.datasource.tls.ca-certificates=" + this.database.caFile())
			.run((context) -> assertThat(
					user(context.getSourceApplicationContext(ConfigurableApplicationContext.class)))
				.isEqualTo("app"));
	}

	/** The role needs to know where AWS is. */
	@Test
	void jarThatIsNotThere() throws Exception {
		assertThat(ChildApplication.signingIn("SpringCloudAwsTests-without", this.database)
			.withSpringCloudAws()
			.withoutJars("spring-cloud-aws-autoconfigure-")
			.with("AWS_ACCESS_KEY_ID", TestCredentials.DENIED_ACCESS_KEY)
			.with("AWS_SECRET_ACCESS_KEY", TestCredentials.SECRET_KEY)
			.run("--iam.datasource.username=app", "--iam.datasource.credentials.role-arn=" + ROLE.arn(),
					"--iam.datasource.credentials.sts-endpoint=" + this.sts.endpoint()))
			.contains("signed in as app through ", "health UP");
		assertAsked("eu-west-1");
	}

	@Test
	void starter() throws Exception {
		assertThat(ChildApplication.signingIn("SpringCloudAwsTests-starter", this.database)
			.withSpringCloudAws()
			.withJar(Path.of(System.getProperty("spring-cloud-aws-starter.jar")))
			.with("AWS_ACCESS_KEY_ID", "AKIANOBODYNOBODYNOBO")
			.with("AWS_SECRET_ACCESS_KEY", TestCredentials.SECRET_KEY)
			.with("SPRING_CLOUD_AWS_CREDENTIALS_ACCESSKEY", TestCredentials.DENIED_ACCESS_KEY)
			.with("SPRING_CLOUD_AWS_CREDENTIALS_SECRETKEY", TestCredentials.SECRET_KEY)
			.with("SPRING_CLOUD_AWS_ENDPOINT", this.sts.endpoint())
			.with("SPRING_CLOUD_AWS_REGION_STATIC", "eu-central-1")
			.run("--iam.datasource.username=app", "--iam.datasource.credentials.role-arn=" + ROLE.arn()))
			.contains("signed in as app through ", "health UP");
		assertAsked("eu-central-1");
	}

	private void assertAsked(String region) {
		assertThat(this.sts.calls("AssumeRole")).singleElement().satisfies((call) -> {
			assertThat(call.accessKeyId()).isEqualTo(TestCredentials.DENIED_ACCESS_KEY);
			assertThat(call.region()).isEqualTo(region);
		});
	}

	private void assertSignsIn(Application application) {
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(user(context)).isEqualTo("app");
			assertThat(context.getBean(AwsCredentialsProvider.class)).isNotSameAs(shared());
		}
	}

	private static String region(Application application) {
		try (ConfigurableApplicationContext context = application.run()) {
			return context.getBean(IamJdbcConnectionDetails.class).getDataSource().getEndpoint().region();
		}
	}

	private void withKeysOfTheProcess() {
		this.properties.set("aws.accessKeyId", TestCredentials.ACCESS_KEY)
			.set("aws.secretAccessKey", TestCredentials.SECRET_KEY);
	}

	private static Application with(Application application, String accessKey) {
		return application.with(PREFIX + "credentials.access-key", accessKey)
			.with(PREFIX + "credentials.secret-key", TestCredentials.SECRET_KEY);
	}

	private Application application(Class<?>... configuration) {
		return Application.signingIn(this.database, configuration).withSpringCloudAws();
	}

	private Application inNoRegion(Class<?>... configuration) {
		return application(configuration)
			.with("iam.datasource.url", "jdbc:postgresql://db.example.com:" + this.database.rds().port() + "/orders")
			.with("iam.datasource.hostname", "db.example.com");
	}

	private static String user(ConfigurableApplicationContext context) {
		return context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class);
	}

	/** What Spring Cloud AWS publishes. */
	@SuppressWarnings("deprecation")
	private static AwsCredentialsProvider shared() {
		return DefaultCredentialsProvider.create();
	}

	@Configuration(proxyBeanMethods = false)
	static class Connection {

		@Bean
		AwsConnectionDetails localStack(Environment environment) {
			return new AwsConnectionDetails() {

				@Override
				public URI getEndpoint() {
					return environment.getRequiredProperty("sts", URI.class);
				}

				@Override
				public String getRegion() {
					return "ap-south-1";
				}

				@Override
				public String getAccessKey() {
					return TestCredentials.DENIED_ACCESS_KEY;
				}

				@Override
				public String getSecretKey() {
					return TestCredentials.SECRET_KEY;
				}

			};
		}

	}

}

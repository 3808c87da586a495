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
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.aws.InstanceMetadataServer;
import io.github.iamdatasource.aws.Role;
import io.github.iamdatasource.aws.Session;
import io.github.iamdatasource.aws.Sessions;
import io.github.iamdatasource.aws.StsServer;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.TokenSource;
import io.github.iamdatasource.token.TokenState;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that ends closes what was created for it, and nothing that others use.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class CredentialsLifecycleTests {

	private static final String PREFIX = "iam.datasource.credentials.";

	private static final String CALLER = "arn:aws:iam::123456789012:user/lifecycle";

	private static final Role BASE = Role.of("arn:aws:iam::123456789012:role/base")
		.trusting(CALLER)
		.connectingAs("auditor");

	private static final Role ORDERS = Role.of("arn:aws:iam::123456789012:role/orders")
		.trusting(CALLER, BASE.arn())
		.connectingAs("auditor");

	private final OrdersDatabase database;

	private final Sessions sessions;

	private final StsServer sts;

	@RegisterExtension
	private final SystemProperties properties = new SystemProperties();

	@TempDir
	private Path folder;

	CredentialsLifecycleTests(OrdersDatabase database) {
		this.database = database;
		this.sessions = Sessions.knownTo(database.rds());
		this.sts = StsServer.start(this.sessions)
			.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY, CALLER)
			.role(BASE)
			.role(ORDERS);
	}

	@AfterEach
	void close() {
		this.sts.close();
		this.sessions.close();
	}

	@Test
	void instanceMetadataStayWithTheOtherApplication() throws SQLException {
		try (InstanceMetadataServer metadata = InstanceMetadataServer.start(this.sessions, ORDERS, "eu-west-1")) {
			// On a busy machine, its default of a second is not much.
			this.properties.set("aws.disableEc2Metadata", "false")
				.set("aws.ec2MetadataServiceEndpoint", metadata.endpoint())
				.set("aws.ec2MetadataServiceTimeout", "30");
			assertTheOtherApplicationGoesOn(this::application);
		}
	}

	@Test
	void roleOfAProfileStaysWithTheOtherApplication() throws SQLException, IOException {
		roleInTheDefaultProfile();
		assertTheOtherApplicationGoesOn(this::application);
	}

	@Test
	void assumedRoleStaysWithTheOtherApplication() throws SQLException, IOException {
		roleInTheDefaultProfile();
		assertTheOtherApplicationGoesOn(() -> application().with(PREFIX + "role-arn", ORDERS.arn())
			.with(PREFIX + "sts-endpoint", this.sts.endpoint()));
	}

	/**
	 * The provider that it publishes is the same in all applications, and each closes it
	 * when it ends.
	 */
	@Test
	void nothingOfSpringCloudAwsIsNeededByTheOtherApplication() throws SQLException, IOException {
		roleInTheDefaultProfile();
		assertTheOtherApplicationGoesOn(() -> application().withSpringCloudAws());
	}

	@SuppressWarnings("deprecation")
	private void assertTheOtherApplicationGoesOn(Supplier<Application> application) throws SQLException {
		try (ConfigurableApplicationContext other = application.get().run()) {
			try (ConfigurableApplicationContext one = application.get().run()) {
				assertThat(user(one)).isEqualTo("auditor");
				assertThat(user(other)).isEqualTo("auditor");
				one.getBeanProvider(AwsCredentialsProvider.class)
					.ifAvailable((bean) -> assertThat(bean).isSameAs(DefaultCredentialsProvider.create()));
			}
			List<Session> before = this.sessions.issued();
			before.forEach((session) -> this.database.rds().removePrincipal(session.accessKeyId()));
			assertThat(user(other)).isEqualTo("auditor");
			assertThat(this.sessions.issued()).hasSizeGreaterThan(before.size());
		}
	}

	/**
	 * Three clients of the SDK are needed for it: the profile's and the role's, and the
	 * profile's again when the session is renewed; and one for whose token was rejected.
	 */
	@Test
	void nothingIsLeftOfAnApplicationThatHasEnded() throws Exception {
		Path config = roleInTheDefaultProfile();
		String output = ChildApplication.signingIn("CredentialsLifecycleTests-closed", this.database)
			.withMain(App.class)
			.withOption("-Dsoftware.amazon.awssdk.http.service.impl=" + WatchedHttpService.class.getName())
			.with("AWS_CONFIG_FILE", config)
			.with("AWS_ENDPOINT_URL_STS", this.sts.endpoint())
			.run("--iam.datasource.username=auditor", "--" + PREFIX + "role-arn=" + ORDERS.arn(),
					"--" + PREFIX + "sts-endpoint=" + this.sts.endpoint());
		assertThat(output).contains("renewed, with clients open: 2", "ended, with clients open: 0 of 3",
				"threads left: []");
		assertThat(this.sts.calls("AssumeRole")).hasSize(4);
	}

	/** As Spring does with every bean that can be closed. */
	@Test
	void beanIsClosedBySpringAloneAndAfterThePool() {
		assertSpringAloneClosesTheBean(
				Application.signingIn(this.database, UserConfiguration.class).withoutCredentials());
	}

	@Test
	void beanThatARoleIsAssumedWithIsClosedBySpringAloneAndAfterThePool() {
		assertSpringAloneClosesTheBean(Application.signingIn(this.database, CallerConfiguration.class)
			.withoutCredentials()
			.with("iam.datasource.username", "auditor")
			.with(PREFIX + "role-arn", ORDERS.arn())
			.with(PREFIX + "sts-endpoint", this.sts.endpoint()));
	}

	private static void assertSpringAloneClosesTheBean(Application application) {
		WatchedProvider provider;
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class)).isEqualTo(1);
			provider = context.getBean(WatchedProvider.class);
			provider.pool = context.getBean(HikariDataSource.class);
			assertThat(provider.closings).isEmpty();
		}
		assertThat(provider.closings).containsExactly("after the pool");
	}

	@Test
	void beanOfAParentStaysOpen() {
		WatchedProvider provider = new WatchedProvider(TestCredentials.user());
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext()) {
			parent.registerBean(AwsCredentialsProvider.class, () -> provider);
			parent.refresh();
			new ApplicationContextRunner().withParent(parent)
				.withConfiguration(AutoConfigurations.of(IamDataSourceAutoConfiguration.class,
						DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
				.withPropertyValues("iam.datasource.url=" + this.database.rds().jdbcUrl(),
						"iam.datasource.username=app", "iam.datasource.tls.ca-certificates=" + this.database.caFile(),
						PREFIX + "identify-caller=false")
				.run((context) -> assertThat(
						context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class))
					.isEqualTo("app"));
			assertThat(provider.closings).isEmpty();
		}
	}

	@Test
	void tokenSourceIsClosedBeforeItsCredentials() throws IOException {
		roleInTheDefaultProfile();
		TokenSource tokens;
		try (ConfigurableApplicationContext context = application().run()) {
			tokens = context.getBean(IamJdbcConnectionDetails.class).getDataSource().getTokenSource();
		}
		assertThat(tokens.snapshot().state()).isEqualTo(TokenState.CLOSED);
		assertThat(tokens.snapshot().lastFailure()).isNull();
	}

	/** The SDK finds STS by a setting, and the role there with the keys of a user. */
	private Path roleInTheDefaultProfile() throws IOException {
		Path config = Files.writeString(this.folder.resolve("config"), """
				[default]
				region = eu-west-1
				role_arn = %s
				source_profile = keys

				[profile keys]
				aws_access_key_id = %s
				aws_secret_access_key = %s
				""".formatted(BASE.arn(), TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY));
		this.properties.set("aws.configFile", config).set("aws.endpointUrlSts", this.sts.endpoint());
		return config;
	}

	private Application application() {
		return Application.signingIn(this.database).withoutCredentials().with("iam.datasource.username", "auditor");
	}

	/** Over a connection of its own. */
	private static String user(ConfigurableApplicationContext context) throws SQLException {
		try (Connection connection = context.getBean(IamJdbcConnectionDetails.class).getDataSource().getConnection();
				ResultSet result = connection.createStatement().executeQuery("select current_user")) {
			assertThat(result.next()).isTrue();
			return result.getString(1);
		}
	}

	/**
	 * Signs in, renews its session, ends, and tells what is left of it.
	 */
	static class App {

		public static void main(String[] args) throws Exception {
			Set<Thread> before = Thread.getAllStackTraces().keySet();
			try (ConfigurableApplicationContext context = SpringApplication.run(PoolClassPathTests.App.class, args)) {
				IamDataSource dataSource = context.getBean(IamJdbcConnectionDetails.class).getDataSource();
				dataSource.getConnection().close();
				AuthenticationToken token = dataSource.getTokenSource().getToken(Duration.ofSeconds(30));
				dataSource.getTokenSource().replace(token, Duration.ofSeconds(30));
				dataSource.getConnection().close();
				System.out.println("renewed, with clients open: " + WatchedHttpService.open);
			}
			System.out
				.println("ended, with clients open: " + WatchedHttpService.open + " of " + WatchedHttpService.created);
			try {
				Awaitility.await().until(() -> left(before).isEmpty());
			}
			catch (ConditionTimeoutException ex) {
				// Said below.
			}
			System.out.println("threads left: " + left(before));
		}

		/** The JDK ends its own threads when it has not needed them for a while. */
		private static List<String> left(Set<Thread> before) {
			List<String> left = new ArrayList<>();
			for (Thread thread : Thread.getAllStackTraces().keySet()) {
				if (!before.contains(thread) && thread.isAlive() && thread.getThreadGroup() != null
						&& !thread.getThreadGroup().getName().matches("system|InnocuousThreadGroup")
						&& !thread.getName().startsWith("awaitility")) {
					left.add(thread.getName());
				}
			}
			return left;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UserConfiguration {

		@Bean
		WatchedProvider watchedProvider() {
			return new WatchedProvider(TestCredentials.user());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CallerConfiguration {

		@Bean
		WatchedProvider watchedProvider() {
			return new WatchedProvider(
					TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY));
		}

	}

	/**
	 * Remembers when it was closed.
	 */
	private static final class WatchedProvider implements AwsCredentialsProvider, SdkAutoCloseable {

		private final AwsCredentialsProvider delegate;

		private final List<String> closings = new ArrayList<>();

		private @Nullable HikariDataSource pool;

		WatchedProvider(AwsCredentialsProvider delegate) {
			this.delegate = delegate;
		}

		@Override
		public AwsCredentials resolveCredentials() {
			return this.delegate.resolveCredentials();
		}

		@Override
		public void close() {
			this.closings.add((this.pool != null && this.pool.isClosed()) ? "after the pool" : "before the pool");
		}

	}

}

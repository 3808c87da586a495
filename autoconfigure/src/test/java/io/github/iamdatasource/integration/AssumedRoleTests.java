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

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.aws.Call;
import io.github.iamdatasource.aws.Fault;
import io.github.iamdatasource.aws.Role;
import io.github.iamdatasource.aws.Sessions;
import io.github.iamdatasource.aws.StsServer;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.token.AuthenticationToken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A role, assumed through AWS STS with the credentials of somebody who may not connect
 * himself.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class AssumedRoleTests {

	private static final String CALLER = "arn:aws:iam::210987654321:user/deploy";

	private static final Role ROLE = Role.of("arn:aws:iam::123456789012:role/team/orders")
		.trusting(CALLER)
		.connectingAs("app");

	private static final String JWT = "NeverLogThis.web.identity";

	private final OrdersDatabase database;

	@RegisterExtension
	private final SystemProperties properties = new SystemProperties();

	private final StsServer sts;

	AssumedRoleTests(OrdersDatabase database) {
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
	void tokensAreThoseOfTheRole() {
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(user(context)).isEqualTo("app");
			Call call = theOnlyCall("AssumeRole");
			assertThat(call.accessKeyId()).isEqualTo(TestCredentials.DENIED_ACCESS_KEY);
			assertThat(call.parameters()).containsEntry("RoleArn", ROLE.arn())
				.containsEntry("RoleSessionName", "iam-datasource")
				.containsEntry("DurationSeconds", "3600")
				.doesNotContainKeys("ExternalId", "SourceIdentity", "Tags.member.1.Key");
			assertThat(call.region()).isEqualTo("eu-west-1");
			// It is nobody else's token that the database accepts.
			this.database.rds().removePrincipal(this.sts.sessions().newest().accessKeyId());
			this.sts.role(Role.of(ROLE.arn()));
			assertThat(Outsider.sees(catchThrowable(
					() -> context.getBean(IamJdbcConnectionDetails.class).getDataSource().getConnection())))
				.isInstanceOf(IamLoginException.class)
				.hasMessageContaining("did not accept the token");
		}
	}

	@Test
	void allThatAnAdministratorMayAskFor() {
		this.sts.role(ROLE.wantingExternalId("orders:4711"));
		try (ConfigurableApplicationContext context = application()
			.with("iam.datasource.credentials.external-id", "orders:4711")
			.with("iam.datasource.credentials.role-session-name", "orders@blue")
			.with("iam.datasource.credentials.source-identity", "release-42")
			.with("iam.datasource.credentials.duration", "30m")
			.with("iam.datasource.credentials.tags.team", "orders")
			.with("iam.datasource.credentials.sts-region", "eu-central-1")
			.run()) {
			assertThat(user(context)).isEqualTo("app");
			Call call = theOnlyCall("AssumeRole");
			assertThat(call.parameters()).containsAllEntriesOf(Map.of("ExternalId", "orders:4711", "RoleSessionName",
					"orders@blue", "SourceIdentity", "release-42", "DurationSeconds", "1800", "Tags.member.1.Key",
					"team", "Tags.member.1.Value", "orders"));
			assertThat(call.region()).isEqualTo("eu-central-1");
		}
	}

	@Test
	void sessionIsNamedAfterTheApplication() {
		try (ConfigurableApplicationContext context = application().with("spring.application.name", "Orders & more")
			.run()) {
			assertThat(user(context)).isEqualTo("app");
			assertThat(theOnlyCall("AssumeRole").parameter("RoleSessionName")).isEqualTo("Orders---more");
		}
	}

	@Test
	void sessionOfItsOwnForEachTokenThatWouldNotLiveLongOtherwise() {
		this.sts.sessionLifetime(Duration.ofMinutes(15));
		try (ConfigurableApplicationContext context = application().run()) {
			IamDataSource dataSource = context.getBean(IamJdbcConnectionDetails.class).getDataSource();
			AuthenticationToken first = dataSource.getTokenSource().getToken(Duration.ofSeconds(30));
			assertThat(first.expiresAt()).isEqualTo(this.sts.sessions().newest().expiresAt());
			AuthenticationToken second = dataSource.getTokenSource().replace(first, Duration.ofSeconds(30));
			assertThat(second).isNotNull();
			assertThat(this.sts.sessions().issued()).hasSize(2);
			assertThat(second.expiresAt()).isEqualTo(this.sts.sessions().newest().expiresAt());
		}
	}

	@Test
	void rejectedTokenIsReplacedByOneOfANewSession() throws SQLException {
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(user(context)).isEqualTo("app");
			this.database.rds().removePrincipal(this.sts.sessions().newest().accessKeyId());
			try (Connection connection = context.getBean(IamJdbcConnectionDetails.class)
				.getDataSource()
				.getConnection()) {
				assertThat(connection.isValid(30)).isTrue();
			}
			assertThat(this.sts.calls("AssumeRole")).hasSize(2);
		}
	}

	@Test
	void webIdentityTokenIsReadForEachSession(@TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("token"), JWT + ".1\n");
		this.sts.role(Role.of(ROLE.arn()).trustingWebIdentity(JWT + ".1", JWT + ".2").connectingAs("app"));
		try (ConfigurableApplicationContext context = application().withoutCredentials()
			.with("iam.datasource.credentials.web-identity-token-file", file)
			.run()) {
			assertThat(user(context)).isEqualTo("app");
			Files.writeString(file, JWT + ".2\n");
			this.database.rds().removePrincipal(this.sts.sessions().newest().accessKeyId());
			context.getBean(IamJdbcConnectionDetails.class).getDataSource().getConnection().close();
			List<Call> calls = this.sts.calls("AssumeRoleWithWebIdentity");
			assertThat(calls).extracting((call) -> call.parameter("WebIdentityToken"))
				.containsExactly(JWT + ".1", JWT + ".2");
			assertThat(calls).extracting(Call::accessKeyId).containsOnlyNulls();
		}
	}

	@Test
	void roleThatDoesNotTrustTheCaller() {
		this.sts.role(Role.of(ROLE.arn()).trusting("arn:aws:iam::123456789012:user/somebody-else"));
		assertFails(application(),
				List.of("AWS STS did not allow to assume the role " + ROLE.arn() + ": User: " + CALLER
						+ " is not authorized to perform: sts:AssumeRole on resource: " + ROLE.arn()),
				List.of("trust policy of the role " + ROLE.arn(), "external id", "sts:AssumeRole"));
	}

	@Test
	void externalIdThatIsMissing() {
		this.sts.role(ROLE.wantingExternalId("orders:4711"));
		assertFails(application(), List.of("AWS STS did not allow to assume the role " + ROLE.arn()),
				List.of("external id"));
	}

	@Test
	void durationThatTheRoleDoesNotAllow() {
		this.sts.role(ROLE.withMaxSession(Duration.ofHours(1)));
		assertFails(application().with("iam.datasource.credentials.duration", "2h"),
				List.of("AWS STS did not accept the request for the role " + ROLE.arn(), "MaxSessionDuration"),
				List.of("within the role's maximum"));
	}

	@Test
	void callerWhomNobodyKnows() {
		assertFails(application().with(TestCredentials.longLived("AKIAIUNKNOWNUNKNOWN1", TestCredentials.SECRET_KEY)),
				List.of("AWS STS does not know the access key that asked for the role " + ROLE.arn()),
				List.of("not deleted or deactivated"));
	}

	@Test
	void callerWithAnotherSecretKey() {
		assertFails(
				application().with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, "NeverLogThis/other")),
				List.of("AWS STS says that the request for the role " + ROLE.arn() + " was not signed rightly"),
				List.of("secret access key belongs to the access key id"));
	}

	@Test
	void webIdentityThatHasExpired(@TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("token"), JWT);
		this.sts.role(Role.of(ROLE.arn()).trustingWebIdentity(JWT)).expireWebIdentity(JWT);
		assertFails(application().withoutCredentials().with("iam.datasource.credentials.web-identity-token-file", file),
				List.of("AWS STS says that what was sent to get the role " + ROLE.arn() + " has expired",
						"Token expired"),
				List.of("web identity token"));
	}

	@Test
	void webIdentityThatTheRoleDoesNotTrust(@TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("token"), JWT);
		this.sts.role(Role.of("arn:aws:iam::123456789012:role/other").trustingWebIdentity(JWT));
		assertFails(application().withoutCredentials().with("iam.datasource.credentials.web-identity-token-file", file),
				List.of("AWS STS did not exchange the web identity token for the role " + ROLE.arn()),
				List.of("sts:AssumeRoleWithWebIdentity", "system:serviceaccount:<namespace>:<service account>"));
	}

	@Test
	void webIdentityTokenFileThatIsMissing(@TempDir Path folder) {
		Path file = folder.resolve("nowhere");
		assertFails(application().withoutCredentials().with("iam.datasource.credentials.web-identity-token-file", file),
				List.of("The web identity token cannot be read: NoSuchFileException " + file),
				List.of("Check that the file exists"));
	}

	@Test
	void stsThatCannotBeReached() {
		this.sts.close();
		assertFails(application(), List.of("AWS STS could not be asked for the role " + ROLE.arn(), "ConnectException"),
				List.of("can reach " + this.sts.endpoint(), "VPC endpoint"));
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVER_ERROR", "UNAVAILABLE", "THROTTLING", "CLOSED_CONNECTION" })
	void stsThatIsInTroubleForAMoment(Fault fault) {
		this.sts.answer(fault, 2);
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(user(context)).isEqualTo("app");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVER_ERROR", "THROTTLING", "GARBAGE" })
	void stsThatStaysInTrouble(Fault fault) {
		this.sts.answer(fault);
		assertFails(application(), List.of("for want of AWS credentials. AWS STS ", ROLE.arn()), List.of("it"));
	}

	@Test
	void roleThatTheOneIsAssumedWithIsTheOneThatIsTold() {
		StsClient client = StsClient.builder()
			.endpointOverride(this.sts.endpoint())
			.region(Region.EU_WEST_1)
			.credentialsProvider(
					TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
			.build();
		try (client;
				StsAssumeRoleCredentialsProvider inner = StsAssumeRoleCredentialsProvider.builder()
					.stsClient(client)
					.refreshRequest((request) -> request.roleArn("arn:aws:iam::123456789012:role/inner")
						.roleSessionName("inner"))
					.build()) {
			assertFails(application().with(inner),
					List.of("AWS STS did not allow to assume the role of the application's AwsCredentialsProvider bean",
							"on resource: arn:aws:iam::123456789012:role/inner"),
					List.of("trust policy"));
		}
	}

	@Test
	void nobodyWaitsForWhomHeKeepsWaiting() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database, LazyUse.class)
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
			.with("iam.datasource.credentials.role-arn", ROLE.arn())
			.with("iam.datasource.credentials.sts-endpoint", this.sts.endpoint())
			.with("spring.main.lazy-initialization", "true")
			.run()) {
			assertThat(context.getBean(LazyUse.Login.class).user()).isEqualTo("app");
			assertThat(theOnlyCall("AssumeRole").region()).isEqualTo("eu-central-1");
		}
	}

	@Test
	void regionIsOneOfTheRolesOwnPartition() {
		Role role = Role.of("arn:aws-us-gov:iam::123456789012:role/orders").trusting(CALLER).connectingAs("app");
		this.sts.role(role);
		try (ConfigurableApplicationContext context = Application.signingIn(this.database, LazyUse.class)
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
			.with("iam.datasource.credentials.role-arn", role.arn())
			.with("iam.datasource.credentials.sts-endpoint", this.sts.endpoint())
			.run()) {
			assertThat(user(context)).isEqualTo("app");
			assertThat(theOnlyCall("AssumeRole").region()).isEqualTo("eu-west-1");
		}
	}

	@Test
	void endpointIsUsedWhateverOthersTheSdkIsToldToUse() {
		this.properties.set("aws.useFipsEndpoint", "true").set("aws.useDualstackEndpoint", "true");
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(user(context)).isEqualTo("app");
		}
	}

	@Test
	void regionThatIsEmptyIsNone() {
		this.properties.set("aws.region", "");
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(user(context)).isEqualTo("app");
			assertThat(theOnlyCall("AssumeRole").region()).isEqualTo("eu-west-1");
		}
	}

	@Test
	void clockThatIsNotThatOfSts() {
		try (Sessions sessions = Sessions.knownTo(this.database.rds());
				StsServer later = StsServer.start(sessions, Clock.offset(Clock.systemUTC(), Duration.ofHours(1)))
					.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY, CALLER)
					.role(ROLE);
				ConfigurableApplicationContext context = application()
					.with("iam.datasource.credentials.sts-endpoint", later.endpoint())
					.run()) {
			assertThat(user(context)).isEqualTo("app");
		}
	}

	private Application application() {
		return Application.signingIn(this.database)
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
			.with("iam.datasource.credentials.role-arn", ROLE.arn())
			.with("iam.datasource.credentials.sts-endpoint", this.sts.endpoint());
	}

	private Call theOnlyCall(String action) {
		assertThat(this.sts.calls()).extracting(Call::action).containsExactly(action);
		return this.sts.calls().get(0);
	}

	private static String user(ConfigurableApplicationContext context) {
		assertThat(context.getBean(DataSource.class)).isNotNull();
		return String.valueOf(context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class));
	}

	private static void assertFails(Application application, List<String> description, List<String> action) {
		FailureAnalysis analysis = ReportedAnalyses.ofFailing(application);
		assertThat(analysis.getDescription()).contains(description);
		assertThat(analysis.getAction()).contains(action).contains("iam.datasource.enabled=false");
	}

	/**
	 * What is made under the lock of Spring's singletons, and needs a token meanwhile.
	 */
	@Configuration(proxyBeanMethods = false)
	static class LazyUse {

		@Bean
		@Lazy
		AwsRegionProvider regionProvider() {
			return () -> Region.EU_CENTRAL_1;
		}

		@Bean
		@Lazy
		Login login(DataSource dataSource) {
			return new Login(
					String.valueOf(new JdbcTemplate(dataSource).queryForObject("select current_user", String.class)));
		}

		record Login(String user) {

		}

	}

}

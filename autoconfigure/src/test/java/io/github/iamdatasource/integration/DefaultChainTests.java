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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.aws.ContainerCredentialsServer;
import io.github.iamdatasource.aws.InstanceMetadataServer;
import io.github.iamdatasource.aws.Role;
import io.github.iamdatasource.aws.Session;
import io.github.iamdatasource.aws.Sessions;
import io.github.iamdatasource.aws.SsoPortal;
import io.github.iamdatasource.aws.StsServer;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.jdbc.IamLoginException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An application without any credentials of its own signs in with those that the AWS
 * SDK's default chain finds, in each place where it looks. Nobody may connect as this
 * database user but who the test says, so a login that succeeds is theirs.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class DefaultChainTests {

	private static final String ACCESS_KEY = "AKIACHAINEXAMPLE0001";

	private static final String SECRET_KEY = "NeverLogThis/of/the/chain";

	private static final String USER = "arn:aws:iam::123456789012:user/deploy";

	/** Its sessions are the only ones that may connect. */
	private static final Role ORDERS = Role.of("arn:aws:iam::123456789012:role/service/orders").connectingAs("auditor");

	private final OrdersDatabase database;

	private final Sessions sessions;

	private final StsServer sts;

	@RegisterExtension
	private final SystemProperties properties = new SystemProperties();

	@TempDir
	private Path folder;

	DefaultChainTests(OrdersDatabase database) {
		this.database = database;
		this.sessions = Sessions.knownTo(database.rds());
		this.sts = StsServer.start(this.sessions).user(ACCESS_KEY, SECRET_KEY, USER);
	}

	@AfterEach
	void close() {
		this.sts.close();
		this.sessions.close();
		this.database.rds().removePrincipal(ACCESS_KEY);
	}

	@Test
	void systemProperties() {
		theUserMayConnect();
		this.properties.set("aws.accessKeyId", ACCESS_KEY).set("aws.secretAccessKey", SECRET_KEY);
		assertSignsInUntilRemoved(ACCESS_KEY);
	}

	@Test
	void systemPropertiesWithASession() {
		Session session = this.sessions.issue(ORDERS, "properties", Duration.ofHours(1));
		this.properties.set("aws.accessKeyId", session.accessKeyId())
			.set("aws.secretAccessKey", session.secretAccessKey())
			.set("aws.sessionToken", session.sessionToken());
		assertSignsInUntilRemoved(session.accessKeyId());
	}

	@Test
	void environment() throws Exception {
		Session session = this.sessions.issue(ORDERS, "environment", Duration.ofHours(1));
		assertSignsIn(inEnvironment("DefaultChainTests-environment", session));
		this.database.rds().removePrincipal(session.accessKeyId());
		long rejected = rejected();
		assertThat(inEnvironment("DefaultChainTests-environment-removed", session)
			.run("--iam.datasource.username=auditor")).doesNotContain("signed in as")
			.contains(endOf(session.accessKeyId()));
		assertThat(rejected()).isGreaterThan(rejected);
	}

	private ChildApplication inEnvironment(String name, Session session) {
		return ChildApplication.signingIn(name, this.database)
			.with("AWS_ACCESS_KEY_ID", session.accessKeyId())
			.with("AWS_SECRET_ACCESS_KEY", session.secretAccessKey())
			.with("AWS_SESSION_TOKEN", session.sessionToken());
	}

	@Test
	void sharedCredentialsFile() throws IOException {
		theUserMayConnect();
		credentials("""
				[default]
				aws_access_key_id = AKIAOFSOMEBODYELSE01
				aws_secret_access_key = NeverLogThis/of/somebody/else

				[orders]
				aws_access_key_id = %s
				aws_secret_access_key = %s
				""".formatted(ACCESS_KEY, SECRET_KEY));
		this.properties.set("aws.profile", "orders");
		assertSignsInUntilRemoved(ACCESS_KEY);
	}

	@Test
	void credentialProcess() throws IOException {
		Session session = this.sessions.issue(ORDERS, "process", Duration.ofHours(1));
		Path answer = Files.writeString(this.folder.resolve("answer.json"), """
				{"Version": 1, "AccessKeyId": "%s", "SecretAccessKey": "%s", "SessionToken": "%s", "Expiration": "%s"}
				""".formatted(session.accessKeyId(), session.secretAccessKey(), session.sessionToken(),
				session.expiresAt()));
		configuration("""
				[default]
				credential_process = cat '%s'
				""".formatted(answer));
		assertSignsInUntilRemoved(session.accessKeyId());
	}

	@Test
	void twoRolesOfWhichOneAssumesTheOther() throws Exception {
		Role hop = Role.of("arn:aws:iam::123456789012:role/hop").trusting(USER);
		this.sts.role(hop).role(ORDERS.trusting(hop.arn()).wantingExternalId("42"));
		this.properties.set("aws.endpointUrlSts", this.sts.endpoint());
		configuration("""
				[default]
				region = eu-west-1
				role_arn = %s
				role_session_name = orders-app
				external_id = 42
				source_profile = hop

				[profile hop]
				region = eu-west-1
				role_arn = %s
				source_profile = base

				[profile base]
				aws_access_key_id = %s
				aws_secret_access_key = %s
				""".formatted(ORDERS.arn(), hop.arn(), ACCESS_KEY, SECRET_KEY));
		assertSignsInWithSessions("arn:aws:sts::123456789012:assumed-role/orders/orders-app");
		assertThat(this.sts.calls("AssumeRole")).first().satisfies((call) -> {
			assertThat(call.accessKeyId()).isEqualTo(ACCESS_KEY);
			assertThat(call.parameter("RoleArn")).isEqualTo(hop.arn());
		});
	}

	@Test
	void roleThatTheRoleOfAContainerAssumes() throws Exception {
		Role task = Role.of("arn:aws:iam::123456789012:role/task");
		this.sts.role(ORDERS.trusting(task.arn()));
		this.properties.set("aws.endpointUrlSts", this.sts.endpoint());
		configuration("""
				[default]
				region = eu-west-1
				role_arn = %s
				role_session_name = orders-app
				credential_source = EcsContainer
				""".formatted(ORDERS.arn()));
		try (ContainerCredentialsServer container = ContainerCredentialsServer.start(this.sessions, task)) {
			this.properties.set("aws.containerServiceEndpoint", container.endpoint())
				.set("aws.containerCredentialsPath", container.relativeUri());
			assertSignsInWithSessions("arn:aws:sts::123456789012:assumed-role/orders/orders-app");
		}
	}

	@Test
	void roleThatTheRoleOfAnInstanceAssumes() throws Exception {
		Role instance = Role.of("arn:aws:iam::123456789012:role/instance");
		this.sts.role(ORDERS.trusting(instance.arn()));
		this.properties.set("aws.endpointUrlSts", this.sts.endpoint());
		configuration("""
				[default]
				region = eu-west-1
				role_arn = %s
				role_session_name = orders-app
				credential_source = Ec2InstanceMetadata
				""".formatted(ORDERS.arn()));
		try (InstanceMetadataServer metadata = metadata(instance)) {
			assertSignsInWithSessions("arn:aws:sts::123456789012:assumed-role/orders/orders-app");
			assertThat(metadata.calls("PUT /latest/api/token")).isNotEmpty();
		}
	}

	/** As the service accounts of EKS have it. */
	@Test
	void webIdentity() throws Exception {
		this.sts.role(ORDERS.trustingWebIdentity("NeverLogThis.web.identity"));
		Path token = Files.writeString(this.folder.resolve("token"), "NeverLogThis.web.identity");
		this.properties.set("aws.endpointUrlSts", this.sts.endpoint())
			.set("aws.region", "eu-west-1")
			.set("aws.roleArn", ORDERS.arn())
			.set("aws.roleSessionName", "orders-app")
			.set("aws.webIdentityTokenFile", token);
		assertSignsInWithSessions(application(), "arn:aws:sts::123456789012:assumed-role/orders/orders-app");
		assertThat(this.sts.calls()).allSatisfy((call) -> assertThat(call.accessKeyId()).isNull());
	}

	@Test
	void container() throws SQLException {
		try (ContainerCredentialsServer container = ContainerCredentialsServer.start(this.sessions, ORDERS)) {
			this.properties.set("aws.containerServiceEndpoint", container.endpoint())
				.set("aws.containerCredentialsPath", container.relativeUri());
			assertSignsInWithSessions("arn:aws:sts::123456789012:assumed-role/orders/5b1d0a9c8e7f4d3c2b1a");
		}
	}

	@Test
	void pod() throws Exception {
		try (ContainerCredentialsServer container = ContainerCredentialsServer.start(this.sessions, ORDERS)) {
			container.podToken("NeverLogThis.pod.one");
			Path token = Files.writeString(this.folder.resolve("token"), "NeverLogThis.pod.one");
			this.properties.set("aws.containerCredentialsFullUri", container.fullUri())
				.set("aws.containerAuthorizationTokenFile", token);
			try (ConfigurableApplicationContext context = application().run()) {
				assertThat(user(context)).isEqualTo("auditor");
				// Such a file is replaced every now and then, and the old token ends.
				container.podToken("NeverLogThis.pod.two");
				Files.writeString(token, "NeverLogThis.pod.two");
				assertANewSessionIsUsed(context);
			}
		}
	}

	@Test
	void instance() throws SQLException {
		try (InstanceMetadataServer metadata = metadata(ORDERS)) {
			assertSignsInWithSessions("arn:aws:sts::123456789012:assumed-role/orders/i-0123456789abcdef0");
			assertThat(metadata.calls("PUT /latest/api/token")).isNotEmpty();
		}
	}

	@Test
	void signedInToIdentityCenter() throws Exception {
		String start = "https://example.awsapps.com/start";
		Path home = home("""
				[default]
				sso_start_url = %s
				sso_region = eu-west-1
				sso_account_id = 123456789012
				sso_role_name = orders
				""".formatted(start));
		cache(home, start, """
				{"startUrl": "%s", "region": "eu-west-1", "accessToken": "NeverLogThis-access", "expiresAt": "%s"}
				""".formatted(start, Instant.now().plusSeconds(3600)));
		try (SsoPortal portal = SsoPortal.start(this.sessions).role(ORDERS).accessToken("NeverLogThis-access")) {
			assertSignsIn(ChildApplication.signingIn("DefaultChainTests-sso", this.database)
				.with("HOME", home)
				.with("AWS_ENDPOINT_URL_SSO", portal.endpoint()));
			assertThat(portal.calls("GET /federation/credentials")).hasSize(1);
		}
	}

	@Test
	void signedInToIdentityCenterSomeTimeAgo() throws Exception {
		String start = "https://example.awsapps.com/start";
		Path home = home("""
				[default]
				sso_session = example
				sso_account_id = 123456789012
				sso_role_name = orders

				[sso-session example]
				sso_start_url = %s
				sso_region = eu-west-1
				""".formatted(start));
		Path cached = cache(home, "example", """
				{"startUrl": "%s", "region": "eu-west-1", "accessToken": "NeverLogThis-access", "expiresAt": "%s",
				"clientId": "client", "clientSecret": "NeverLogThis-client", "refreshToken": "NeverLogThis-refresh",
				"registrationExpiresAt": "%s"}
				""".formatted(start, Instant.now().minusSeconds(60), Instant.now().plusSeconds(3600)));
		try (SsoPortal portal = SsoPortal.start(this.sessions).role(ORDERS).refreshToken("NeverLogThis-refresh")) {
			assertSignsIn(ChildApplication.signingIn("DefaultChainTests-sso-refresh", this.database)
				.with("HOME", home)
				.with("AWS_ENDPOINT_URL_SSO", portal.endpoint())
				.with("AWS_ENDPOINT_URL_SSO_OIDC", portal.endpoint()));
			assertThat(portal.calls("POST /token")).hasSize(1);
			assertThat(Files.readString(cached)).contains("renewed-access").contains("renewed-refresh");
		}
	}

	private void theUserMayConnect() {
		this.database.rds().addPrincipal(IamPrincipal.withKeys(ACCESS_KEY, SECRET_KEY).allowedToConnectAs("auditor"));
	}

	private InstanceMetadataServer metadata(Role role) {
		InstanceMetadataServer metadata = InstanceMetadataServer.start(this.sessions, role, "eu-west-1");
		// On a busy machine, its default of a second is not much.
		this.properties.set("aws.disableEc2Metadata", "false")
			.set("aws.ec2MetadataServiceEndpoint", metadata.endpoint())
			.set("aws.ec2MetadataServiceTimeout", "30");
		return metadata;
	}

	private void configuration(String text) throws IOException {
		this.properties.set("aws.configFile", Files.writeString(this.folder.resolve("config"), text));
	}

	private void credentials(String text) throws IOException {
		this.properties.set("aws.sharedCredentialsFile", Files.writeString(this.folder.resolve("credentials"), text));
	}

	/** A user's home, as the SDK takes the folder of the cache from nowhere else. */
	private Path home(String config) throws IOException {
		Files.createDirectories(this.folder.resolve(".aws/sso/cache"));
		Files.writeString(this.folder.resolve(".aws/config"), config);
		return this.folder;
	}

	private static Path cache(Path home, String key, String token) throws Exception {
		byte[] digest = MessageDigest.getInstance("SHA-1").digest(key.getBytes(StandardCharsets.UTF_8));
		return Files.writeString(home.resolve(".aws/sso/cache/" + HexFormat.of().formatHex(digest) + ".json"), token);
	}

	private Application application() {
		return Application.signingIn(this.database).withoutCredentials().with("iam.datasource.username", "auditor");
	}

	private void assertSignsIn(ChildApplication application) throws Exception {
		assertThat(application.run("--iam.datasource.username=auditor")).contains("signed in as auditor", "health UP");
	}

	/** The source goes on to give the same credentials. */
	private void assertSignsInUntilRemoved(String accessKeyId) {
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(user(context)).isEqualTo("auditor");
			this.database.rds().removePrincipal(accessKeyId);
			long rejected = rejected();
			assertThatExceptionOfType(IamLoginException.class).isThrownBy(() -> userOfAnotherLogin(context))
				.satisfies((failure) -> Outsider.sees(failure))
				.withMessageContaining(endOf(accessKeyId));
			assertThat(rejected()).isGreaterThan(rejected);
		}
	}

	/** The source gives other credentials when those it gave do not work any more. */
	private void assertSignsInWithSessions(String arn) throws SQLException {
		assertSignsInWithSessions(application(), arn);
	}

	private void assertSignsInWithSessions(Application application, String arn) throws SQLException {
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(user(context)).isEqualTo("auditor");
			assertThat(this.sessions.newest().arn()).isEqualTo(arn);
			assertANewSessionIsUsed(context);
			assertThat(this.sessions.newest().arn()).isEqualTo(arn);
		}
	}

	private void assertANewSessionIsUsed(ConfigurableApplicationContext context) throws SQLException {
		Session before = this.sessions.newest();
		assertThat(this.database.rds().removePrincipal(before.accessKeyId())).isTrue();
		long rejected = rejected();
		assertThat(userOfAnotherLogin(context)).isEqualTo("auditor");
		assertThat(rejected()).isEqualTo(rejected + 1);
		assertThat(this.sessions.newest()).isNotEqualTo(before);
	}

	/** As messages have it. */
	private static String endOf(String accessKeyId) {
		return "Signed by: the access key that ends in '" + accessKeyId.substring(accessKeyId.length() - 4) + "'";
	}

	private long rejected() {
		return this.database.rds().rejected(Rejection.UNKNOWN_ACCESS_KEY);
	}

	private static String userOfAnotherLogin(ConfigurableApplicationContext context) throws SQLException {
		try (Connection connection = context.getBean(IamJdbcConnectionDetails.class).getDataSource().getConnection();
				ResultSet result = connection.createStatement().executeQuery("select current_user")) {
			assertThat(result.next()).isTrue();
			return result.getString(1);
		}
	}

	private static String user(ConfigurableApplicationContext context) {
		return context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class);
	}

}

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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.IntStream;

import io.github.iamdatasource.TestCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each wrong way to say where the credentials come from stops the start-up and is
 * explained: which property, which value, what to do.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class CredentialsSettingsTests {

	private static final String PREFIX = "iam.datasource.credentials.";

	private static final String ROLE = "arn:aws:iam::123456789012:role/orders";

	private static final String USER = "--iam.datasource.username=app";

	private static final String PROFILE = "--" + PREFIX + "profile=orders";

	private final OrdersDatabase database;

	@RegisterExtension
	private final SystemProperties settings = new SystemProperties();

	@TempDir
	private Path folder;

	CredentialsSettingsTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void beanThatDoesNotExist() {
		ReportedAnalyses.assertFails(application(TwoProviders.class).with(PREFIX + "bean", "ofOrder"),
				"Property: " + PREFIX + "bean", "Value: ofOrder", "There is no bean of this name.",
				"name of an AwsCredentialsProvider bean (there are: ofOrders, ofReports)");
	}

	@Test
	void beanThatDoesNotExistNorAnyOther() {
		ReportedAnalyses.assertFails(application().with(PREFIX + "bean", "ofOrders"), "Property: " + PREFIX + "bean",
				"Value: ofOrders", "There is no bean of this name.", "Define an AwsCredentialsProvider bean",
				"remove the property to use the AWS SDK's default chain");
	}

	@Test
	void beanOfAnotherType() {
		ReportedAnalyses.assertFails(
				application(TwoProviders.class, NoProvider.class).with(PREFIX + "bean", "password"),
				"Property: " + PREFIX + "bean", "Value: password",
				"The bean of this name is no AwsCredentialsProvider.", "(there are: ofOrders, ofReports)");
	}

	@Test
	void severalBeansOfWhichNoneIsPrimary() {
		ReportedAnalyses.assertFails(application(TwoProviders.class), "Property: " + PREFIX + "bean",
				"Value: (not set)",
				"several AwsCredentialsProvider beans, and none of them is primary: ofOrders, ofReports.",
				"Set it to the name of the one", "@Primary");
	}

	@ParameterizedTest
	@CsvSource({ "bean, profile", "profile, web-identity-token-file", "bean, web-identity-token-file" })
	void twoSources(String one, String other) {
		ReportedAnalyses.assertFails(
				application(TwoProviders.class).with(PREFIX + one, "ofOrders").with(PREFIX + other, "ofOrders"),
				"Property: " + PREFIX + other, PREFIX + one + ", " + PREFIX + other + " are set",
				"only one of them can be meant", "Remove all but one of them.");
	}

	@Test
	void webIdentityWithoutARole() {
		ReportedAnalyses.assertFails(application().with(PREFIX + "web-identity-token-file", "/var/run/token"),
				"Property: " + PREFIX + "role-arn", "Value: (not set)", "exchanged for a session of a role",
				"like arn:aws:iam::123456789012:role/orders");
	}

	@ParameterizedTest
	@ValueSource(strings = { "role-session-name", "external-id", "source-identity", "tags.team" })
	void optionOfARoleThatIsNotNamed(String option) {
		String property = PREFIX + option.replace(".team", "");
		ReportedAnalyses.assertFails(application().with(PREFIX + option, "NeverLogThis"), "Property: " + property,
				"Value: (set)", "It says how to assume a role, but none is named.", "Set " + PREFIX + "role-arn");
	}

	@ParameterizedTest
	@ValueSource(strings = { "external-id", "source-identity", "tags.team" })
	void optionThatAWebIdentityCannotHave(String option) {
		String property = PREFIX + option.replace(".team", "");
		ReportedAnalyses.assertFails(
				application().with(PREFIX + "web-identity-token-file", "/var/run/token")
					.with(PREFIX + "role-arn", ROLE)
					.with(PREFIX + option, "NeverLogThis"),
				"Property: " + property, "Value: (set)", "takes it from the web identity token itself",
				"Remove this property, or " + PREFIX + "web-identity-token-file.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "role/orders", "arn:aws:sts::123456789012:assumed-role/orders/session",
			"arn:aws:iam::123456789012:instance-profile/orders", "arn:aws:iam::123456789012:user/orders",
			"arn:aws:iam::1234:role/orders", "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:role/a b" })
	void arnThatIsNotThatOfARole(String arn) {
		ReportedAnalyses.assertFails(application().with(PREFIX + "role-arn", arn), "Property: " + PREFIX + "role-arn",
				"Value: " + arn, "This is not the ARN of an IAM role.", "like arn:aws:iam::123456789012:role/orders",
				"not the role's name, and not that of one of its sessions or of an instance profile");
	}

	@ParameterizedTest
	@CsvSource({ "role-session-name, a", "role-session-name, orders of today", "role-session-name, orders/today",
			"source-identity, somebody else", "source-identity, aws:me" })
	void nameThatCannotBe(String option, String value) {
		ReportedAnalyses.assertFails(application().with(PREFIX + "role-arn", ROLE).with(PREFIX + option, value),
				"Property: " + PREFIX + option, "Value: " + value, "This cannot be",
				"2 to 64 letters, digits and characters of _+=,.@-");
	}

	@ParameterizedTest
	@ValueSource(strings = { "role-session-name", "source-identity" })
	void nameThatIsTooLong(String option) {
		ReportedAnalyses.assertFails(
				application().with(PREFIX + "role-arn", ROLE).with(PREFIX + option, "x".repeat(65)),
				"Property: " + PREFIX + option, "2 to 64 letters");
	}

	@ParameterizedTest
	@ValueSource(strings = { "NeverLogThis/with spaces", "NeverLogThis?", "NeverLogThis!", "N" })
	void externalIdThatCannotBeIsNotShown(String externalId) {
		ReportedAnalyses.assertFails(
				application().with(PREFIX + "role-arn", ROLE).with(PREFIX + "external-id", externalId),
				"Property: " + PREFIX + "external-id", "Value: (set)", "This cannot be an external id.",
				"2 to 1224 letters, digits and characters of _+=,.@:/-");
	}

	@ParameterizedTest
	@CsvSource({ "899, 899s", "14m, 840s", "13h, 46800s", "-1h, -3600s", "0, 0s" })
	void durationThatNoSessionHas(String duration, String shown) {
		ReportedAnalyses.assertFails(application().with(PREFIX + "role-arn", ROLE).with(PREFIX + "duration", duration),
				"Property: " + PREFIX + "duration", "Value: " + shown, "from 15 minutes to 12 hours", "such as 1h");
	}

	@Test
	void moreTagsThanASessionHas() {
		Application application = application().with(PREFIX + "role-arn", ROLE);
		IntStream.range(0, 51).forEach((i) -> application.with(PREFIX + "tags.tag" + i, "value"));
		ReportedAnalyses.assertFails(application, "Property: " + PREFIX + "tags", "Value: 51 tags",
				"no more than 50 tags", "Remove some.");
	}

	@Test
	void tagsThatNoSessionHas() {
		for (String key : new String[] { "aws:team", "AWS:team", "k".repeat(129), "team#1", "team?" }) {
			ReportedAnalyses.assertFails(tagged(key, "value"), "Property: " + PREFIX + "tags", "Value: " + key,
					"This tag is none that a session can have.", "letters, digits, spaces and characters of _.:/=+-@",
					"1 to 128 for the key, which may not begin with 'aws:'");
		}
		for (String value : new String[] { "v".repeat(257), "one#two" }) {
			ReportedAnalyses.assertFails(tagged("team", value), "Property: " + PREFIX + "tags", "Value: team",
					"This tag is none that a session can have.", "up to 256 for the value");
		}
	}

	private Application tagged(String key, String value) {
		return application().with(PREFIX + "role-arn", ROLE).with(PREFIX + "tags.[" + key + "]", value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "sts.eu-west-1.amazonaws.com", "sts.eu-west-1.amazonaws.com:443", "https:sts",
			"ftp://sts.example.com", "https:///", "file:/etc/passwd" })
	void stsEndpointThatIsNoUrl(String endpoint) {
		ReportedAnalyses.assertFails(application().with(PREFIX + "sts-endpoint", endpoint),
				"Property: " + PREFIX + "sts-endpoint", "Value: " + endpoint,
				"This is not the https or http URL of a server.", "like https://sts.eu-west-1.amazonaws.com");
	}

	@Test
	void stsEndpointThatIsNoUriEither() {
		ReportedAnalyses.assertFails(application().with(PREFIX + "sts-endpoint", "https://sts example.com"),
				"Property: " + PREFIX + "sts-endpoint", "Value: https://sts%20example.com");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://somebody:NeverLogThis@sts.example.com", "https://NeverLogThis@sts.example.com",
			"ftp://somebody:NeverLogThis@sts.example.com" })
	void stsEndpointWithAPassword(String endpoint) {
		ReportedAnalyses.assertFails(application().with(PREFIX + "sts-endpoint", endpoint),
				"Property: " + PREFIX + "sts-endpoint", "Value: (set)", "like https://sts.eu-west-1.amazonaws.com");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Ireland", "eu-west-1a", "aws-global" })
	void stsRegionThatIsNone(String region) {
		ReportedAnalyses.assertFails(application().with(PREFIX + "sts-region", region),
				"Property: " + PREFIX + "sts-region", "Value: " + region, "This is not the name of an AWS region.",
				"such as eu-west-1");
	}

	@Test
	void profileThatDoesNotExist() throws IOException {
		Path config = profiles("""
				[profile reports]
				region = eu-west-1
				[default]
				region = eu-west-1
				""");
		ReportedAnalyses.assertFails(application().with(PREFIX + "profile", "orders"),
				"There is no profile 'orders' in " + config,
				"Write it there, or name another one (there are: default, reports)", "AWS_CONFIG_FILE");
	}

	@Test
	void profileThatDoesNotExistNorAnyFile() {
		Path config = this.folder.resolve("none");
		this.settings.set("aws.configFile", config).set("aws.sharedCredentialsFile", config);
		ReportedAnalyses.assertFails(application().with(PREFIX + "profile", "orders"),
				"There is no profile 'orders' in " + config + " or " + config + ".",
				"Write it there: there are no profiles at all. AWS_CONFIG_FILE");
	}

	@Test
	void profileOfTheSdksOwnSettingsThatDoesNotExist() throws IOException {
		Path config = profiles("""
				[profile reports]
				region = eu-west-1
				""");
		this.settings.set("aws.profile", "orders");
		ReportedAnalyses.assertFails(application().withoutCredentials(), "There is no profile 'orders' in " + config,
				"- profile 'orders' (failed, see above)", "Write it there, or name another one (there are: reports)");
	}

	@Test
	void profileThatNamesNoCredentials() throws IOException {
		Path config = profiles("""
				[profile orders]
				region = eu-west-1
				""");
		ReportedAnalyses.assertFails(application().with(PREFIX + "profile", "orders"),
				"The profile 'orders' in " + config, "names no credentials", "sso_session", "credential_process",
				"role_arn", "aws configure sso");
	}

	@Test
	void profileOfARoleWithoutASource() throws IOException {
		profiles("""
				[profile orders]
				role_arn = %s
				""".formatted(ROLE));
		ReportedAnalyses.assertFails(application().with(PREFIX + "profile", "orders"), "The profile 'orders' in ",
				"or a role without the credentials to assume it with", "source_profile, credential_source");
	}

	@Test
	void profileWithHalfOfItsKeys() throws IOException {
		profiles("""
				[profile orders]
				aws_access_key_id = %s
				""".formatted(TestCredentials.ACCESS_KEY));
		ReportedAnalyses.assertFails(application().with(PREFIX + "profile", "orders"),
				"Profile property 'aws_secret_access_key'", "settings of the profile 'orders'");
	}

	@Test
	void profileWithoutALoginToIdentityCenter() throws IOException {
		profiles(ssoProfile(PREFIX));
		ReportedAnalyses.assertFails(application().with(PREFIX + "profile", "orders"),
				"session of IAM Identity Center (SSO) that the profile 'orders' uses has ended, or there is none",
				"Run: aws sso login --profile orders. On a server");
	}

	/** The SDK reads only once which folder the logins are in. */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void profileWhoseLoginToIdentityCenterHasEnded(boolean session) throws Exception {
		String key = session ? "corporate" : "https://example.awsapps.com/start";
		Path config = profiles(session ? ssoSessionProfile(key) : ssoProfile(key));
		Path cache = Files.createDirectories(this.folder.resolve(".aws/sso/cache"));
		Files.writeString(cache.resolve(sha1(key) + ".json"), """
				{"startUrl": "https://example.awsapps.com/start", "region": "eu-west-1",
				 "accessToken": "NeverLogThis", "expiresAt": "%s"}
				""".formatted(Instant.now().minusSeconds(60)));
		assertThat(child("sso-ended-" + session).with("HOME", this.folder)
			.with("AWS_CONFIG_FILE", config)
			.run(USER, PROFILE))
			.contains("APPLICATION FAILED TO START",
					"session of IAM Identity Center (SSO) that the profile 'orders' uses has ended",
					"Run: aws sso login --profile orders.")
			.doesNotContain("NeverLogThis");
	}

	@Test
	void profileOfIdentityCenterWithoutTheSdksModule() throws Exception {
		Path config = profiles(ssoProfile("https://example.awsapps.com/start"));
		assertThat(child("no-sso").withoutJars("sso-", "ssooidc-").with("AWS_CONFIG_FILE", config).run(USER, PROFILE))
			.contains("APPLICATION FAILED TO START",
					"The profile 'orders' needs a part of the AWS SDK that is not on the class path: 'sso'.",
					"Add the dependencies software.amazon.awssdk:sso and software.amazon.awssdk:ssooidc, version ");
	}

	@Test
	void profileOfAnIdentityCenterSessionWithoutTheSdksModule() throws Exception {
		Path config = profiles(ssoSessionProfile("corporate"));
		assertThat(child("no-ssooidc").withoutJars("ssooidc-").with("AWS_CONFIG_FILE", config).run(USER, PROFILE))
			.contains("APPLICATION FAILED TO START",
					"The profile 'orders' needs a part of the AWS SDK that is not on the class path: 'ssooidc'.",
					"Add the dependencies software.amazon.awssdk:sso and software.amazon.awssdk:ssooidc, version ");
	}

	@Test
	void profileOfALoginWithoutTheSdksModule() throws IOException {
		profiles("""
				[profile orders]
				login_session = arn:aws:iam::123456789012:user/somebody
				region = eu-west-1
				""");
		ReportedAnalyses.assertFails(application().with(PREFIX + "profile", "orders"),
				"The profile 'orders' needs a part of the AWS SDK that is not on the class path: 'signin'.",
				"Add the dependency software.amazon.awssdk:signin, version ");
	}

	@Test
	void roleWithoutSts() throws Exception {
		assertThat(child("role-no-sts").withoutJars("sts-").run(USER, "--" + PREFIX + "role-arn=" + ROLE)).contains(
				"APPLICATION FAILED TO START", "Property: " + PREFIX + "role-arn", "Value: " + ROLE,
				"Add the dependency software.amazon.awssdk:sts, or remove what excludes it from the starter.");
	}

	@Test
	void roleOfAProfileWithoutSts() throws Exception {
		Path config = profiles("""
				[profile orders]
				role_arn = %s
				credential_source = Environment
				""".formatted(ROLE));
		assertThat(child("profile-no-sts").withoutJars("sts-").with("AWS_CONFIG_FILE", config).run(USER, PROFILE))
			.contains("APPLICATION FAILED TO START",
					"The profile 'orders' needs a part of the AWS SDK that is not on the class path: 'sts'.",
					"Add the dependency software.amazon.awssdk:sts, version ");
	}

	@Test
	void webIdentityOfAServiceAccountWithoutSts() throws Exception {
		Path token = Files.writeString(this.folder.resolve("token"), "NeverLogThis");
		assertThat(child("irsa-no-sts").withoutJars("sts-")
			.with("AWS_WEB_IDENTITY_TOKEN_FILE", token)
			.with("AWS_ROLE_ARN", ROLE)
			.run(USER))
			.contains("APPLICATION FAILED TO START",
					"The web identity token needs a part of the AWS SDK that is not on the class path: 'sts'.",
					"- environment variables (AWS_ACCESS_KEY_ID is not set)",
					"Add the dependency software.amazon.awssdk:sts, version ")
			.doesNotContain("NeverLogThis");
	}

	@Test
	void programThatFails() throws IOException {
		program("echo NeverLogThis; echo NeverLogThis >&2; exit 3");
		ReportedAnalyses.assertFails(application().with(PREFIX + "profile", "orders"),
				"The program of credential_process in the profile 'orders' ended with exit value 3.",
				"Run the program by hand, as the user that the application runs as");
	}

	@ParameterizedTest
	@ValueSource(strings = { "echo NeverLogThis", "echo '{\"Version\": 1, \"SecretAccessKey\": \"NeverLogThis\"}'",
			"echo '{\"Version\": \"NeverLogThis\"}'", "echo '[\"NeverLogThis\"]'", "true",
			"echo '{\"Version\": 1, \"AccessKeyId\": \"A\", \"SecretAccessKey\": NeverLogThis}'",
			"echo '{\"Version\": 1, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"NeverLogThis\", "
					+ "\"SessionToken\": \"NeverLogThis\", \"Expiration\": \"NeverLogThis\"}'" })
	void programThatPrintsNoCredentials(String script) throws IOException {
		program(script);
		ReportedAnalyses.assertFails(application().with(PREFIX + "profile", "orders"),
				"The program of credential_process in the profile 'orders' did not print credentials as JSON",
				"Run the program by hand");
	}

	@Test
	void programThatDoesNotExist() throws IOException {
		profiles("""
				[profile orders]
				credential_process = %s --secret NeverLogThis
				""".formatted(this.folder.resolve("no-program")));
		ReportedAnalyses.assertFails(application().with(PREFIX + "profile", "orders"),
				"credential_process in the profile 'orders'", "Run the program by hand");
	}

	@Test
	void instanceMetadataThatCannotBeReached() throws IOException {
		this.settings.set("aws.disableEc2Metadata", "false")
			.set("aws.ec2MetadataServiceEndpoint", "http://127.0.0.1:" + closedPort());
		ReportedAnalyses.assertFails(application(), "There are none where the AWS SDK looks for them.",
				"- instance metadata (Failed to load credentials from IMDS: ConnectException Connection refused)",
				"Give the application an AWS identity that may connect to the database.",
				"On Amazon EC2, give the instance a role.", "HttpPutResponseHopLimit");
	}

	@Test
	void containerCredentialsThatCannotBeReached() throws IOException {
		this.settings.set("aws.containerCredentialsFullUri", "http://127.0.0.1:" + closedPort() + "/v1/credentials");
		ReportedAnalyses.assertFails(application(),
				"Failed to load credentials from metadata service: ConnectException Connection refused.",
				"- container credentials (failed, see above)", "Check that the task or the pod has a role");
	}

	private static int closedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private void program(String script) throws IOException {
		Path program = Files.writeString(this.folder.resolve("credentials.sh"), script);
		profiles("""
				[profile orders]
				credential_process = /bin/sh '%s'
				""".formatted(program));
	}

	private Path profiles(String text) throws IOException {
		Path config = Files.writeString(this.folder.resolve("config"), text);
		this.settings.set("aws.configFile", config)
			.set("aws.sharedCredentialsFile", this.folder.resolve("credentials"));
		return config;
	}

	private static String ssoProfile(String startUrl) {
		return """
				[profile orders]
				sso_start_url = %s
				sso_region = eu-west-1
				sso_account_id = 123456789012
				sso_role_name = orders
				""".formatted(startUrl);
	}

	private static String ssoSessionProfile(String session) {
		return """
				[profile orders]
				sso_session = %1$s
				sso_account_id = 123456789012
				sso_role_name = orders
				[sso-session %1$s]
				sso_region = eu-west-1
				sso_start_url = https://example.awsapps.com/start
				""".formatted(session);
	}

	/** The name under which the AWS command line keeps a login. */
	private static String sha1(String key) throws NoSuchAlgorithmException {
		return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(key.getBytes()));
	}

	private ChildApplication child(String name) {
		return ChildApplication.signingIn("CredentialsSettingsTests-" + name, this.database)
			.withOption("-Duser.home=" + this.folder)
			.with("AWS_SHARED_CREDENTIALS_FILE", this.folder.resolve("credentials"));
	}

	private static Application application(Class<?>... configuration) {
		return Application.unconfigured(configuration)
			.withoutCredentials()
			.with("iam.datasource.url", "jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":5432/orders")
			.with("iam.datasource.username", "app");
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoProviders {

		@Bean
		AwsCredentialsProvider ofOrders() {
			return TestCredentials.user();
		}

		@Bean
		AwsCredentialsProvider ofReports() {
			return TestCredentials.user();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NoProvider {

		@Bean
		String password() {
			return "NeverLogThis";
		}

	}

}

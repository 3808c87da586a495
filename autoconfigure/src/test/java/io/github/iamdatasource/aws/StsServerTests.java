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
package io.github.iamdatasource.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.iamdatasource.SilentSdk;
import io.github.iamdatasource.emulator.IamPrincipal;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkGlobalTime;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link StsServer}, which the SDK's own client asks.
 */
class StsServerTests {

	private static final String USER = "arn:aws:iam::123456789012:user/deploy";

	private static final String ROLE = "arn:aws:iam::123456789012:role/service/orders";

	private static final AwsCredentials KEYS = AwsBasicCredentials.create("AKIAI44QH8DHBEXAMPLE",
			"NeverLogThis/of/the/user");

	private final List<IamPrincipal> known = new ArrayList<>();

	private final Sessions sessions = new Sessions(this.known::add,
			(accessKeyId) -> this.known.removeIf((principal) -> principal.accessKeyId().equals(accessKeyId)));

	private final StsServer sts = StsServer.start(this.sessions)
		.user(KEYS.accessKeyId(), KEYS.secretAccessKey(), USER)
		.role(Role.of(ROLE).trusting(USER).connectingAs("app"));

	private final List<AutoCloseable> opened = new ArrayList<>(List.of(this.sessions, this.sts));

	@BeforeAll
	static void keepTheSdkFromLoggingWhatItSends() {
		SilentSdk.apply();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.opened) {
			closeable.close();
		}
	}

	@Test
	void acceptsWhatTheSdkHasSigned() {
		assertThat(client(KEYS).getCallerIdentity().arn()).isEqualTo(USER);
		assertThat(this.sts.calls()).singleElement().satisfies((call) -> {
			assertThat(call.action()).isEqualTo("GetCallerIdentity");
			assertThat(call.accessKeyId()).isEqualTo(KEYS.accessKeyId());
			assertThat(call.region()).isEqualTo("eu-west-1");
			assertThat(call.host()).isEqualTo(this.sts.endpoint().getAuthority());
		});
	}

	@Test
	void refusesWhatWasSignedWithAnotherKey() {
		AwsCredentials wrong = AwsBasicCredentials.create(KEYS.accessKeyId(), "NeverLogThis/wrong");
		assertThat(refusal(() -> client(wrong).getCallerIdentity())).isEqualTo("403 SignatureDoesNotMatch");
	}

	@Test
	void refusesWhatWasChangedAfterItWasSigned() {
		StsClient client = client(KEYS, new ChangingClient("RoleSessionName=one", "RoleSessionName=two"));
		assertThat(refusal(() -> client.assumeRole(request("one")))).isEqualTo("403 SignatureDoesNotMatch");
		assertThat(client.assumeRole(request("other")).assumedRoleUser().arn()).endsWith("/other");
	}

	@Test
	void refusesAKeyThatItDoesNotKnow() {
		AwsCredentials unknown = AwsBasicCredentials.create("AKIAIUNKNOWNEXAMPLE0", KEYS.secretAccessKey());
		assertThat(refusal(() -> client(unknown).getCallerIdentity())).isEqualTo("403 InvalidClientTokenId");
	}

	@Test
	void refusesWhatIsNotSigned() {
		StsClient client = client(AnonymousCredentialsProvider.create(), this.sts.endpoint(), null);
		assertThatExceptionOfType(StsException.class)
			.isThrownBy(() -> client.assumeRole((request) -> request.roleArn(ROLE).roleSessionName("orders")))
			.satisfies((ex) -> assertThat(ex.awsErrorDetails().errorCode()).isEqualTo("MissingAuthenticationToken"));
	}

	@Test
	void issuesSessionsThatTheEmulatorKnowsUntilTheyAreForgotten() {
		Instant before = Instant.now();
		AssumeRoleResponse response = client(KEYS).assumeRole(request("orders-app"));
		assertThat(response.assumedRoleUser().arn())
			.isEqualTo("arn:aws:sts::123456789012:assumed-role/orders/orders-app");
		Session session = this.sessions.newest();
		assertThat(response.credentials().accessKeyId()).isEqualTo(session.accessKeyId());
		assertThat(response.credentials().expiration()).isEqualTo(session.expiresAt())
			.isBetween(before.plusSeconds(3599), Instant.now().plusSeconds(3600));
		assertThat(this.known).singleElement()
			.asString()
			.startsWith("IamPrincipal[" + session.accessKeyId() + " with a session token until " + session.expiresAt())
			.contains("app");
		this.sessions.close();
		assertThat(this.known).isEmpty();
	}

	@Test
	void aSessionIsACallerItself() {
		String other = "arn:aws:iam::210987654321:role/database";
		this.sts.role(Role.of(other).trusting(ROLE).wantingExternalId("42").withMaxSession(Duration.ofHours(2)));
		AwsCredentials first = keys(client(KEYS).assumeRole(request("first")).credentials());
		assertThat(client(first).getCallerIdentity().arn())
			.isEqualTo("arn:aws:sts::123456789012:assumed-role/orders/first");
		assertThat(
				client(first).assumeRole((request) -> request.roleArn(other).roleSessionName("second").externalId("42"))
					.assumedRoleUser()
					.arn())
			.isEqualTo("arn:aws:sts::210987654321:assumed-role/database/second");
		assertThat(refusal(() -> client(first).assumeRole(
				(request) -> request.roleArn(other).roleSessionName("second").externalId("42").durationSeconds(7200))))
			.isEqualTo("400 ValidationError");
	}

	@Test
	void tellsWhoMayNotAssumeWhat() {
		this.sts.role(Role.of(ROLE).trusting(USER).wantingExternalId("42"));
		StsException failure = catchThrowableOfType(StsException.class,
				() -> client(KEYS).assumeRole(request("orders")));
		assertThat(failure.statusCode()).isEqualTo(403);
		assertThat(failure.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
		assertThat(failure.awsErrorDetails().errorMessage())
			.isEqualTo("User: " + USER + " is not authorized to perform: sts:AssumeRole on resource: " + ROLE);
		assertThat(failure.requestId()).isNotBlank();
	}

	@Test
	void refusesASessionWithTheTokenOfAnother() {
		Session one = this.sessions.issue(Role.of(ROLE), "one", Duration.ofHours(1));
		Session two = this.sessions.issue(Role.of(ROLE), "two", Duration.ofHours(1));
		AwsCredentials mixed = AwsSessionCredentials.create(one.accessKeyId(), one.secretAccessKey(),
				two.sessionToken());
		assertThat(refusal(() -> client(mixed).getCallerIdentity())).isEqualTo("403 InvalidClientTokenId");
	}

	@Test
	void refusesASessionThatIsOver() {
		Session over = this.sessions.issue(Role.of(ROLE), "over", Duration.ZERO);
		AwsCredentials keys = AwsSessionCredentials.create(over.accessKeyId(), over.secretAccessKey(),
				over.sessionToken());
		assertThat(refusal(() -> client(keys).getCallerIdentity())).isEqualTo("403 ExpiredToken");
	}

	@ParameterizedTest
	@CsvSource({ "NeverLogThis.jwt, arn:aws:iam::123456789012:role/pod,",
			"NeverLogThis.other, arn:aws:iam::123456789012:role/pod, 403 AccessDenied",
			"NeverLogThis.unknown, arn:aws:iam::123456789012:role/pod, 400 InvalidIdentityToken",
			"NeverLogThis.expired, arn:aws:iam::123456789012:role/pod, 400 ExpiredTokenException" })
	void webIdentity(String token, String role, @Nullable String refusal) {
		this.sts.role(Role.of(role).trustingWebIdentity("NeverLogThis.jwt", "NeverLogThis.expired"))
			.role(Role.of("arn:aws:iam::123456789012:role/other").trustingWebIdentity("NeverLogThis.other"))
			.expireWebIdentity("NeverLogThis.expired");
		StsClient client = client(AnonymousCredentialsProvider.create(), this.sts.endpoint(), null);
		Runnable call = () -> client.assumeRoleWithWebIdentity(
				(request) -> request.roleArn(role).roleSessionName("orders").webIdentityToken(token));
		if (refusal != null) {
			assertThat(refusal(call)).isEqualTo(refusal);
		}
		else {
			call.run();
			assertThat(this.sessions.newest().arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/pod/orders");
		}
		assertThat(this.sts.calls()).singleElement().satisfies((made) -> {
			assertThat(made.accessKeyId()).isNull();
			assertThat(made.parameter("WebIdentityToken")).isEqualTo(token);
			assertThat(made.toString()).doesNotContain(token);
		});
	}

	@ParameterizedTest
	@CsvSource({ "SERVER_ERROR, 500 InternalFailure", "UNAVAILABLE, 503 ServiceUnavailable",
			"THROTTLING, 400 Throttling", "IDENTITY_PROVIDER_UNREACHABLE, 400 IDPCommunicationError" })
	void failsAsOftenAsItIsTold(Fault fault, String refusal) {
		this.sts.answer(fault, 2);
		assertThat(refusal(() -> client(KEYS).getCallerIdentity())).isEqualTo(refusal);
		assertThat(refusal(() -> client(KEYS).getCallerIdentity())).isEqualTo(refusal);
		assertThat(client(KEYS).getCallerIdentity().arn()).isEqualTo(USER);
	}

	@ParameterizedTest
	@CsvSource({ "CLOSED_CONNECTION", "GARBAGE" })
	void answersNothingThatIsUnderstood(Fault fault) {
		this.sts.answer(fault);
		assertThatExceptionOfType(SdkClientException.class)
			.isThrownBy(() -> client(KEYS).assumeRole(request("orders")));
		this.sts.answerAsUsual();
		assertThat(client(KEYS).getCallerIdentity().arn()).isEqualTo(USER);
	}

	@Test
	void hangsUntilItIsToldToAnswer() {
		this.sts.answer(Fault.HANG);
		CompletableFuture<String> hanging = CompletableFuture.supplyAsync(() -> client(KEYS).getCallerIdentity().arn());
		Awaitility.await().until(() -> this.sts.calls().size() == 1);
		assertThat(hanging).isNotDone();
		this.sts.answerAsUsual();
		assertThat(hanging.join()).isEqualTo(USER);
	}

	/**
	 * The SDK takes the time from the refusal, and signs with it from then on, for all
	 * clients in the process.
	 */
	@Test
	void tellsWhatTimeItHasSoThatTheSdkFollows() {
		StsServer ahead = StsServer.start(this.sessions, Clock.offset(Clock.systemUTC(), Duration.ofHours(1)))
			.user(KEYS.accessKeyId(), KEYS.secretAccessKey(), USER);
		this.opened.add(ahead);
		try (StsClient client = client(StaticCredentialsProvider.create(KEYS), ahead.endpoint(), null)) {
			StsException failure = catchThrowableOfType(StsException.class, client::getCallerIdentity);
			assertThat(failure.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch");
			assertThat(failure.awsErrorDetails().errorMessage())
				.matches("Signature expired: \\w+Z is now earlier than \\w+Z \\(\\w+Z - 15 min\\.\\)");
			assertThat(client.getCallerIdentity().arn()).isEqualTo(USER);
		}
		finally {
			SdkGlobalTime.setGlobalTimeOffset(0);
		}
		assertThat(ahead.calls()).hasSize(2);
	}

	private static AssumeRoleRequest request(String sessionName) {
		return AssumeRoleRequest.builder().roleArn(ROLE).roleSessionName(sessionName).build();
	}

	private static AwsCredentials keys(Credentials credentials) {
		return AwsSessionCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey(),
				credentials.sessionToken());
	}

	private static String refusal(Runnable call) {
		StsException failure = catchThrowableOfType(StsException.class, call::run);
		assertThat(failure).isNotNull();
		return failure.statusCode() + " " + failure.awsErrorDetails().errorCode();
	}

	private StsClient client(AwsCredentials credentials) {
		return client(credentials, null);
	}

	private StsClient client(AwsCredentials credentials, @Nullable SdkHttpClient http) {
		return client(StaticCredentialsProvider.create(credentials), this.sts.endpoint(), http);
	}

	/** One that does not try again. */
	private StsClient client(AwsCredentialsProvider credentials, URI endpoint, @Nullable SdkHttpClient http) {
		StsClient client = StsClient.builder()
			.endpointOverride(endpoint)
			.region(Region.EU_WEST_1)
			.credentialsProvider(credentials)
			.httpClient((http != null) ? http : UrlConnectionHttpClient.create())
			.overrideConfiguration((configuration) -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()))
			.build();
		this.opened.add(client);
		return client;
	}

	/**
	 * Changes what is sent after it was signed.
	 */
	private static final class ChangingClient implements SdkHttpClient {

		private final SdkHttpClient delegate = UrlConnectionHttpClient.create();

		private final String from;

		private final String to;

		ChangingClient(String from, String to) {
			this.from = from;
			this.to = to;
		}

		@Override
		public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
			return this.delegate.prepareRequest(HttpExecuteRequest.builder()
				.request(request.httpRequest())
				.contentStreamProvider(() -> new ByteArrayInputStream(changed(request)))
				.build());
		}

		private byte[] changed(HttpExecuteRequest request) {
			try {
				String body = new String(request.contentStreamProvider().orElseThrow().newStream().readAllBytes(),
						StandardCharsets.UTF_8);
				return body.replace(this.from, this.to).getBytes(StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void close() {
			this.delegate.close();
		}

	}

}

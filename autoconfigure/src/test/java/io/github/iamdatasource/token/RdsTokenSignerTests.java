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
package io.github.iamdatasource.token;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.iamdatasource.SilentSdk;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsEndpoint;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.emulator.TokenVerifier;
import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link RdsTokenSigner}. That the server accepts what it signs is shown
 * against the emulator.
 */
class RdsTokenSignerTests {

	private static final DatabaseEndpoint ENDPOINT = new DatabaseEndpoint("orders.example.com", 5432, "eu-west-1",
			"app");

	@BeforeAll
	static void silenceTheSdk() {
		SilentSdk.apply();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com     | 5432 | eu-west-1  | app
			orders.c1a2b3c4d5e6.rds.cn-north-1.amazonaws.com.cn | 3306 | cn-north-1 | Orders App+1/2*~ü%&=
			orders.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com     | 443  | us-east-1  | 'app'
			10.1.2.3                                            | 1    | us-east-1  | -_.~
			""")
	void tokenIsTheOneOfTheAwsSdk(String hostname, int port, String region, String username) {
		for (AwsCredentialsProvider credentials : List.of(TestCredentials.user(),
				TestCredentials.session(Instant.now().plusSeconds(3600)))) {
			String expected = RdsUtilities.builder()
				.region(Region.of(region))
				.build()
				.generateAuthenticationToken((request) -> request.hostname(hostname)
					.port(port)
					.username(username)
					.credentialsProvider(credentials));
			String actual = sign(new DatabaseEndpoint(hostname, port, region, username), credentials, expected);
			// Not shown if they differ: the tokens are real, as far as it goes.
			assertThat(parts(actual).equals(parts(expected))).isTrue();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws      | 5432 | us-east-1     | app   | DbConnect
			vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws      | 5432 | us-east-1     | admin | DbConnectAdmin
			vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws      | 6432 | us-east-1     | Admin | DbConnect
			vftmkydwxvxys6asbsc6ih2the.dsql-fnh4.us-east-1.on.aws | 443  | us-east-1     | admin | DbConnectAdmin
			vftmkydwxvxys6asbsc6ih2the.dsql.us-gov-west-1.on.aws  | 5432 | us-gov-west-1 | ü     | DbConnect
			""")
	void tokenForDsqlIsTheOneOfTheAwsSdk(String hostname, int port, String region, String username, String action) {
		Clock clock = Clock.fixed(Instant.parse("2026-01-31T23:59:59.999Z"), ZoneOffset.UTC);
		for (AwsCredentialsProvider credentials : List.of(TestCredentials.user(),
				TestCredentials.session(clock.instant().plusSeconds(3600)))) {
			String expected = presignWithSdk(hostname, region, action, credentials, clock);
			String actual = new RdsTokenSigner(new DatabaseEndpoint(hostname, port, region, username),
					CredentialsSource.of(credentials), RefreshPolicy.DEFAULT, clock)
				.sign(CredentialsFreshness.CACHED)
				.value();
			assertThat(parts(actual).equals(parts(expected))).isTrue();
			assertThat(actual.startsWith(hostname + "/?Action=" + action + "&X-Amz-Algorithm=")).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "app", "admin" })
	void tokenForDsqlIsAcceptedByTheEmulator(String username) {
		Clock clock = Clock.fixed(Instant.parse("2026-01-31T23:59:59.999Z"), ZoneOffset.UTC);
		DatabaseEndpoint endpoint = new DatabaseEndpoint("vftmkydwx.dsql.us-east-1.on.aws", 5432, "us-east-1",
				username);
		AwsCredentialsIdentity credentials = TestCredentials.user().resolveCredentials();
		IamPrincipal principal = IamPrincipal.withKeys(credentials.accessKeyId(), credentials.secretAccessKey())
			.allowed(endpoint.policyResource(null).replace("<account>", "123456789012"));
		TokenVerifier verifier = new TokenVerifier(
				new RdsEndpoint(endpoint.hostname(), 5432, "us-east-1", "123456789012", "db-ABC"), List.of(principal),
				clock);
		String token = new RdsTokenSigner(endpoint, (freshness) -> credentials, RefreshPolicy.DEFAULT, clock)
			.sign(CredentialsFreshness.CACHED)
			.value();
		assertThat(verifier.verify(token, username)).isEmpty();
		assertThat(verifier.verify(token, username.equals("admin") ? "app" : "admin")).contains(Rejection.WRONG_ACTION);
	}

	/** As {@code DsqlUtilities} does, which not every version of the SDK has. */
	private static String presignWithSdk(String hostname, String region, String action,
			AwsCredentialsProvider credentials, Clock clock) {
		SdkHttpRequest request = SdkHttpRequest.builder()
			.method(SdkHttpMethod.GET)
			.protocol("https")
			.host(hostname)
			.encodedPath("/")
			.putRawQueryParameter("Action", action)
			.build();
		return AwsV4HttpSigner.create()
			.sign((signing) -> signing.identity(credentials.resolveCredentials())
				.request(request)
				.putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "dsql")
				.putProperty(AwsV4HttpSigner.REGION_NAME, region)
				.putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
				.putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, Duration.ofMinutes(15))
				.putProperty(HttpSigner.SIGNING_CLOCK, clock))
			.request()
			.getUri()
			.toString()
			.substring("https://".length());
	}

	/**
	 * Sign at the moment at which the other token was signed. Its order of parameters is
	 * another one, which the signature does not depend on, and it may have lost a second
	 * of its life.
	 */
	private static String sign(DatabaseEndpoint endpoint, AwsCredentialsProvider credentials, String other) {
		Matcher date = Pattern.compile("X-Amz-Date=(\\d+T\\d+Z)").matcher(other);
		Matcher life = Pattern.compile("X-Amz-Expires=(\\d+)").matcher(other);
		assertThat(date.find() && life.find()).isTrue();
		Instant signedAt = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
			.withZone(ZoneOffset.UTC)
			.parse(date.group(1), Instant::from);
		if (life.group(1).equals("900")) {
			return new RdsTokenSigner(endpoint, CredentialsSource.of(credentials), RefreshPolicy.DEFAULT,
					Clock.fixed(signedAt.plusMillis(999), ZoneOffset.UTC))
				.sign(CredentialsFreshness.CACHED)
				.value();
		}
		return new Sigv4Presigner(endpoint.region(), "rds-db").presign(endpoint.signingHost(), endpoint.request(),
				credentials.resolveCredentials(), signedAt, Duration.ofSeconds(Long.parseLong(life.group(1))));
	}

	private static Set<String> parts(String token) {
		return Set.of(token.split("[?&]"));
	}

	@Test
	void tokenOfLongLivedCredentialsIsGoodFor15Minutes() {
		AuthenticationToken token = signer(TestCredentials.user()).sign(CredentialsFreshness.CACHED);
		assertThat(token.signedAt()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
		assertThat(Duration.between(token.signedAt(), token.expiresAt())).hasMinutes(15);
		assertThat(token.value().startsWith("orders.example.com:5432/?")).isTrue();
	}

	@Test
	void tokenEndsWithTheCredentialsIfTheyEndEarlier() {
		Instant end = Instant.now().plusSeconds(300);
		assertThat(sessionSigner(end).sign(CredentialsFreshness.CACHED).expiresAt()).isEqualTo(end);
	}

	@Test
	void tokenDoesNotOutlive15MinutesWithLongerCredentials() {
		AuthenticationToken token = sessionSigner(Instant.now().plusSeconds(3600)).sign(CredentialsFreshness.CACHED);
		assertThat(Duration.between(token.signedAt(), token.expiresAt())).hasMinutes(15);
	}

	@Test
	void resolvesCredentialsOnceForEachToken() {
		AtomicInteger resolved = new AtomicInteger();
		AwsCredentialsProvider counting = () -> {
			resolved.incrementAndGet();
			return TestCredentials.user().resolveCredentials();
		};
		signer(counting).sign(CredentialsFreshness.CACHED);
		assertThat(resolved).hasValue(1);
	}

	@Test
	void tellsWhoseCredentialsSigned() {
		Instant end = Instant.now().plusSeconds(3600);
		assertThat(sessionSigner(end).sign(CredentialsFreshness.CACHED).signedBy())
			.isEqualTo(new SigningIdentity("MPLE", end, "application's credentials provider"));
		assertThat(signer(TestCredentials.user()).sign(CredentialsFreshness.CACHED).signedBy())
			.isEqualTo(new SigningIdentity("MPLE", null, "application's credentials provider"));
	}

	@Test
	void asksForOtherCredentialsWhenTheFirstEndTooSoon() {
		Instant now = Instant.now();
		List<CredentialsFreshness> asked = new ArrayList<>();
		RdsTokenSigner signer = signer((freshness) -> {
			asked.add(freshness);
			return session(now.plusSeconds((freshness == CredentialsFreshness.CACHED) ? 30 : 600));
		});
		assertThat(signer.sign(CredentialsFreshness.CACHED).expiresAt()).isEqualTo(now.plusSeconds(600));
		assertThat(asked).containsExactly(CredentialsFreshness.CACHED, CredentialsFreshness.NEW);
	}

	@Test
	void asksForOtherCredentialsWhenTheFirstHaveExpired() {
		Instant now = Instant.now();
		RdsTokenSigner signer = signer(
				(freshness) -> session(now.plusSeconds((freshness == CredentialsFreshness.CACHED) ? -30 : 600)));
		assertThat(signer.sign(CredentialsFreshness.CACHED).expiresAt()).isEqualTo(now.plusSeconds(600));
	}

	@Test
	void goesOnWithCredentialsThatEndSoonIfThereAreNoBetterOnes() {
		Instant now = Instant.now();
		RdsTokenSigner worse = signer(
				(freshness) -> session(now.plusSeconds((freshness == CredentialsFreshness.CACHED) ? 30 : 20)));
		assertThat(worse.sign(CredentialsFreshness.CACHED).expiresAt()).isEqualTo(now.plusSeconds(30));
		RdsTokenSigner none = signer((freshness) -> {
			if (freshness == CredentialsFreshness.NEW) {
				throw SdkClientException.create("throttled");
			}
			return session(now.plusSeconds(30));
		});
		assertThat(none.sign(CredentialsFreshness.CACHED).expiresAt()).isEqualTo(now.plusSeconds(30));
	}

	@Test
	void asksOnceForNewCredentials() {
		List<CredentialsFreshness> asked = new ArrayList<>();
		signer((freshness) -> {
			asked.add(freshness);
			return session(Instant.now().plusSeconds(30));
		}).sign(CredentialsFreshness.NEW);
		assertThat(asked).containsExactly(CredentialsFreshness.NEW);
	}

	@Test
	void saysThatThereAreNoCredentials() {
		AwsCredentialsProvider none = () -> {
			throw SdkClientException.create("nothing found in the chain");
		};
		assertThatExceptionOfType(TokenSigningException.class)
			.isThrownBy(() -> signer(none).sign(CredentialsFreshness.CACHED))
			.withMessageContaining("No AWS credentials")
			.withMessageContaining("orders.example.com:5432")
			.withMessageContaining("nothing found in the chain");
	}

	@Test
	void messageOfSomebodyElseIsNotTold() {
		AwsCredentialsProvider own = () -> {
			throw new IllegalStateException("NeverLogThis");
		};
		assertThatExceptionOfType(TokenSigningException.class)
			.isThrownBy(() -> signer(own).sign(CredentialsFreshness.CACHED))
			.withMessageEndingWith("with: java.lang.IllegalStateException");
		AwsCredentialsProvider none = () -> null;
		assertThatExceptionOfType(TokenSigningException.class)
			.isThrownBy(() -> signer((freshness) -> none.resolveCredentials()).sign(CredentialsFreshness.CACHED))
			.withMessageEndingWith("their provider returned null");
	}

	@Test
	void whyThereAreNoOthersIsKeptWithTheExpiry() {
		RdsTokenSigner signer = signer((freshness) -> {
			if (freshness == CredentialsFreshness.NEW) {
				throw SdkClientException.create("throttled");
			}
			return session(Instant.now().minusSeconds(30));
		});
		assertThatExceptionOfType(TokenSigningException.class)
			.isThrownBy(() -> signer.sign(CredentialsFreshness.CACHED))
			.withMessageContaining("expired at")
			.satisfies((failure) -> assertThat(failure.getSuppressed()).hasSize(1));
	}

	@Test
	void resolvingCanBeInterrupted() {
		CompletableFuture<AwsCredentialsIdentity> never = new CompletableFuture<>();
		CredentialsSource source = CredentialsSource.of(new IdentityProvider<AwsCredentialsIdentity>() {

			@Override
			public Class<AwsCredentialsIdentity> identityType() {
				return AwsCredentialsIdentity.class;
			}

			@Override
			public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
				return never;
			}

		});
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(TokenSigningException.class)
			.isThrownBy(() -> source.resolve(CredentialsFreshness.CACHED))
			.withMessageContaining("Interrupted");
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void saysThatTheCredentialsHaveExpired() {
		Instant end = Instant.parse("2026-01-01T00:00:00Z");
		assertThatExceptionOfType(TokenSigningException.class)
			.isThrownBy(() -> sessionSigner(end).sign(CredentialsFreshness.CACHED))
			.withMessageContaining("expired at 2026-01-01T00:00:00Z")
			.withMessageContaining("clock");
	}

	@Test
	void saysThatTheCredentialsAreAnonymous() {
		assertThatExceptionOfType(TokenSigningException.class)
			.isThrownBy(() -> signer(AnonymousCredentialsProvider.create()).sign(CredentialsFreshness.CACHED))
			.withMessageContaining("anonymous");
	}

	private static AwsCredentialsIdentity session(Instant expiration) {
		return TestCredentials.session(expiration).resolveCredentials();
	}

	private static RdsTokenSigner signer(CredentialsSource credentials) {
		return new RdsTokenSigner(ENDPOINT, credentials, RefreshPolicy.DEFAULT, Clock.systemUTC());
	}

	private static RdsTokenSigner signer(AwsCredentialsProvider credentials) {
		return signer(CredentialsSource.of(credentials));
	}

	private static RdsTokenSigner sessionSigner(Instant expiration) {
		return signer(TestCredentials.session(expiration));
	}

}

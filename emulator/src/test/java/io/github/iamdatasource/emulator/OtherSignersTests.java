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
package io.github.iamdatasource.emulator;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The verifier's own Signature Version 4 agrees with those of AWS.
 */
class OtherSignersTests {

	private static final List<String> USERS = List.of("app", "app@example.com", "a+b", "a/b", "100%", "a&b=c", "a*b",
			"o'brien", "a\\b", "~tilde", "jürgen", "with space", "semi;colon,comma", "q?#[]!$()", "日本語");

	private static final List<RdsEndpoint> ENDPOINTS = List.of(endpoint("localhost", 5432, "us-east-1"),
			endpoint("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 3306, "eu-west-1"),
			endpoint("orders.cluster-c1a2b3c4d5e6.cn-north-1.rds.amazonaws.com.cn", 65535, "cn-north-1"),
			endpoint("127.0.0.1", 1, "us-gov-west-1"));

	static Stream<Arguments> cases() {
		List<Arguments> cases = new ArrayList<>();
		for (String user : USERS) {
			for (RdsEndpoint endpoint : ENDPOINTS) {
				cases.add(Arguments.of(user, endpoint, false));
				cases.add(Arguments.of(user, endpoint, true));
			}
		}
		return cases.stream();
	}

	@ParameterizedTest(name = "{0} at {1}, session: {2}")
	@MethodSource("cases")
	void tokenOfTheJavaSdkIsAccepted(String user, RdsEndpoint endpoint, boolean session) {
		String token = Tokens.sign(session ? Tokens.SESSION_CREDENTIALS : Tokens.CREDENTIALS, endpoint.region(),
				endpoint.hostname(), endpoint.port(), user);
		TokenVerifier verifier = new TokenVerifier(endpoint, List.of(principal(session)), Clock.systemUTC());
		assertThat(verifier.verify(token, user)).isEmpty();
		assertThat(verifier.verify(token, user + "x")).contains(Rejection.WRONG_USER);
	}

	@Test
	void longSessionTokenIsAccepted() {
		String sessionToken = (Tokens.SESSION_TOKEN + "+/=").repeat(80);
		String token = Tokens.sign(AwsSessionCredentials.create(Tokens.ACCESS_KEY, Tokens.SECRET_KEY, sessionToken),
				"us-east-1", "localhost", 5432, "app");
		IamPrincipal principal = principal(false).withSessionToken(sessionToken);
		TokenVerifier verifier = new TokenVerifier(ENDPOINTS.get(0), List.of(principal), Clock.systemUTC());
		assertThat(token.length()).isGreaterThan(4000);
		assertThat(verifier.verify(token, "app")).isEmpty();
	}

	@Test
	void tokensOfBotocoreAreAccepted() throws Exception {
		Clock clock = Clock.fixed(Instant.parse("2026-01-15T12:00:00Z"), ZoneOffset.UTC);
		List<String[]> tokens = botocoreTokens();
		assertThat(tokens).hasSize(26);
		for (String[] fields : tokens) {
			RdsEndpoint endpoint = endpoint(fields[1], Integer.parseInt(fields[2]), fields[3]);
			TokenVerifier verifier = new TokenVerifier(endpoint, List.of(principal(fields[4].equals("session"))),
					clock);
			assertThat(verifier.verify(fields[5], fields[0])).as("for the user %s", fields[0]).isEmpty();
		}
	}

	private static List<String[]> botocoreTokens() throws Exception {
		try (InputStream tokens = OtherSignersTests.class.getResourceAsStream("botocore-tokens.tsv")) {
			return new String(tokens.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.map((line) -> line.split("\t"))
				.toList();
		}
	}

	private static IamPrincipal principal(boolean session) {
		IamPrincipal principal = Tokens.PRINCIPAL.allowedToConnectAs("*");
		return session ? principal.withSessionToken(Tokens.SESSION_TOKEN) : principal;
	}

	private static RdsEndpoint endpoint(String hostname, int port, String region) {
		return new RdsEndpoint(hostname, port, region, "123456789012", "db-ABCDEFGHIJKL01234");
	}

}

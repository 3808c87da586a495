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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Principals that come and go while the emulator runs.
 */
@ExtendWith(SharedRds.class)
class PrincipalChangeTests {

	private static final String ACCESS_KEY = "AKIDSECOND";

	private static final String SECRET_KEY = "theNeverLogThisOfTheSecond";

	private static final String SESSION_TOKEN = "theNeverLogThisOfTheSession";

	private static final IamPrincipal SECOND = IamPrincipal.withKeys(ACCESS_KEY, SECRET_KEY).allowedToConnectAs("app");

	@AfterEach
	void othersFindOnePrincipal(Rds rds) {
		rds.emulator().removePrincipal(ACCESS_KEY);
	}

	@Test
	void addedPrincipalLogsIn(Rds rds) throws Exception {
		assertUnknown(rds);
		rds.emulator().addPrincipal(SECOND);
		assertLogsIn(rds, token(rds));
		assertLogsIn(rds, rds.token("app"));
	}

	@Test
	void removedPrincipalDoesNotLogInEvenWithAnOlderToken(Rds rds) throws Exception {
		rds.emulator().addPrincipal(SECOND);
		String token = token(rds);
		try (Connection connection = rds.connect("app", token)) {
			assertThat(rds.emulator().removePrincipal(ACCESS_KEY)).isTrue();
			assertUnknown(rds);
			assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app");
		}
		rds.emulator().addPrincipal(SECOND);
		assertLogsIn(rds, token);
	}

	@Test
	void removingWhoIsNotThereChangesNothing(Rds rds) throws Exception {
		assertThat(rds.emulator().removePrincipal("AKIDNOBODY")).isFalse();
		assertLogsIn(rds, rds.token("app"));
	}

	@Test
	void secondWithTheSameAccessKeyIsExplainedAndChangesNothing(Rds rds) throws Exception {
		rds.emulator().addPrincipal(SECOND);
		IamPrincipal same = IamPrincipal.withKeys(ACCESS_KEY, "anotherNeverLogThis");
		assertThatIllegalArgumentException().isThrownBy(() -> rds.emulator().addPrincipal(same))
			.withMessage("There is a principal with the access key id AKIDSECOND already: remove that one first");
		assertLogsIn(rds, token(rds));
	}

	@Test
	void replacedPrincipalHasItsNewCredentialsOnly(Rds rds) throws Exception {
		rds.emulator().addPrincipal(IamPrincipal.withKeys(ACCESS_KEY, "formerNeverLogThis").allowedToConnectAs("app"));
		long before = rds.emulator().rejected(Rejection.SIGNATURE_MISMATCH);
		assertThat(catchThrowableOfType(SQLException.class, () -> rds.connect("app", token(rds))).getSQLState())
			.isEqualTo("28000");
		assertThat(rds.emulator().rejected(Rejection.SIGNATURE_MISMATCH)).isEqualTo(before + 1);
		rds.emulator().removePrincipal(ACCESS_KEY);
		rds.emulator().addPrincipal(SECOND);
		assertLogsIn(rds, token(rds));
	}

	@Test
	void sessionThatHasEndedIsRefusedUntilItsSuccessorIsThere(Rds rds) throws Exception {
		Instant now = Instant.now();
		rds.emulator().addPrincipal(SECOND.withSessionToken(SESSION_TOKEN, now));
		String token = token(rds, AwsSessionCredentials.create(ACCESS_KEY, SECRET_KEY, SESSION_TOKEN));
		long before = rds.emulator().rejected(Rejection.SESSION_EXPIRED);
		assertThat(catchThrowableOfType(SQLException.class, () -> rds.connect("app", token)).getSQLState())
			.isEqualTo("28000");
		assertThat(rds.emulator().rejected(Rejection.SESSION_EXPIRED)).isEqualTo(before + 1);
		rds.emulator().removePrincipal(ACCESS_KEY);
		rds.emulator().addPrincipal(SECOND.withSessionToken(SESSION_TOKEN, now.plus(Duration.ofHours(1))));
		assertLogsIn(rds, token);
	}

	@Test
	void oneOfManyWhoAddTheSameSucceeds() throws Exception {
		RdsEndpoint endpoint = new RdsEndpoint("localhost", 5432, "eu-west-1", "123456789012", "db-ABC");
		Instant now = Instant.parse("2026-01-15T12:00:00Z");
		TokenVerifier verifier = new TokenVerifier(endpoint, List.of(), Clock.fixed(now, ZoneOffset.UTC));
		String token = TokenBuilder.tokenFor(endpoint, now).keys(ACCESS_KEY, SECRET_KEY).sign();
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			for (int round = 0; round < 200; round++) {
				assertThat(verifier.verify(token, "app")).contains(Rejection.UNKNOWN_ACCESS_KEY);
				CountDownLatch start = new CountDownLatch(1);
				List<Future<Boolean>> additions = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					additions.add(threads.submit(addingTo(verifier, start)));
				}
				start.countDown();
				int added = 0;
				for (Future<Boolean> addition : additions) {
					added += addition.get() ? 1 : 0;
				}
				assertThat(added).isEqualTo(1);
				assertThat(verifier.verify(token, "app")).isEmpty();
				assertThat(verifier.removePrincipal(ACCESS_KEY)).isTrue();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static Callable<Boolean> addingTo(TokenVerifier verifier, CountDownLatch start) {
		return () -> {
			start.await();
			try {
				verifier.addPrincipal(SECOND);
				return true;
			}
			catch (IllegalArgumentException ex) {
				return false;
			}
		};
	}

	private static void assertLogsIn(Rds rds, String token) throws SQLException {
		try (Connection connection = rds.connect("app", token)) {
			assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app");
		}
	}

	private static void assertUnknown(Rds rds) {
		long before = rds.emulator().rejected(Rejection.UNKNOWN_ACCESS_KEY);
		SQLException refused = catchThrowableOfType(SQLException.class, () -> rds.connect("app", token(rds)));
		assertThat(refused.getSQLState()).isEqualTo("28000");
		assertThat(rds.emulator().rejected(Rejection.UNKNOWN_ACCESS_KEY)).isEqualTo(before + 1);
	}

	private static String token(Rds rds) {
		return token(rds, AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY));
	}

	private static String token(Rds rds, AwsCredentials credentials) {
		return Tokens.sign(credentials, rds.emulator().region(), rds.emulator().hostname(), rds.emulator().port(),
				"app");
	}

}

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

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.cert.Certificate;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * An emulator of its own, so that nobody else suffers from the outages.
 */
class OutageTests {

	private static Rds rds;

	@BeforeAll
	static void start() {
		rds = Rds.of(RdsIamEmulator.postgresql()
			.database("orders")
			.user("app")
			.user("forbidden")
			.principal(Tokens.PRINCIPAL.allowedToConnectAs("app", "unknown")));
	}

	@AfterAll
	static void close() throws Exception {
		rds.close();
	}

	@AfterEach
	void endOutage() {
		rds.emulator().rejectLogins(false);
		rds.emulator().resumeServing();
	}

	@Test
	void goodLoginsAreRejectedUntilTheOutageIsOver() throws Exception {
		long accepted = rds.emulator().accepted();
		rds.emulator().rejectLogins(true);
		assertRefused(Rejection.OUTAGE, () -> rds.connect("app"), "app");
		rds.emulator().rejectLogins(true);
		assertRefused(Rejection.OUTAGE, () -> rds.connect("app"), "app");
		assertThat(rds.emulator().accepted()).isEqualTo(accepted);
		rds.emulator().rejectLogins(false);
		assertLogsIn();
		assertThat(rds.emulator().accepted()).isEqualTo(accepted + 1);
	}

	@Test
	void tokenThatWasRejectedInTheOutageIsGoodAfterIt() throws Exception {
		String token = rds.token("app");
		rds.emulator().rejectLogins(true);
		assertRefused(Rejection.OUTAGE, () -> rds.connect("app", token), "app");
		rds.emulator().rejectLogins(false);
		rds.connect("app", token).close();
	}

	@Test
	void loginThatIsWrongByItselfKeepsItsReason() {
		rds.emulator().rejectLogins(true);
		long outages = rds.emulator().rejected(Rejection.OUTAGE);
		assertRefused(Rejection.MALFORMED_TOKEN, () -> rds.connect("app", "password"), "app");
		assertRefused(Rejection.POLICY_DENIES, () -> rds.connect("forbidden"), "forbidden");
		long unknown = rds.emulator().rejected(Rejection.UNKNOWN_DATABASE_USER);
		catchThrowableOfType(SQLException.class, () -> rds.connect("unknown"));
		assertThat(rds.emulator().rejected(Rejection.UNKNOWN_DATABASE_USER)).isEqualTo(unknown + 1);
		long plaintext = rds.emulator().rejected(Rejection.PLAINTEXT);
		catchThrowableOfType(SQLException.class, () -> rds.connect("app", "never sent", "sslmode", "disable"));
		assertThat(rds.emulator().rejected(Rejection.PLAINTEXT)).isEqualTo(plaintext + 1);
		assertThat(rds.emulator().rejected(Rejection.OUTAGE)).isEqualTo(outages);
	}

	@Test
	void openSessionsSurviveWhileLoginsAreRejected() throws Exception {
		try (Connection connection = rds.connect("app")) {
			rds.emulator().rejectLogins(true);
			assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app");
		}
	}

	@Test
	void stopCutsOpenSessionsAndConnectingIsRefused() throws Exception {
		try (Connection idle = rds.connect("app");
				Connection busy = rds.connect("app");
				RawClient silent = new RawClient(rds.emulator());
				RawClient loggingIn = new RawClient(rds.emulator())) {
			loggingIn.sendStartupOverTls("user", "app").readMessage('R');
			CompletableFuture<SQLException> query = CompletableFuture
				.supplyAsync(() -> catchThrowableOfType(SQLException.class,
						() -> LoginTests.query(busy, "SELECT 1 FROM pg_sleep(300) -- to be cut")));
			await().atMost(Duration.ofSeconds(20))
				.until(() -> LoginTests
					.query(idle,
							"SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%-- to be cut'"
									+ " AND state = 'active' AND pid <> pg_backend_pid()")
					.equals("1"));
			rds.emulator().stopServing();
			assertThat(query.get(20, TimeUnit.SECONDS).getSQLState()).isEqualTo("08006");
			assertThat(idle.isValid(1)).isFalse();
			assertThat(catchThrowableOfType(SQLException.class, () -> LoginTests.query(idle, "SELECT 1")).getSQLState())
				.startsWith("08");
			assertThat(silent.read()).isEqualTo(-1);
			assertThatIOException().isThrownBy(() -> {
				loggingIn.sendText('p', "too late");
				loggingIn.readMessage();
			});
			assertRefusesToConnect();
			// As a pool does, which has not noticed yet that its connections are dead.
			rds.emulator().resumeServing();
			assertLogsIn();
		}
	}

	@Test
	void resumedEmulatorHasTheSamePortCertificateAndPrincipals() throws Exception {
		String url = rds.emulator().jdbcUrl();
		String token = rds.token("app");
		Certificate certificate = certificate();
		rds.connect("app", token).close();
		long accepted = rds.emulator().accepted();
		rds.emulator().stopServing();
		assertRefusesToConnect();
		rds.emulator().resumeServing();
		assertThat(rds.emulator().jdbcUrl()).isEqualTo(url);
		assertThat(certificate()).isEqualTo(certificate);
		// Verifies the certificate with the CA file of before.
		rds.connect("app", token).close();
		assertLogsIn();
		assertThat(rds.emulator().accepted()).isEqualTo(accepted + 2);
	}

	@Test
	void dataSurvivesTheStop() throws Exception {
		try (Connection connection = rds.connect("app"); Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE kept AS SELECT 'kept' AS what");
		}
		rds.emulator().stopServing();
		rds.emulator().resumeServing();
		try (Connection connection = rds.connect("app"); Statement statement = connection.createStatement()) {
			assertThat(LoginTests.query(connection, "SELECT what FROM kept")).isEqualTo("kept");
			statement.execute("DROP TABLE kept");
		}
	}

	@Test
	void stoppingOrResumingTwiceChangesNothing() throws Exception {
		rds.emulator().stopServing();
		rds.emulator().stopServing();
		assertRefusesToConnect();
		rds.emulator().resumeServing();
		try (Connection connection = rds.connect("app")) {
			rds.emulator().resumeServing();
			assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app");
		}
	}

	@Test
	void loginsAreStillRejectedAfterAStop() throws Exception {
		rds.emulator().rejectLogins(true);
		rds.emulator().stopServing();
		rds.emulator().resumeServing();
		assertRefused(Rejection.OUTAGE, () -> rds.connect("app"), "app");
		rds.emulator().stopServing();
		rds.emulator().rejectLogins(false);
		rds.emulator().resumeServing();
		assertLogsIn();
	}

	@Test
	void portThatIsTakenMeanwhileIsExplainedAndResumingLaterWorks() throws Exception {
		int port = rds.emulator().port();
		rds.emulator().stopServing();
		try (ServerSocket other = new ServerSocket()) {
			other.setReuseAddress(true);
			other.bind(new InetSocketAddress("127.0.0.1", port));
			assertThatExceptionOfType(EmulatorException.class).isThrownBy(() -> rds.emulator().resumeServing())
				.withMessage("The emulator could not listen on port " + port
						+ " again: something else may have taken it meanwhile; once that has ended, resume again");
		}
		assertRefusesToConnect();
		rds.emulator().resumeServing();
		assertLogsIn();
	}

	@Test
	void manyThreadsMayStopAndResume() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(5);
		try {
			List<Callable<Boolean>> tasks = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				tasks.add(() -> {
					for (int round = 0; round < 10; round++) {
						rds.emulator().stopServing();
						rds.emulator().resumeServing();
					}
					return true;
				});
			}
			tasks.add(() -> {
				for (int round = 0; round < 10; round++) {
					// Succeeds, or is cut or refused, and nothing else.
					SQLException cut = catchThrowableOfType(SQLException.class, () -> rds.connect("app").close());
					assertThat((cut != null) ? cut.getSQLState() : "08").startsWith("08");
				}
				return true;
			});
			for (Future<Boolean> task : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
				assertThat(task.get()).isTrue();
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertLogsIn();
	}

	private static void assertRefusesToConnect() {
		SQLException refused = catchThrowableOfType(SQLException.class, () -> rds.connect("app"));
		assertThat(refused.getSQLState()).isEqualTo("08001");
		assertThat(refused.getCause()).isInstanceOf(ConnectException.class);
	}

	private static Certificate certificate() throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.startTls("postgresql");
			return ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
		}
	}

	private static void assertLogsIn() throws SQLException {
		try (Connection connection = rds.connect("app")) {
			assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app");
		}
	}

	private static void assertRefused(Rejection rejection, ThrowingCallable login, String user) {
		long before = rds.emulator().rejected(rejection);
		SQLException refused = catchThrowableOfType(SQLException.class, login);
		assertThat(((PSQLException) refused).getServerErrorMessage().getMessage())
			.isEqualTo("PAM authentication failed for user \"" + user + "\"");
		assertThat(refused.getSQLState()).isEqualTo("28000");
		assertThat(rds.emulator().rejected(rejection)).isEqualTo(before + 1);
	}

}

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
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.Simulation;
import io.github.iamdatasource.token.TokenSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers that wait for a signature or for the server: interrupted ones, and many virtual
 * threads.
 */
@ExtendWith(SimulatedRds.Resolver.class)
class WaitingCallersTests {

	private final SimulatedRds database;

	private final Simulation simulation;

	private final CountDownLatch asked = new CountDownLatch(1);

	private final CountDownLatch answered = new CountDownLatch(1);

	private final TokenSource tokens;

	private final IamDataSource dataSource;

	private final List<Caller> callers = new ArrayList<>();

	WaitingCallersTests(SimulatedRds database) {
		this.database = database;
		this.simulation = new Simulation(database.clock());
		ScriptedCredentials credentials = new ScriptedCredentials(database.clock());
		credentials.answer(() -> {
			this.asked.countDown();
			try {
				this.answered.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return ScriptedCredentials.user();
		});
		this.tokens = this.simulation.tokens(new SimulatedSigner(database.endpoint(), credentials, database.clock()));
		this.dataSource = database.dataSource(this.tokens, database.clock());
	}

	@AfterEach
	void close() {
		this.answered.countDown();
		this.simulation.close();
		this.callers.forEach(Caller::interrupt);
	}

	/**
	 * Gets an exception while the credentials are still being waited for, stays
	 * interrupted, and spoils nothing for the others.
	 */
	@Test
	void interruptedWhileWaitingForASignature() throws Exception {
		for (int i = 0; i < 8; i++) {
			start(this.dataSource, Thread::new);
		}
		awaitAllWaiting();
		assertThat(this.asked.await(30, TimeUnit.SECONDS)).isTrue();
		Caller interrupted = this.callers.get(3);
		interrupted.interrupt();
		assertThat(Outsider.sees(interrupted.failure())).isInstanceOf(IamLoginException.class)
			.hasMessageContaining("Interrupted while waiting for a token to be signed");
		assertThat(interrupted.stayedInterrupted).isTrue();
		assertThat(this.answered.getCount()).isEqualTo(1);
		this.answered.countDown();
		for (Caller caller : this.callers) {
			if (caller != interrupted) {
				caller.assertSucceeds();
			}
		}
		assertThat(this.tokens.snapshot().counts().signatures()).isEqualTo(1);
		assertThat(this.tokens.snapshot().counts().failures()).isZero();
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.SUCCEEDED, 7L)
			.containsEntry(Outcome.NO_TOKEN, 1L)
			.containsEntry(Outcome.REJECTED, 0L);
	}

	/**
	 * The same for one who waits for a server that says nothing, if the login has a
	 * timeout, as it has under a pool.
	 */
	@Test
	void interruptedWhileWaitingForTheServer() throws Exception {
		this.answered.countDown();
		try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
			IamDataSource toSilence = new IamDataSource(
					JdbcUrl.parse(
							"jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":" + silent.getLocalPort() + "/orders"),
					new DatabaseEndpoint(OrdersDatabase.HOSTNAME, silent.getLocalPort(), "eu-west-1", "app"),
					new TlsSettings(TlsMode.VERIFY_FULL, List.of()), this.tokens, this.database.clock());
			toSilence.setLoginTimeout(300);
			start(toSilence, Thread::new);
			Caller caller = this.callers.get(0);
			try (Socket login = accept(silent)) {
				// The driver has said its first word and waits for an answer.
				assertThat(login.getInputStream().readNBytes(8)).hasSize(8);
				caller.awaitWaiting();
				caller.interrupt();
				assertThat(Outsider.sees(caller.failure())).isInstanceOf(SQLException.class)
					.hasStackTraceContaining("Interrupted while attempting to connect");
				assertThat(caller.stayedInterrupted).isTrue();
			}
			assertThat(toSilence.snapshot().logins()).containsEntry(Outcome.FAILED, 1L)
				.containsEntry(Outcome.REJECTED, 0L);
		}
		// With the same token, where somebody answers.
		this.dataSource.getConnection().close();
		assertThat(this.tokens.snapshot().counts().signatures()).isEqualTo(1);
	}

	/**
	 * More of them wait at once than there are threads to carry them, and another one
	 * runs meanwhile: none of them holds on to its carrier.
	 */
	@Test
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "Virtual threads are there from Java 21 on")
	void virtualThreads() throws Exception {
		int carriers = Runtime.getRuntime().availableProcessors();
		for (int i = 0; i < Math.max(64, 4 * carriers); i++) {
			start(this.dataSource, WaitingCallersTests::virtualThread);
		}
		awaitAllWaiting();
		CountDownLatch another = new CountDownLatch(1);
		virtualThread(another::countDown).start();
		assertThat(another.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.answered.getCount()).isEqualTo(1);
		this.answered.countDown();
		for (Caller caller : this.callers) {
			caller.assertSucceeds();
		}
		assertThat(this.tokens.snapshot().counts().signatures()).isEqualTo(1);
		assertThat(this.dataSource.snapshot().logins()).containsEntry(Outcome.SUCCEEDED, (long) this.callers.size());
	}

	private void start(IamDataSource dataSource, Function<Runnable, Thread> threads) {
		this.callers.add(new Caller(dataSource, threads));
	}

	private void awaitAllWaiting() {
		this.callers.forEach(Caller::awaitWaiting);
	}

	private static Socket accept(ServerSocket server) throws IOException {
		server.setSoTimeout(30_000);
		Socket socket = server.accept();
		socket.setSoTimeout(30_000);
		return socket;
	}

	/** By reflection, because the sources are compiled for Java 17. */
	private static Thread virtualThread(Runnable task) {
		try {
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			return (Thread) Class.forName("java.lang.Thread$Builder")
				.getMethod("unstarted", Runnable.class)
				.invoke(builder, task);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A thread that opens a connection and closes it.
	 */
	private static final class Caller {

		private final Thread thread;

		private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

		private volatile boolean stayedInterrupted;

		Caller(IamDataSource dataSource, Function<Runnable, Thread> threads) {
			this.thread = threads.apply(() -> {
				try (Connection connection = dataSource.getConnection()) {
					this.outcome.complete(connection.isValid(30));
				}
				catch (Throwable ex) {
					this.stayedInterrupted = Thread.currentThread().isInterrupted();
					this.outcome.completeExceptionally(ex);
				}
			});
			this.thread.start();
		}

		void awaitWaiting() {
			Awaitility.await().until(() -> this.thread.getState() == Thread.State.TIMED_WAITING);
		}

		void interrupt() {
			this.thread.interrupt();
		}

		Throwable failure() throws Exception {
			return this.outcome.handle((valid, failure) -> failure).get(30, TimeUnit.SECONDS);
		}

		void assertSucceeds() throws Exception {
			assertThat(this.outcome.get(30, TimeUnit.SECONDS)).isTrue();
		}

	}

}

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

import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import io.github.iamdatasource.token.TokenSource;
import io.github.iamdatasource.token.TokenState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

import org.springframework.boot.jdbc.autoconfigure.metrics.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.logging.logback.LogbackMetricsAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Closing an application, whatever goes on in it, leaves nothing behind.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ShutdownTests {

	private static final String POOL = "pool-of-shutdown-tests";

	private final OrdersDatabase database;

	/** Applications of other tests may be open still. */
	private final Set<Thread> threadsBefore = threads();

	/** No other events, as those hold on to what they tell about. */
	private final ListAppender<ILoggingEvent> log = new ListAppender<>() {

		@Override
		protected void append(ILoggingEvent event) {
			if (event.getThrowableProxy() != null || event.getLevel().isGreaterOrEqual(Level.WARN)) {
				super.append(event);
			}
		}

	};

	ShutdownTests(OrdersDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void listen() {
		this.log.start();
		rootLogger().addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		rootLogger().detachAppender(this.log);
	}

	/**
	 * Credentials that can be interrupted are.
	 */
	@Test
	void duringARefresh() throws Exception {
		SlowCredentials credentials = new SlowCredentials(true);
		TokenSource tokens = closeDuringARefresh(credentials);
		assertThat(credentials.interrupted.await(30, TimeUnit.SECONDS)).isTrue();
		assertNothingIsLeft(tokens);
	}

	/**
	 * Credentials that do not care about interruptions are not waited for either. Their
	 * thread can only end when they come.
	 */
	@Test
	void duringARefreshThatCannotBeInterrupted() throws Exception {
		SlowCredentials credentials = new SlowCredentials(false);
		TokenSource tokens;
		try {
			tokens = closeDuringARefresh(credentials);
			assertThat(credentials.going).isTrue();
		}
		finally {
			credentials.answered.countDown();
		}
		assertNothingIsLeft(tokens);
	}

	private TokenSource closeDuringARefresh(SlowCredentials credentials) throws Exception {
		ConfigurableApplicationContext context = application().with(credentials::resolve)
			.with("iam.datasource.token.refresh-after", "1s")
			.run();
		TokenSource tokens;
		try (Connection connection = context.getBean(DataSource.class).getConnection()) {
			assertThat(connection.isValid(30)).isTrue();
			tokens = Objects.requireNonNull(PooledIamDataSource.under(context.getBean(DataSource.class)))
				.getTokenSource();
			assertThat(credentials.asked.await(30, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			// The credentials come after that, or never.
			context.close();
		}
		return tokens;
	}

	@Test
	void fiveTimes() throws Exception {
		List<WeakReference<?>> applications = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			// A thread of its own, as HikariCP keeps a pool in the threads that used it.
			FutureTask<List<WeakReference<?>>> application = new FutureTask<>(this::runAndClose);
			Thread thread = new Thread(application);
			thread.start();
			applications.addAll(application.get());
			thread.join();
		}
		assertNothingIsLeft(null);
		Awaitility.await().until(() -> {
			System.gc();
			return applications.stream().allMatch((application) -> application.get() == null);
		});
	}

	private List<WeakReference<?>> runAndClose() {
		// Spring Boot's metrics of the pool keep it until memory is short, and
		// Micrometer's
		// of the log keep the meters until the next application starts.
		try (ConfigurableApplicationContext context = application()
			.withoutAutoConfiguration(DataSourcePoolMetricsAutoConfiguration.class)
			.withoutAutoConfiguration(LogbackMetricsAutoConfiguration.class)
			.run()) {
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class))
				.isEqualTo("app");
			assertThat(threads()).anyMatch((thread) -> thread.getName().startsWith(POOL))
				.anyMatch((thread) -> thread.getName().equals("iam-datasource-refresher"));
			DataSource pool = context.getBean(DataSource.class);
			return List.of(new WeakReference<>(context), new WeakReference<>(pool),
					new WeakReference<>(PooledIamDataSource.under(pool)));
		}
	}

	private Application application() {
		return Application.signingIn(this.database)
			.with("spring.datasource.hikari.pool-name", POOL)
			.with("spring.datasource.hikari.connection-timeout", "30000");
	}

	private void assertNothingIsLeft(TokenSource tokens) {
		Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(this.threadsBefore));
		if (tokens != null) {
			assertThat(tokens.snapshot().state()).isEqualTo(TokenState.CLOSED);
			assertThat(tokens.snapshot().lastFailure()).isNull();
		}
		assertThat(this.log.list).isEmpty();
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("iam-datasource-") || thread.getName().startsWith(POOL))
			.collect(Collectors.toSet());
	}

	private static Logger rootLogger() {
		return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
	}

	/**
	 * Come at once at first, and from then on when they are let through.
	 */
	private static final class SlowCredentials {

		private final boolean interruptible;

		private final AtomicInteger calls = new AtomicInteger();

		private final CountDownLatch asked = new CountDownLatch(1);

		private final CountDownLatch answered = new CountDownLatch(1);

		private final CountDownLatch interrupted = new CountDownLatch(1);

		private final AtomicBoolean going = new AtomicBoolean();

		SlowCredentials(boolean interruptible) {
			this.interruptible = interruptible;
		}

		AwsCredentials resolve() {
			if (this.calls.incrementAndGet() > 1) {
				this.going.set(true);
				this.asked.countDown();
				awaitAnswer();
				this.going.set(false);
			}
			return TestCredentials.user().resolveCredentials();
		}

		private void awaitAnswer() {
			while (true) {
				try {
					this.answered.await();
					return;
				}
				catch (InterruptedException ex) {
					this.interrupted.countDown();
					if (this.interruptible) {
						throw new IllegalStateException("Interrupted", ex);
					}
				}
			}
		}

	}

}

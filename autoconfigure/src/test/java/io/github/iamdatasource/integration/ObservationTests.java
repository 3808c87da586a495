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

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.observation.IamDataSourceObservationAutoConfiguration;
import io.github.iamdatasource.observation.DefaultTokenSignatureObservationConvention;
import io.github.iamdatasource.observation.TokenSignatureContext;
import io.github.iamdatasource.token.TokenSigningException;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is observed of the signing of tokens.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class ObservationTests {

	private final OrdersDatabase database;

	ObservationTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void eachSignatureIsObserved() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database, Observer.class).run()) {
			context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
			assertThat(seen(context)).singleElement().satisfies((signature) -> {
				assertThat(signature.getName()).isEqualTo("iam.datasource.token.signature");
				assertThat(values(signature.getLowCardinalityKeyValues())).containsExactlyInAnyOrderEntriesOf(
						Map.of("name", "dataSource", "outcome", "success", "exception", "none"));
				assertThat(values(signature.getHighCardinalityKeyValues()))
					.containsExactlyInAnyOrderEntriesOf(Map.of("server.address", OrdersDatabase.HOSTNAME, "server.port",
							String.valueOf(this.database.rds().port()), "cloud.region", "eu-west-1"));
				assertThat(signature.getError()).isNull();
				assertThat(Outsider.sees(signature.toString())).doesNotContain("X-Amz-Signature");
			});
		}
	}

	@Test
	void failureIsObservedWithoutWhatSomebodyElseSaysOfIt() {
		AtomicBoolean gone = new AtomicBoolean();
		try (ConfigurableApplicationContext context = Application.signingIn(this.database, Observer.class).with(() -> {
			if (gone.get()) {
				throw new UnsupportedOperationException("no more of " + TestCredentials.SECRET_KEY);
			}
			return TestCredentials.user().resolveCredentials();
		}).with("iam.datasource.token.refresh-after", 1).run()) {
			gone.set(true);
			List<TokenSignatureContext> seen = seen(context);
			Awaitility.await().until(() -> seen.stream().anyMatch((signature) -> signature.getError() != null));
			TokenSignatureContext failure = seen.stream()
				.filter((signature) -> signature.getError() != null)
				.findFirst()
				.orElseThrow();
			assertThat(values(failure.getLowCardinalityKeyValues())).containsExactlyInAnyOrderEntriesOf(
					Map.of("name", "dataSource", "outcome", "failure", "exception", "CredentialsUnavailableException"));
			Throwable error = failure.getError();
			assertThat(error).isInstanceOf(TokenSigningException.class)
				.hasNoCause()
				.hasMessageContaining("No AWS credentials to sign");
			StringWriter written = new StringWriter();
			error.printStackTrace(new PrintWriter(written, true));
			assertThat(Outsider.sees(written.toString())).contains("RdsTokenSigner")
				.doesNotContain(TestCredentials.SECRET_KEY);
		}
	}

	@Test
	void observerThatFailsKeepsNobodyFromTheDatabase() {
		try (ConfigurableApplicationContext context = Application
			.signingIn(this.database, Observer.class, BrokenObserver.class)
			.run()) {
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class)).isEqualTo(1);
			assertThat(context.getBean(BrokenObserver.class).asked).containsOnlyKeys("start", "open", "stop");
		}
	}

	@Test
	void goesTogetherWithTheMetersOfTheTokenSource() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("iam.datasource.token.sign").tag("outcome", "success").functionTimer().count())
				.isEqualTo(1);
			assertThat(registry.get("iam.datasource.token.signature").tag("outcome", "success").timer())
				.satisfies((timer) -> {
					assertThat(timer.count()).isEqualTo(1);
					assertThat(timer.max(TimeUnit.NANOSECONDS)).isPositive();
				});
		}
	}

	@Test
	void conventionOfTheApplicationWins() {
		try (ConfigurableApplicationContext context = Application
			.signingIn(this.database, Observer.class, OtherConvention.class)
			.run()) {
			context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
			assertThat(seen(context)).extracting(Observation.Context::getName).containsExactly("tokens");
		}
	}

	@Test
	void canBeSwitchedOff() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database, Observer.class)
			.with("management.observations.enable.iam.datasource", "false")
			.run()) {
			context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
			assertThat(seen(context)).isEmpty();
			assertThat(context.getBean(MeterRegistry.class).find("iam.datasource.token.signature").meters()).isEmpty();
		}
	}

	@Test
	void thereNeedNotBeObservations() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(IamDataSourceAutoConfiguration.class,
					IamDataSourceObservationAutoConfiguration.class, DataSourceAutoConfiguration.class))
			.withPropertyValues("iam.datasource.url=" + this.database.rds().jdbcUrl(), "iam.datasource.username=app",
					"iam.datasource.tls.ca-certificates=" + this.database.caFile())
			.withBean("credentials", AwsCredentialsProvider.class, TestCredentials::user);
		runner.withClassLoader(new FilteredClassLoader("io.micrometer")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanFactory().containsBean("iamTokenSignatureObservation")).isFalse();
		});
		runner.run((context) -> assertThat(context.containsBean("iamTokenSignatureObservation")).isFalse());
		runner.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.run((context) -> assertThat(context.containsBean("iamTokenSignatureObservation")).isTrue());
	}

	private static List<TokenSignatureContext> seen(ConfigurableApplicationContext context) {
		return context.getBean(Observer.class).seen;
	}

	private static Map<String, String> values(KeyValues keyValues) {
		return keyValues.stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
	}

	@Configuration(proxyBeanMethods = false)
	static class Observer {

		private final List<TokenSignatureContext> seen = new CopyOnWriteArrayList<>();

		@Bean
		ObservationHandler<TokenSignatureContext> signatureHandler() {
			return new ObservationHandler<>() {

				@Override
				public void onStop(TokenSignatureContext context) {
					Observer.this.seen.add(context);
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return context instanceof TokenSignatureContext;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherConvention {

		@Bean
		DefaultTokenSignatureObservationConvention convention() {
			return new DefaultTokenSignatureObservationConvention() {

				@Override
				public String getName() {
					return "tokens";
				}

			};
		}

	}

	/**
	 * Fails whatever it is asked.
	 */
	static class BrokenObserver implements ObservationHandler<TokenSignatureContext> {

		private final Map<String, Boolean> asked = new ConcurrentHashMap<>();

		@Override
		public void onStart(TokenSignatureContext context) {
			fail("start");
		}

		@Override
		public void onScopeOpened(TokenSignatureContext context) {
			fail("open");
		}

		@Override
		public void onStop(TokenSignatureContext context) {
			fail("stop");
		}

		private void fail(String step) {
			this.asked.put(step, true);
			throw new IllegalStateException("broken by the test");
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof TokenSignatureContext;
		}

	}

}

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.metrics.IamDataSourceMetricsAutoConfiguration;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What the meters tell.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class MetricsTests {

	private final OrdersDatabase database;

	MetricsTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void tellsOfTheTokenAndTheLogins() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("iam.datasource.token.age").gauge().value()).isBetween(0.0, 60.0);
			assertThat(registry.get("iam.datasource.token.remaining").gauge().value()).isBetween(840.0, 900.0);
			assertThat(signTimer(registry, "success").count()).isEqualTo(1);
			assertThat(signTimer(registry, "success").totalTime(TimeUnit.SECONDS)).isBetween(0.0, 30.0).isPositive();
			assertThat(signTimer(registry, "failure").count()).isZero();
			assertThat(logins(registry, "succeeded")).isPositive();
			assertThat(loginTimer(registry, "succeeded").totalTime(TimeUnit.SECONDS)).isBetween(0.0, 30.0).isPositive();
			assertThat(logins(registry, "rejected") + logins(registry, "failed") + logins(registry, "no-token"))
				.isZero();
		}
	}

	@Test
	void hasNoOtherTagThanTheNameOfThePoolsMetersAndTheOutcome() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("jdbc.connections.max").tag("name", "dataSource").gauge()).isNotNull();
			assertThat(registry.getMeters()
				.stream()
				.map(Meter::getId)
				.filter((id) -> id.getName().startsWith("iam."))
				.map((id) -> id.getTags()
					.stream()
					.map((tag) -> tag.getKey().equals("name") ? tag.getKey() + "=" + tag.getValue() : tag.getKey())
					.toList()
					.toString())
				.collect(Collectors.toSet())).containsExactlyInAnyOrder("[name=dataSource]",
						"[name=dataSource, outcome]",
						// Of what is observed: while it lasts, and thereafter.
						"[exception, name=dataSource, outcome]", "[error, exception, name=dataSource, outcome]");
		}
	}

	@Test
	void guideTellsOfThemAndOfNoOthers() throws IOException {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			String guide = Files.readString(Path.of("../docs/operating.md"));
			Set<String> told = Pattern
				.compile("^\\| `(iam\\.datasource\\.[a-z.]+)` \\| (?:age|time|timer|attempts)", Pattern.MULTILINE)
				.matcher(guide)
				.results()
				.map((row) -> row.group(1))
				.collect(Collectors.toSet());
			List<Meter.Id> meters = context.getBean(MeterRegistry.class)
				.getMeters()
				.stream()
				.map(Meter::getId)
				.filter((id) -> id.getName().startsWith("iam."))
				.toList();
			assertThat(meters).extracting(Meter.Id::getName).isSubsetOf(told);
			assertThat(told).hasSize(7).allMatch((name) -> meters.stream().anyMatch((id) -> id.getName().equals(name)));
			assertThat(meters).filteredOn((id) -> id.getTag("outcome") != null)
				.allMatch((id) -> guide.contains("`" + id.getTag("outcome") + "`"));
		}
	}

	@Test
	void tellsWhenTheCredentialsEnd() {
		Instant end = Instant.now().plus(Duration.ofMinutes(30));
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with(TestCredentials.session(end))
			.run()) {
			context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
			assertThat(credentialsRemaining(context)).isBetween(1700.0, 1800.0);
		}
	}

	@Test
	void tellsNoEndOfCredentialsThatHaveNone() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
			assertThat(credentialsRemaining(context)).isNaN();
		}
	}

	private static double credentialsRemaining(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class).get("iam.datasource.credentials.remaining").gauge().value();
	}

	@Test
	void countsRejections() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.with("iam.datasource.username", "auditor")
			.run()) {
			Outsider.sees(catchThrowable(
					() -> context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class)));
			assertThat(logins(context.getBean(MeterRegistry.class), "rejected")).isPositive();
		}
	}

	@Test
	void countsFailedSignatures() {
		AtomicBoolean gone = new AtomicBoolean();
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).with(() -> {
			if (gone.get()) {
				throw SdkClientException.create("the credentials are gone");
			}
			return TestCredentials.user().resolveCredentials();
		}).with("iam.datasource.token.refresh-after", 1).run()) {
			gone.set(true);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Awaitility.await().until(() -> signTimer(registry, "failure").count() > 0);
			assertThat(signTimer(registry, "failure").totalTime(TimeUnit.NANOSECONDS)).isPositive();
		}
	}

	@Test
	void thereNeedNotBeMicrometer() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(IamDataSourceAutoConfiguration.class,
					IamDataSourceMetricsAutoConfiguration.class, DataSourceAutoConfiguration.class))
			.withPropertyValues("iam.datasource.url=" + this.database.rds().jdbcUrl(), "iam.datasource.username=app",
					"iam.datasource.tls.ca-certificates=" + this.database.caFile())
			.withBean("credentials", AwsCredentialsProvider.class, TestCredentials::user);
		runner.withClassLoader(new FilteredClassLoader("io.micrometer")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanFactory().containsBean("iamDataSourceMetrics")).isFalse();
		});
		runner.run((context) -> assertThat(context.containsBean("iamDataSourceMetrics")).isFalse());
		runner.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context.containsBean("iamDataSourceMetrics")).isTrue());
	}

	private static FunctionTimer signTimer(MeterRegistry registry, String outcome) {
		return registry.get("iam.datasource.token.sign").tag("outcome", outcome).functionTimer();
	}

	private static FunctionTimer loginTimer(MeterRegistry registry, String outcome) {
		return registry.get("iam.datasource.login").tag("outcome", outcome).functionTimer();
	}

	private static double logins(MeterRegistry registry, String outcome) {
		return loginTimer(registry, outcome).count();
	}

}

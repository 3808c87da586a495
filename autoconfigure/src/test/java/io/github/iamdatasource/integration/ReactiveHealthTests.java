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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.health.IamDataSourceHealthIndicator;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.TokenSigningException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.resources.LoopResources;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.client.ReactorResourceFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What a WebFlux application answers over HTTP. The sample does the same in a servlet
 * container.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class ReactiveHealthTests {

	private static final String COMPONENT = "/actuator/health/iamDataSource";

	private final OrdersDatabase database;

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	ReactiveHealthTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void tellsTheDetails() throws Exception {
		try (ConfigurableApplicationContext context = showing("always").run()) {
			assertThat(context).isInstanceOf(ReactiveWebServerApplicationContext.class);
			Answer answer = get(context, COMPONENT);
			assertThat(answer.code()).isEqualTo(200);
			assertThat(answer.body()).containsEntry("status", "UP");
			assertThat(answer.body().get("details")).asString().contains("tokenExpiresIn", OrdersDatabase.HOSTNAME);
			assertThat(get(context, "/actuator/health").body().get("components")).asString().contains("iamDataSource");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "never", "when-authorized" })
	void tellsNoDetailsToWhomTheyAreNotFor(String showDetails) throws Exception {
		try (ConfigurableApplicationContext context = showing(showDetails)
			.with("management.endpoint.health.show-components", "always")
			.with("management.health.iam-datasource.probe.enabled", "true")
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
			.run()) {
			for (String path : List.of(COMPONENT, "/actuator/health")) {
				Answer answer = get(context, path);
				assertThat(answer.code()).isEqualTo(503);
				assertThat(answer.body()).containsEntry("status", "DOWN");
				assertThat(answer.body().toString()).doesNotContain("details", OrdersDatabase.HOSTNAME, "eu-west-1",
						"token", "check");
			}
		}
	}

	/**
	 * Spring Boot leaves a status that it does not know out of the whole, and takes it
	 * for healthy.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "WARNING | | 200 | UP | 200", "UP | | 200 | UP | 200",
					"OUT_OF_SERVICE | | 503 | OUT_OF_SERVICE | 503",
					"WARNING | down,out-of-service,warning,unknown,up | 200 | WARNING | 200" })
	void refreshThatFailsCountsAsTheStatusSays(String status, String order, int code, String whole, int wholeCode)
			throws Exception {
		AtomicBoolean gone = new AtomicBoolean();
		Application application = showing("always").with(() -> {
			if (gone.get()) {
				throw ScriptedCredentials.failure();
			}
			return TestCredentials.user().resolveCredentials();
		}).with("management.health.iam-datasource.refresh-failing-status", status);
		if (order != null) {
			application.with("management.endpoint.health.status.order", order);
		}
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(get(context, COMPONENT).body()).containsEntry("status", "UP");
			gone.set(true);
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			AuthenticationToken token = dataSource.getTokenSource().getToken(Duration.ofSeconds(30));
			assertThatExceptionOfType(TokenSigningException.class)
				.isThrownBy(() -> dataSource.getTokenSource().replace(token, Duration.ofSeconds(30)));
			assertThat(get(context, COMPONENT)).satisfies((answer) -> {
				assertThat(answer.body()).containsEntry("status", status);
				assertThat(answer.code()).isEqualTo(code);
			});
			assertThat(get(context, "/actuator/health")).satisfies((answer) -> {
				assertThat(answer.body()).containsEntry("status", whole);
				assertThat(answer.code()).isEqualTo(wholeCode);
			});
		}
	}

	/**
	 * Takes the settings from the guide.
	 */
	@Test
	void rejectedLoginsTakeItOutOfServiceAndDoNotRestartIt() throws Exception {
		Application application = showing("never").with("management.endpoint.health.probes.enabled", "true")
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY));
		EnumerablePropertySource<?> readme = readmesGroup();
		for (String name : readme.getPropertyNames()) {
			application.with(name, Objects.requireNonNull(readme.getProperty(name)));
		}
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(get(context, "/actuator/health/readiness").code()).isEqualTo(200);
			assertThat(get(context, "/actuator/health/liveness").code()).isEqualTo(200);
			assertThat(Outsider.sees(catchThrowable(MultiHostTests.dataSource(context)::getConnection)))
				.isInstanceOf(SQLException.class);
			assertThat(get(context, "/actuator/health/readiness").code()).isEqualTo(503);
			assertThat(get(context, "/actuator/health/liveness").code()).isEqualTo(200);
		}
	}

	private static EnumerablePropertySource<?> readmesGroup() throws IOException {
		List<String> blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
			.matcher(Files.readString(Path.of("../docs/operating.md")))
			.results()
			.map((MatchResult block) -> block.group(1))
			.filter((block) -> block.contains("group.readiness.include"))
			.toList();
		assertThat(blocks).hasSize(1);
		EnumerablePropertySource<?> yaml = (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
			.load("operating.md", new ByteArrayResource(blocks.get(0).getBytes()))
			.get(0);
		assertThat(yaml.getPropertyNames()).contains("management.endpoint.health.group.readiness.include");
		return yaml;
	}

	/**
	 * There is only one thread that answers requests.
	 */
	@Test
	void checkThatHangsKeepsNobodyElseWaiting() throws Exception {
		AtomicBoolean hanging = new AtomicBoolean();
		CountDownLatch released = new CountDownLatch(1);
		try (ConfigurableApplicationContext context = showing("always", OneEventLoop.class)
			.with(() -> resolve(hanging, released))
			.with("iam.datasource.token.expiry-margin", "1s")
			.with("management.health.iam-datasource.timeout", "10m")
			.run()) {
			try {
				assertThat(get(context, COMPONENT).code()).isEqualTo(200);
				hanging.set(true);
				IamDataSource dataSource = MultiHostTests.dataSource(context);
				Instant end = Objects.requireNonNull(dataSource.getTokenSource().snapshot().expiresAt());
				Awaitility.await().until(() -> Instant.now().isAfter(end));
				CompletableFuture<HttpResponse<String>> check = this.client.sendAsync(request(context, COMPONENT),
						BodyHandlers.ofString());
				Awaitility.await()
					.untilAsserted(() -> assertThat(checking()).hasSize(1)
						.allSatisfy((thread) -> assertThat(thread).startsWith("boundedElastic-")));
				assertThat(get(context, "/actuator/health/ping").code()).isEqualTo(200);
				assertThat(check).isNotDone();
				released.countDown();
				assertThat(check.get().statusCode()).isEqualTo(200);
			}
			finally {
				released.countDown();
			}
		}
	}

	private static AwsCredentials resolve(AtomicBoolean hanging, CountDownLatch released) {
		if (hanging.get()) {
			try {
				released.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return TestCredentials.user().resolveCredentials();
		}
		return AwsSessionCredentials.builder()
			.accessKeyId(TestCredentials.SESSION_ACCESS_KEY)
			.secretAccessKey(TestCredentials.SECRET_KEY)
			.sessionToken(TestCredentials.SESSION_TOKEN)
			.expirationTime(Instant.now().plusSeconds(4))
			.build();
	}

	/** The threads in which our indicator is at work. */
	private static List<String> checking() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> Arrays.stream(thread.getValue())
				.anyMatch((frame) -> frame.getClassName().equals(IamDataSourceHealthIndicator.class.getName())))
			.map((thread) -> thread.getKey().getName())
			.toList();
	}

	private Application showing(String showDetails, Class<?>... configuration) {
		return Application.signingIn(this.database, configuration)
			.reactive()
			.with("management.endpoint.health.show-details", showDetails);
	}

	private Answer get(ConfigurableApplicationContext context, String path) throws Exception {
		HttpResponse<String> response = this.client.send(request(context, path), BodyHandlers.ofString());
		return new Answer(response.statusCode(),
				JsonParserFactory.getJsonParser().parseMap(Outsider.sees((Object) response.body())));
	}

	private static HttpRequest request(ConfigurableApplicationContext context, String path) {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
			.timeout(Duration.ofMinutes(1))
			.build();
	}

	private record Answer(int code, Map<String, Object> body) {

	}

	@Configuration(proxyBeanMethods = false)
	static class OneEventLoop {

		@Bean
		ReactorResourceFactory reactorResourceFactory() {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setUseGlobalResources(false);
			factory.setLoopResourcesSupplier(() -> LoopResources.create("one-event-loop", 1, 1, true));
			return factory;
		}

	}

}

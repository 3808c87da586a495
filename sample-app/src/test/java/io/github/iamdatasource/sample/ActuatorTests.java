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
package io.github.iamdatasource.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for what Actuator tells about the service.
 */
@OrdersTest
class ActuatorTests {

	private final RestTestClient client;

	private final String url;

	ActuatorTests(@Autowired RestTestClient client, @Value("${iam.datasource.url}") String url) {
		this.client = client;
		this.url = url;
	}

	@Test
	void healthHasTheTokensAge() {
		Health health = this.client.get()
			.uri("/actuator/health")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(Health.class)
			.returnResult()
			.getResponseBody();
		Component component = Objects.requireNonNull(health).components().get("iamDataSource");
		assertThat(component.status()).isEqualTo("UP");
		Map<String, Object> details = component.details();
		assertThat(this.url).isEqualTo("jdbc:postgresql://" + details.get("endpoint") + "/orders");
		assertThat(details).containsEntry("username", "orders_app").containsEntry("region", "eu-west-1");
		Duration age = Duration.parse((String) details.get("tokenAge"));
		assertThat(age).isGreaterThanOrEqualTo(Duration.ZERO);
		assertThat(age.plus(Duration.parse((String) details.get("tokenExpiresIn")))).isCloseTo(Duration.ofMinutes(15),
				Duration.ofSeconds(2));
		assertThat(Instant.parse((String) details.get("tokenSignedAt"))).isCloseTo(Instant.now().minus(age),
				within(Duration.ofSeconds(2)));
		assertThat(details.get("lastLogin")).asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsEntry("outcome", "succeeded");
	}

	@Test
	void poolHasMetrics() {
		this.client.get()
			.uri("/actuator/metrics/hikaricp.connections")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.measurements[0].value")
			.value(Double.class, (connections) -> assertThat(connections).isPositive());
	}

	@Test
	void infoTellsWhatThisIs() {
		this.client.get().uri("/actuator/info").exchange().expectBody().jsonPath("$.app.name").isEqualTo("orders");
	}

	@ParameterizedTest
	@ValueSource(strings = { "env", "configprops", "beans", "heapdump", "loggers" })
	void whatCouldTellTooMuchIsNotExposed(String endpoint) {
		this.client.get().uri("/actuator/" + endpoint).exchange().expectStatus().isNotFound();
	}

	@Test
	void nothingSecretIsTold() {
		assertThat(answer("/actuator/health")).doesNotContain("X-Amz", "NeverLogThis", "AKID")
			.doesNotContainIgnoringCase("secret", "password", "\"token\"");
		assertThat(answer("/actuator/info")).doesNotContainIgnoringCase("X-Amz", "NeverLogThis", "AKID", "secret",
				"token\"", "password");
		Map<String, List<String>> metrics = this.client.get()
			.uri("/actuator/metrics")
			.exchange()
			.expectBody(new ParameterizedTypeReference<Map<String, List<String>>>() {
			})
			.returnResult()
			.getResponseBody();
		assertThat(Objects.requireNonNull(metrics).get("names")).contains("hikaricp.connections.active")
			.allSatisfy((name) -> assertThat(answer("/actuator/metrics/" + name)).doesNotContain("X-Amz",
					"NeverLogThis", "AKID"));
	}

	private String answer(String path) {
		String answer = this.client.get()
			.uri(path)
			.exchange()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		assertThat(answer).isNotBlank();
		return answer;
	}

	record Health(String status, Map<String, Component> components) {

	}

	record Component(String status, Map<String, Object> details) {

	}

}

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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the Actuator endpoint of the data sources does over HTTP where that is allowed.
 */
@OrdersTest
@TestPropertySource(properties = "management.endpoint.iamdatasource.access=unrestricted")
class UnrestrictedEndpointTests {

	private final RestTestClient client;

	UnrestrictedEndpointTests(@Autowired RestTestClient client) {
		this.client = client;
	}

	@Test
	void signsAToken() {
		int before = signatures("GET", "/actuator/iamdatasource/dataSource");
		assertThat(signatures("POST", "/actuator/iamdatasource/dataSource/token")).isEqualTo(before + 1);
	}

	@Test
	void replacesConnections() {
		int before = signatures("GET", "/actuator/iamdatasource/dataSource");
		assertThat(signatures("POST", "/actuator/iamdatasource/dataSource/connections")).isEqualTo(before);
		this.client.get().uri("/orders").exchange().expectStatus().isOk();
	}

	@ParameterizedTest
	@ValueSource(strings = { "other/token", "other/connections" })
	void knowsNoOtherName(String path) {
		this.client.post().uri("/actuator/iamdatasource/" + path).exchange().expectStatus().isBadRequest();
	}

	@Test
	void doesNothingElse() {
		this.client.post().uri("/actuator/iamdatasource/dataSource/password").exchange().expectStatus().isBadRequest();
	}

	private int signatures(String method, String uri) {
		Integer[] signatures = new Integer[1];
		(method.equals("POST") ? this.client.post().uri(uri) : this.client.get().uri(uri)).exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.token.signatures")
			.value(Integer.class, (value) -> signatures[0] = value);
		return signatures[0];
	}

}

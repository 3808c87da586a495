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

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link OrderController} and {@link OrderProblems}.
 */
@OrdersTest
class OrderControllerTests {

	private final RestTestClient client;

	OrderControllerTests(@Autowired RestTestClient client) {
		this.client = client;
	}

	@Test
	void createdOrderIsFoundAtItsLocation() {
		EntityExchangeResult<Order> created = create("{\"item\": \"Tea, grün 🍵\", \"quantity\": 3}");
		assertThat(created.getStatus()).isEqualTo(HttpStatus.CREATED);
		Order order = Objects.requireNonNull(created.getResponseBody());
		assertThat(order.id()).isPositive();
		assertThat(order.item()).isEqualTo("Tea, grün 🍵");
		assertThat(order.quantity()).isEqualTo(3);
		assertThat(order.createdAt()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
		URI location = Objects.requireNonNull(created.getResponseHeaders().getLocation());
		assertThat(location).hasPath("/orders/" + order.id());
		this.client.get().uri(location).exchange().expectStatus().isOk().expectBody(Order.class).isEqualTo(order);
	}

	@Test
	void listHasTheNewestOrderFirst() {
		Order older = create("{\"item\": \"older\", \"quantity\": 1}").getResponseBody();
		Order newer = create("{\"item\": \"newer\", \"quantity\": 1}").getResponseBody();
		List<Order> orders = this.client.get()
			.uri("/orders")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(new ParameterizedTypeReference<List<Order>>() {
			})
			.returnResult()
			.getResponseBody();
		assertThat(orders).startsWith(newer, older);
	}

	@Test
	void largestPossibleOrderIsCreated() {
		assertThat(create("{\"item\": \"%s\", \"quantity\": 1000}".formatted("x".repeat(100))).getStatus())
			.isEqualTo(HttpStatus.CREATED);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{"item": " ", "quantity": 1}               | item     | must not be blank
					{"item": "", "quantity": 1}                | item     | must not be blank
					{"item": null, "quantity": 1}              | item     | must not be blank
					{"quantity": 1}                            | item     | must not be blank
					{"item": "a\\u0000b", "quantity": 1}       | item     | must not contain control characters or incomplete ones
					{"item": "a\\ud800", "quantity": 1}        | item     | must not contain control characters or incomplete ones
					{"item": true, "quantity": 1}              | item     | has the wrong type
					{"item": 7, "quantity": 1}                 | item     | has the wrong type
					{"item": {"name": "tea"}, "quantity": 1}   | item     | has the wrong type
					{"item": "tea"}                            | quantity | must not be null
					{"item": "tea", "quantity": null}          | quantity | must not be null
					{"item": "tea", "quantity": 0}             | quantity | must be greater than or equal to 1
					{"item": "tea", "quantity": -1}            | quantity | must be greater than or equal to 1
					{"item": "tea", "quantity": 1001}          | quantity | must be less than or equal to 1000
					{"item": "tea", "quantity": 99999999999}   | quantity | is out of range
					{"item": "tea", "quantity": 2.9}           | quantity | has the wrong type
					{"item": "tea", "quantity": "3"}           | quantity | has the wrong type
					{"item": "tea", "quantity": "many"}        | quantity | has the wrong type
					{"item": "tea", "quantity": [1]}           | quantity | has the wrong type
					""")
	void orderWithOneWrongFieldIsRefusedWithTheField(String order, String field, String message) {
		ProblemDetail problem = refused(order);
		assertThat(problem.getProperties()).containsEntry("errors",
				List.of(Map.of("field", field, "message", message)));
	}

	@Test
	void tooLongItemIsRefused() {
		ProblemDetail problem = refused("{\"item\": \"%s\", \"quantity\": 1}".formatted("x".repeat(101)));
		assertThat(problem.getProperties()).containsEntry("errors",
				List.of(Map.of("field", "item", "message", "size must be between 0 and 100")));
	}

	@Test
	void allWrongFieldsAreToldAtOnce() {
		ProblemDetail problem = refused("{\"item\": \"\", \"quantity\": 0}");
		assertThat(problem.getProperties()).containsEntry("errors",
				List.of(Map.of("field", "item", "message", "must not be blank"),
						Map.of("field", "quantity", "message", "must be greater than or equal to 1")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "", "null", "[]", "tea", "{\"item\": \"tea\" \"quantity\": 1}" })
	void whatIsNoOrderIsRefused(String order) {
		assertThat(refused(order).getDetail()).isEqualTo("The request content could not be read.");
	}

	@Test
	void refusedOrderIsNotInTheDatabase() {
		long before = create("{\"item\": \"before\", \"quantity\": 1}").getResponseBody().id();
		refused("{\"item\": \"tea\", \"quantity\": 0}");
		this.client.get().uri("/orders").exchange().expectBody().jsonPath("$[0].id").isEqualTo(before);
	}

	@Test
	void orderThatDoesNotExistIsNotFound() {
		ProblemDetail problem = problem(this.client.get().uri("/orders/4711000").exchange(), HttpStatus.NOT_FOUND);
		assertThat(problem.getTitle()).isEqualTo("Not Found");
		assertThat(problem.getDetail()).isEqualTo("There is no order 4711000");
		assertThat(problem.getInstance()).hasPath("/orders/4711000");
	}

	@ParameterizedTest
	@ValueSource(strings = { "first", "1.5", "99999999999999999999" })
	void orderNumberThatIsNoneIsRefused(String id) {
		problem(this.client.get().uri("/orders/" + id).exchange(), HttpStatus.BAD_REQUEST);
	}

	@Test
	void pathThatDoesNotExistIsNotFound() {
		problem(this.client.get().uri("/nothing").exchange(), HttpStatus.NOT_FOUND);
	}

	@Test
	void methodThatIsNotSupportedIsRefused() {
		problem(this.client.delete().uri("/orders").exchange(), HttpStatus.METHOD_NOT_ALLOWED);
	}

	@Test
	void contentTypeThatIsNotSupportedIsRefused() {
		problem(this.client.post().uri("/orders").contentType(MediaType.TEXT_PLAIN).body("tea").exchange(),
				HttpStatus.UNSUPPORTED_MEDIA_TYPE);
	}

	private EntityExchangeResult<Order> create(String order) {
		return post(order).expectBody(Order.class).returnResult();
	}

	private ProblemDetail refused(String order) {
		return problem(post(order), HttpStatus.BAD_REQUEST);
	}

	private RestTestClient.ResponseSpec post(String order) {
		return this.client.post().uri("/orders").contentType(MediaType.APPLICATION_JSON).body(order).exchange();
	}

	private static ProblemDetail problem(RestTestClient.ResponseSpec response, HttpStatus status) {
		ProblemDetail problem = response.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody(ProblemDetail.class)
			.returnResult()
			.getResponseBody();
		assertThat(problem).isNotNull();
		assertThat(problem.getStatus()).isEqualTo(status.value());
		return problem;
	}

}

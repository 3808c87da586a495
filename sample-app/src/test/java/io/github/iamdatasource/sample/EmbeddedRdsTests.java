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

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EmbeddedRds}, from its start to its end.
 */
class EmbeddedRdsTests {

	private final List<PostgresProcess> others = PostgresProcess.children();

	@Test
	void whenContextIsClosedThenNothingIsLeft() {
		PostgresProcess postgres;
		try (ConfigurableApplicationContext context = run(new MarkedEmbeddedRds())) {
			assertThat(context.isRunning()).isTrue();
			postgres = own();
			assertThat(postgres.process().isAlive()).isTrue();
			assertThat(postgres.folder()).isDirectory();
		}
		assertThat(postgres.process().isAlive()).isFalse();
		assertThat(postgres.folder()).doesNotExist();
	}

	@Test
	void whenUrlIsSetThenThatDatabaseIsMeant() {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			TestPropertyValues.of("iam.datasource.url=jdbc:postgresql://db.example.com/orders").applyTo(context);
			new MarkedEmbeddedRds().initialize(context);
			assertThat(context.getEnvironment().getProperty("iam.datasource.url"))
				.isEqualTo("jdbc:postgresql://db.example.com/orders");
			assertThat(PostgresProcess.children()).containsExactlyInAnyOrderElementsOf(this.others);
		}
	}

	@Test
	void whenContextIsClosedThenDatabaseIsTheLastToGo() {
		ConfigurableApplicationContext context = run(new MarkedEmbeddedRds(), AsksOnItsWayOut.class);
		AsksOnItsWayOut bean = context.getBean(AsksOnItsWayOut.class);
		context.close();
		assertThat(bean.answer).hasValue("orders_app");
	}

	@Test
	void whenContextCannotBeRefreshedThenNothingIsLeft() {
		AtomicReference<Path> folder = new AtomicReference<>();
		SpringApplication application = application(new MarkedEmbeddedRds(), FailsToStart.class);
		application.addInitializers((context) -> folder.set(own().folder()));
		assertThatExceptionOfType(BeanCreationException.class).isThrownBy(() -> application.run("--server.port=0"))
			.withStackTraceContaining("On purpose");
		assertThat(folder.get()).isNotNull().doesNotExist();
		assertThat(PostgresProcess.children()).containsExactlyInAnyOrderElementsOf(this.others);
	}

	@Test
	void whenDatabaseIsGoneThenServiceSaysSo() {
		EmbeddedRds rds = new MarkedEmbeddedRds();
		try (ConfigurableApplicationContext context = run(rds)) {
			rds.stop();
			RestTestClient client = RestTestClient.bindToServer()
				.baseUrl("http://localhost:" + context.getEnvironment().getProperty("local.server.port"))
				.build();
			client.get()
				.uri("/orders")
				.exchange()
				.expectStatus()
				.isEqualTo(503)
				.expectHeader()
				.contentType(MediaType.APPLICATION_PROBLEM_JSON)
				.expectBody(ProblemDetail.class)
				.value((problem) -> assertThat(problem.getDetail())
					.isEqualTo("The orders cannot be reached at the moment."));
		}
	}

	private PostgresProcess own() {
		List<PostgresProcess> own = PostgresProcess.children();
		own.removeAll(this.others);
		assertThat(own).hasSize(1);
		return own.get(0);
	}

	private static ConfigurableApplicationContext run(EmbeddedRds rds, Class<?>... sources) {
		return application(rds, sources).run("--server.port=0", "--spring.datasource.hikari.connection-timeout=1000");
	}

	private static SpringApplication application(EmbeddedRds rds, Class<?>... sources) {
		SpringApplication application = new SpringApplication(OrdersApplication.class);
		application.addPrimarySources(List.of(sources));
		application.addInitializers(rds);
		return application;
	}

	static class AsksOnItsWayOut implements DisposableBean {

		private final AtomicReference<String> answer = new AtomicReference<>();

		private final JdbcClient jdbcClient;

		AsksOnItsWayOut(JdbcClient jdbcClient) {
			this.jdbcClient = jdbcClient;
		}

		@Override
		public void destroy() {
			this.answer.set(this.jdbcClient.sql("SELECT current_user").query(String.class).single());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailsToStart {

		@Bean
		Object bean(JdbcClient jdbcClient) {
			throw new IllegalStateException("On purpose");
		}

	}

}

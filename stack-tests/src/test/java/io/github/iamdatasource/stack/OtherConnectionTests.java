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
package io.github.iamdatasource.stack;

import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.emulator.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.ResolvableType;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What else may say to which database an application connects.
 */
@ExtendWith(Databases.Resolver.class)
class OtherConnectionTests {

	private final Database database;

	OtherConnectionTests(Databases databases) {
		this.database = databases.of(Engine.POSTGRESQL);
	}

	@Test
	void serviceConnectionWinsAndNothingIsSigned() {
		try (RunningApplication application = Application.on(this.database, ServiceConnection.class)
			.with(Library.JPA)
			.with("spring.jpa.hibernate.ddl-auto", "create-drop")
			.run()) {
			assertThat(application.bean(JpaOrders.class).count()).isZero();
			assertThat(application.bean(JdbcTemplate.class).queryForObject("select h2version()", String.class))
				.startsWith("2.");
			assertNotSigned(application);
		}
	}

	@Test
	void dockerComposeWinsAndNothingIsSigned() {
		Keys keys = new Keys(this.database.rds());
		try (RunningApplication application = new RunningApplication(Application.on(this.database)
			.builder(keys)
			.listeners((ApplicationListener<ApplicationPreparedEvent>) OtherConnectionTests::dockerComposeIsReady)
			.run(), keys)) {
			HikariDataSource pool = application.bean(HikariDataSource.class);
			assertThat(pool.getJdbcUrl()).isEqualTo("jdbc:postgresql://127.0.0.1:54321/compose");
			assertThat(pool.getUsername()).isEqualTo("developer");
			assertThat(pool.getDataSource()).isNull();
			assertNotSigned(application);
		}
	}

	@Test
	void embeddedDatabaseDoesNotWin() {
		try (RunningApplication application = Application.on(this.database)
			.with("spring.datasource.embedded-database-connection", "h2")
			.run()) {
			assertThat(application.bean(JdbcTemplate.class).queryForObject("select current_user", String.class))
				.isEqualTo("app");
		}
	}

	/** As Docker Compose's own support does once the services run. */
	private static void dockerComposeIsReady(ApplicationPreparedEvent event) {
		DockerComposeServicesReadyEvent ready = BeanUtils.instantiateClass(
				BeanUtils.getResolvableConstructor(DockerComposeServicesReadyEvent.class),
				event.getApplicationContext(), List.of(new PostgresService()));
		SpringApplication application = event.getSpringApplication();
		SimpleApplicationEventMulticaster listeners = new SimpleApplicationEventMulticaster();
		application.getListeners().forEach(listeners::addApplicationListener);
		listeners.multicastEvent(ready, ResolvableType.forInstance(ready));
	}

	private static void assertNotSigned(RunningApplication application) {
		assertThat(application.context().getBeanNamesForType(IamJdbcConnectionDetails.class)).isEmpty();
		assertThat(application.keys().resolved()).isZero();
	}

	/** As Testcontainers' support registers them. */
	@Configuration(proxyBeanMethods = false)
	static class ServiceConnection {

		@Bean
		JdbcConnectionDetails serviceConnection() {
			return new JdbcConnectionDetails() {

				@Override
				public String getUsername() {
					return "sa";
				}

				@Override
				public String getPassword() {
					return "";
				}

				@Override
				public String getJdbcUrl() {
					return "jdbc:h2:mem:service";
				}

			};
		}

	}

	/**
	 * A service of a Compose file that runs, as the engine describes it.
	 */
	private record PostgresService() implements RunningService, ConnectionPorts {

		@Override
		public String name() {
			return "database";
		}

		@Override
		public ImageReference image() {
			return ImageReference.of("docker.io/library/postgres:18");
		}

		@Override
		public String host() {
			return "127.0.0.1";
		}

		@Override
		public ConnectionPorts ports() {
			return this;
		}

		@Override
		public Map<String, String> env() {
			return Map.of("POSTGRES_USER", "developer", "POSTGRES_PASSWORD", "developer", "POSTGRES_DB", "compose");
		}

		@Override
		public Map<String, String> labels() {
			return Map.of();
		}

		@Override
		public int get(int containerPort) {
			return 54321;
		}

		@Override
		public List<Integer> getAll() {
			return List.of(54321);
		}

		@Override
		public List<Integer> getAll(String protocol) {
			return getAll();
		}

	}

}

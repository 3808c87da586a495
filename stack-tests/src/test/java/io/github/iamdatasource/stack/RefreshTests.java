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

import java.util.Map;
import java.util.Set;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.autoconfigure.IamDataSourceProperties;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Cloud binds properties anew while the application runs.
 */
@ExtendWith(Databases.Resolver.class)
class RefreshTests {

	private final Database database;

	RefreshTests(Databases databases) {
		this.database = databases.of(Engine.POSTGRESQL);
	}

	@ParameterizedTest
	@ValueSource(classes = { HikariDataSource.class, BasicDataSource.class, IamDataSource.class })
	void runningDataSourceGoesOnAsItIs(Class<?> pool) throws Exception {
		try (RunningApplication application = Application.on(this.database)
			.with(Library.SPRING_CLOUD)
			.with("spring.datasource.type", pool.getName())
			.run()) {
			IamDataSource before = application.iamDataSource();
			rebind(application, Map.of("iam.datasource.username", "somebody-else"));
			assertThat(application.bean(IamDataSourceProperties.class).getUsername()).isEqualTo("somebody-else");
			application.throughout(() -> assertThat(user(application)).isEqualTo("app"));
			assertThat(application.iamDataSource()).isSameAs(before);
		}
	}

	private static void rebind(RunningApplication application, Map<String, Object> properties) {
		application.context()
			.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("changed", properties));
		application.context()
			.publishEvent(new EnvironmentChangeEvent(application.context(), Set.copyOf(properties.keySet())));
	}

	@Test
	void refreshableDataSourceSignsInAndTakesNewSettingsOfItsPool() throws Exception {
		try (RunningApplication application = Application.on(this.database)
			.with(Library.SPRING_CLOUD)
			.with("spring.cloud.refresh.extra-refreshable", HikariDataSource.class.getName())
			.run()) {
			assertThat(user(application)).isEqualTo("app");
			rebind(application, Map.of("spring.datasource.hikari.maximum-pool-size", "5"));
			application.bean(RefreshScope.class).refreshAll();
			application.throughout(() -> assertThat(user(application)).isEqualTo("app"));
			assertThat(application.bean(HikariDataSource.class).getMaximumPoolSize()).isEqualTo(5);
		}
	}

	private static String user(RunningApplication application) {
		return String.valueOf(application.bean(JdbcTemplate.class).queryForObject("select current_user", String.class));
	}

}

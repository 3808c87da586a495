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

import io.github.iamdatasource.emulator.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * An application whose beans are created when they are needed.
 */
@ExtendWith(Databases.Resolver.class)
class LazyInitializationTests {

	private final Database database;

	LazyInitializationTests(Databases databases) {
		this.database = databases.of(Engine.POSTGRESQL);
	}

	@Test
	void signsOnFirstUse() throws Exception {
		try (RunningApplication application = lazy().run()) {
			assertThat(application.keys().resolved()).isZero();
			application.throughout(() -> assertThat(
					application.bean(JdbcTemplate.class).queryForObject("select current_user", String.class))
				.isEqualTo("app"));
		}
	}

	@Test
	void wrongSettingIsExplainedOnFirstUse() {
		try (RunningApplication application = lazy().without("iam.datasource.username").run()) {
			assertThatException().isThrownBy(() -> application.bean(JdbcTemplate.class))
				.havingRootCause()
				.withMessageContainingAll("iam.datasource.username", "Set it to a database user");
		}
	}

	@Test
	void credentialsThatCannotBeHadAreExplainedOnFirstUse() {
		try (RunningApplication application = lazy().with("iam.datasource.credentials.profile", "nobody-has-it")
			.with("spring.datasource.hikari.connection-timeout", "1000")
			.run()) {
			assertThatException()
				.isThrownBy(() -> application.bean(JdbcTemplate.class).queryForObject("select 1", Integer.class))
				.havingRootCause()
				.withMessageContaining("nobody-has-it");
		}
	}

	private Application lazy() {
		return Application.on(this.database).with("spring.main.lazy-initialization", "true");
	}

}

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
package io.github.iamdatasource.autoconfigure;

import java.util.List;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.jdbc.MariaDbTlsPlugin;
import io.github.iamdatasource.jdbc.MariaDbTokenPlugin;
import io.github.iamdatasource.jdbc.MySqlSocketFactory;
import io.github.iamdatasource.jdbc.MySqlTokenPlugin;
import io.github.iamdatasource.jdbc.PostgreSqlSocketFactory;
import io.github.iamdatasource.jdbc.PostgreSqlTokenPlugin;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.context.FilteredClassLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IamDataSourceRuntimeHints}.
 */
class IamDataSourceRuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	@Test
	void coversTheSettingsOfAnAdditionalPool() throws NoSuchMethodException {
		new IamDataSourceRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(HikariConfig.class.getMethod("setMaximumPoolSize", int.class))).accepts(this.hints);
	}

	@Test
	void needsNoPool() {
		new IamDataSourceRuntimeHints().registerHints(this.hints, new FilteredClassLoader("com.zaxxer.hikari"));
		assertThat(RuntimeHintsPredicates.reflection().onType(HikariDataSource.class)).rejects(this.hints);
	}

	@Test
	void coversWhatIsFoundByName() throws NoSuchMethodException {
		new IamDataSourceRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(PostgreSqlSocketFactory.class.getConstructor(String.class))).accepts(this.hints);
		for (Class<?> type : List.of(PostgreSqlTokenPlugin.class, MySqlSocketFactory.class, MySqlTokenPlugin.class,
				MariaDbTlsPlugin.class, MariaDbTokenPlugin.class)) {
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getConstructors()[0]))
				.accepts(this.hints);
		}
		assertThat(RuntimeHintsPredicates.resource()
			.forResource("META-INF/services/org.mariadb.jdbc.plugin.CredentialPlugin")).accepts(this.hints);
		assertThat(
				RuntimeHintsPredicates.resource().forResource("io/github/iamdatasource/jdbc/rds-root-certificates.pem"))
			.accepts(this.hints);
	}

}

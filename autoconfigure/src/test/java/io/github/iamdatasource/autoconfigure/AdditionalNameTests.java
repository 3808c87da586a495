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

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AdditionalName}.
 */
class AdditionalNameTests {

	@ParameterizedTest
	@CsvSource({ "reports, iam.datasource.additional.reports, reportsDataSource",
			"read-models, iam.datasource.additional.read-models, readModelsDataSource",
			"readModels, iam.datasource.additional.readModels, readModelsDataSource",
			"read_models, iam.datasource.additional[read_models], readModelsDataSource",
			"db2, iam.datasource.additional.db2, db2DataSource" })
	void saysWhatPropertiesAndBeanAreCalled(String name, String prefix, String beanName) {
		AdditionalName additional = new AdditionalName(name);
		assertThat(additional.isValid()).isTrue();
		assertThat(additional.prefix()).isEqualTo(prefix);
		assertThat(additional.beanName()).isEqualTo(beanName);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-", "a b", "a.b", "a--b", "-a", "a-", "é", "&a" })
	void knowsWhatIsNoName(String name) {
		assertThat(new AdditionalName(name).isValid()).isFalse();
	}

	@Test
	void findsEachNameOnce() {
		MockEnvironment environment = new MockEnvironment()
			.withProperty("iam.datasource.additional.read-models.url", "jdbc:postgresql://h/db")
			.withProperty("iam.datasource.additional.read-models.username", "app")
			.withProperty("iam.datasource.additional.reports.hikari.pool-name", "r")
			.withProperty("iam.datasource.additional[a_b].url", "jdbc:postgresql://h/db")
			.withProperty("iam.datasource.username", "app");
		assertThat(AdditionalName.in(environment)).extracting(AdditionalName::value)
			.containsExactly("a_b", "read-models", "reports");
	}

	@Test
	void takesAVariableOfTheEnvironmentForTheNameThatIsWrittenElsewhere() {
		MockEnvironment environment = new MockEnvironment().withProperty("iam.datasource.additional.read-models.url",
				"jdbc:postgresql://h/db");
		environment.getPropertySources()
			.addLast(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					Map.of("IAM_DATASOURCE_ADDITIONAL_READMODELS_USERNAME", "app",
							"IAM_DATASOURCE_ADDITIONAL_REPORTS_URL", "jdbc:postgresql://h/db")));
		assertThat(AdditionalName.in(environment)).extracting(AdditionalName::value)
			.containsExactly("read-models", "reports");
	}

	@Test
	void findsNoneWhereThereIsNone() {
		assertThat(AdditionalName.in(new MockEnvironment().withProperty("iam.datasource.url", "x"))).isEmpty();
	}

}

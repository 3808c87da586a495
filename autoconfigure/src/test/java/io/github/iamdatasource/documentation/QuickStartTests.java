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
package io.github.iamdatasource.documentation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a newcomer copies first is right.
 */
class QuickStartTests {

	@ParameterizedTest
	@ValueSource(strings = { "README.md", "docs/getting-started.md" })
	void dependencyIsTheStarterInThisVersion(String path) {
		String pom = Page.of("starter/pom.xml").text();
		String dependency = Page.of(path).blocks("xml").get(0).text();
		assertThat(pom).contains("<artifactId>" + element(dependency, "artifactId") + "</artifactId>");
		assertThat(element(dependency, "version")).isEqualTo(element(pom, "version"));
	}

	@Test
	void testCommandIsTheOneThatContinuousIntegrationRuns() {
		assertThat(Page.of(".ci/run").text()).contains("./mvnw -B -ntp verify");
		assertThat(Page.of("README.md").text()).contains("./mvnw verify");
	}

	@Test
	void policyAllowsTheUserOfTheConfigurationWhomTheStatementsCreate() {
		Page readme = Page.of("README.md");
		assertThat(readme.blocks("yaml").get(0).text()).contains("username: orders_app");
		assertThat(readme.blocks("json").get(0).text()).contains("rds-db:connect").contains("/orders_app\"");
		assertThat(readme.blocks("sql").get(0).text()).contains("CREATE USER orders_app;")
			.contains("GRANT rds_iam TO orders_app;");
	}

	private static String element(String xml, String name) {
		Matcher matcher = Pattern.compile("<" + name + ">([^<]+)</" + name + ">").matcher(xml);
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

}

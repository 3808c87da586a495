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

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.iamdatasource.documentation.Page.Block;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The JSON of the documentation is JSON, and its policies are of the right shape.
 */
class PolicyTests {

	private static final String IN = "arn:aws(?:-cn|-us-gov)?:";

	private static final Map<String, Pattern> RESOURCES = Map.of("rds-db:connect", Pattern.compile(
			IN + "rds-db:[a-z]+(?:-[a-z]+)+-\\d:\\d{12}:dbuser:(?:(?:db|cluster)-[A-Z0-9]+|prx-[0-9a-f]+)/[a-z_]+"),
			"dsql:DbConnect", Pattern.compile(IN + "dsql:[a-z]+(?:-[a-z]+)+-\\d:\\d{12}:cluster/[a-z0-9]{26}"),
			"sts:AssumeRole", Pattern.compile(IN + "iam::\\d{12}:role/[\\w-]+"), "secretsmanager:GetSecretValue",
			Pattern.compile(IN + "secretsmanager:[a-z]+(?:-[a-z]+)+-\\d:\\d{12}:secret:[\\w-]+"));

	static Stream<Block> blocks() {
		return Page.guide().stream().flatMap((page) -> page.blocks("json").stream());
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void everyBlockIsValidAndEveryPolicyNamesResourcesOfTheRightShape(Block block) {
		Map<String, Object> json = JsonParserFactory.getJsonParser().parseMap(block.text());
		assertThat(json).isNotEmpty();
		if (json.containsKey("Statement")) {
			assertThat(json).containsOnlyKeys("Version", "Statement").containsEntry("Version", "2012-10-17");
			assertThat((List<?>) json.get("Statement")).isNotEmpty()
				.allSatisfy((statement) -> assertStatement((Map<?, ?>) statement));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "arn:aws:rds-db:eu-west-1:123456789012:dbuser:orders/orders_app",
			"arn:aws:rds:eu-west-1:123456789012:db:orders",
			"arn:aws:rds-db:eu-west-1:1234:dbuser:db-ABCDEFGHIJKL01234/orders_app",
			"arn:aws:rds-db:eu-west-1a:123456789012:dbuser:db-ABCDEFGHIJKL01234/orders_app" })
	void resourceOfAnotherShapeIsFound(String resource) {
		assertThat(resource).doesNotMatch(RESOURCES.get("rds-db:connect"));
	}

	private static void assertStatement(Map<?, ?> statement) {
		assertThat(statement.get("Effect")).isEqualTo("Allow");
		List<?> actions = (statement.get("Action") instanceof List<?> several) ? several
				: List.of(statement.get("Action"));
		if (statement.containsKey("Principal")) {
			assertThat(actions).allMatch((action) -> String.valueOf(action).startsWith("sts:"));
			assertThat(((Map<?, ?>) statement.get("Principal")).get("AWS")).satisfies(
					(principal) -> assertThat(String.valueOf(principal)).matches(RESOURCES.get("sts:AssumeRole")));
			return;
		}
		assertThat(actions).allSatisfy((action) -> assertThat(String.valueOf(statement.get("Resource")))
			.matches(RESOURCES.get(String.valueOf(action))));
	}

}

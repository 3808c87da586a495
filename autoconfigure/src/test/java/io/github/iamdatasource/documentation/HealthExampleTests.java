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

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The component of the health that the documentation shows has the details that it has,
 * as the sample's tests see them.
 */
class HealthExampleTests {

	@Test
	void healthHasTheDetailsThatAreDocumented() {
		List<Map<String, Object>> examples = Page.guide()
			.stream()
			.flatMap((page) -> page.blocks("json").stream())
			.map((block) -> JsonParserFactory.getJsonParser().parseMap(block.text()))
			.filter((json) -> json.containsKey("details"))
			.toList();
		assertThat(examples).singleElement()
			.satisfies((health) -> assertThat(health).containsEntry("status", "UP")
				.extractingByKey("details", InstanceOfAssertFactories.map(String.class, Object.class))
				.containsOnlyKeys("endpoint", "lastLogin", "region", "tokenAge", "tokenExpiresIn", "tokenSignedAt",
						"username"));
	}

}

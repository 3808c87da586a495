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

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The pages lead to each other, and to nothing that is not there.
 */
class LinkTests {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	static List<Page> pages() {
		return Page.all();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyLinkLeadsToAFileAndAHeadingThatExist(Page page) {
		Pattern.compile("]\\((?!https:)([^)#]*)(?:#([^)]+))?\\)").matcher(page.prose()).results().forEach((link) -> {
			Path target = link.group(1).isEmpty() ? page.path() : page.path().resolveSibling(link.group(1));
			assertThat(target).exists();
			if (link.group(2) != null) {
				assertThat(Page.of(ROOT.relativize(target.toAbsolutePath().normalize()).toString()).anchors())
					.contains(link.group(2));
			}
		});
	}

	@Test
	void indexLeadsToEveryPageOfTheGuide() {
		Page index = Page.of("docs/README.md");
		assertThat(Page.guide()).map((page) -> page.path().getFileName().toString())
			.filteredOn((name) -> !name.equals("README.md"))
			.allMatch((name) -> index.text().contains("](" + name + ")"));
		assertThat(Page.of("README.md").text()).contains("](docs/README.md)");
	}

}

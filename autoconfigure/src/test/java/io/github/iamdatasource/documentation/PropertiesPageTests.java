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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps {@code docs/properties.md} what {@link PropertiesPage} makes of the metadata.
 */
class PropertiesPageTests {

	private static final Path PAGE = Path.of("../docs/properties.md");

	private static final String UPDATE = "properties.update";

	@Test
	void pageIsThatOfTheMetadata() throws IOException {
		String page = PropertiesPage.ofThisProject().render(Files.readString(PAGE));
		if (Boolean.getBoolean(UPDATE)) {
			Files.writeString(PAGE, page);
		}
		assertThat(Files.readString(PAGE))
			.as("docs/properties.md is not what the configuration metadata tell. The command on that page, with -D"
					+ UPDATE + ", writes it anew")
			.isEqualTo(page);
	}

	@Test
	void pageTellsHowItIsWritten() throws IOException {
		assertThat(Files.readString(PAGE)).contains("-D" + UPDATE).contains("-Dtest=" + getClass().getSimpleName());
	}

	@Test
	void propertyOfAnyPrefixHasItsLine() {
		PropertiesPage page = new PropertiesPage(List.of(
				Map.of("name", "management.endpoint.other.access", "type",
						"org.springframework.boot.actuate.endpoint.Access", "description", "Who may.", "defaultValue",
						"read_only"),
				Map.of("name", "other.thing.size", "type", "java.lang.Integer", "description",
						"Such as 'this', which is Amazon's.")));
		assertThat(page.render("<!-- properties -->\nold\n<!-- /properties -->\n")).isEqualTo("""
				<!-- properties -->
				## management

				| Property | Takes | Default | What |
				|---|---|---|---|
				| `management.endpoint.other.access` | `none`, `read-only`, `unrestricted` | `read-only` | Who may. |

				## other.thing

				| Property | Takes | Default | What |
				|---|---|---|---|
				| `other.thing.size` | number |  | Such as `this`, which is Amazon's. |
				<!-- /properties -->
				""");
	}

}

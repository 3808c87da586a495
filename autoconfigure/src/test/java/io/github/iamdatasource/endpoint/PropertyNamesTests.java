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
package io.github.iamdatasource.endpoint;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PropertyNames}.
 */
class PropertyNamesTests {

	private static final String TEXT = "Set iam.datasource.url, not iam.datasource.username. iam.datasource.tls.mode or "
			+ "iam.datasource.credentials.* and iam.datasource.hostname's iam.datasource.port";

	@Test
	void leavesTheNamesOfTheOnlyDataSourceAlone() {
		assertThat(PropertyNames.PRIMARY.in(TEXT)).isEqualTo(TEXT);
	}

	@Test
	void putsTheOtherNamesInTheirPlace() {
		assertThat(new PropertyNames("a[$1]", "u", "c.credentials", "t.token", "iam.datasource.tls").in(TEXT))
			.isEqualTo("Set a[$1].url, not u.username. iam.datasource.tls.mode or c.credentials.* and "
					+ "a[$1].hostname's a[$1].port");
	}

	@Test
	void knowsWhatIsNoneOfADataSource() {
		String text = "iam.datasource.enabled=false, iam.datasource.urls, iam.datasource.additional.a.url";
		assertThat(PropertyNames.of("x").in(text)).isEqualTo(text);
	}

}

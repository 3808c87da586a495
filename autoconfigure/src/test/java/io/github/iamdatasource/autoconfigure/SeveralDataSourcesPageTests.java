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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the page about several data sources true.
 */
class SeveralDataSourcesPageTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	SeveralDataSourcesPageTests() throws IOException {
		Matcher yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
			.matcher(Files.readString(Path.of("../docs/several-data-sources.md")));
		assertThat(yaml.find()).isTrue();
		this.environment.getPropertySources()
			.addFirst(new YamlPropertySourceLoader()
				.load("page", new ByteArrayResource(yaml.group(1).getBytes(StandardCharsets.UTF_8)))
				.get(0));
	}

	@Test
	void yamlHasTheDataSourcesThatThePageTellsOf() {
		assertThat(AdditionalName.in(this.environment)).extracting(AdditionalName::beanName)
			.containsExactly("readModelsDataSource", "reportsDataSource");
		HikariDataSource pool = new HikariDataSource();
		Binder.get(this.environment).bind("iam.datasource.additional.reports.hikari", Bindable.ofInstance(pool));
		assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
	}

	@Test
	void inheritsByTheGroup() {
		IamDataSourceProperties properties = Binder.get(this.environment)
			.bind("iam.datasource", IamDataSourceProperties.class)
			.get();
		EffectiveSettings primary = EffectiveSettings.ofPrimary(properties);
		EffectiveSettings reports = inherited(primary, properties, "reports");
		assertThat(reports.username()).isEqualTo(new Prefixed<>("iam.datasource", "orders_app"));
		assertThat(List.of(reports.credentials(), reports.token(), reports.tls()))
			.isEqualTo(List.of(primary.credentials(), primary.token(), primary.tls()));
		EffectiveSettings models = inherited(primary, properties, "read-models");
		String prefix = "iam.datasource.additional.read-models";
		assertThat(models.username()).isEqualTo(new Prefixed<>(prefix, "models_app"));
		assertThat(models.credentials().prefix()).isEqualTo(prefix + ".credentials");
		assertThat(models.credentials().value().getRoleArn()).endsWith("role/models");
		assertThat(models.tls()).isEqualTo(primary.tls());
	}

	private static EffectiveSettings inherited(EffectiveSettings primary, IamDataSourceProperties properties,
			String name) {
		AdditionalName additional = new AdditionalName(name);
		return primary.inheritedBy(additional.beanName(), additional.prefix(), properties.getAdditional().get(name));
	}

}

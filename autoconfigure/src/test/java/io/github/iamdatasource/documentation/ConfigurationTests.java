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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.iamdatasource.autoconfigure.IamDataSourceProperties;
import io.github.iamdatasource.documentation.Page.Block;
import io.github.iamdatasource.endpoint.RdsHostname;
import io.github.iamdatasource.jdbc.JdbcUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The configuration that the documentation shows exists and can be read.
 */
class ConfigurationTests {

	private static final Pattern NAMED = Pattern
		.compile("`((?:iam|management|spring)\\.[a-z][a-z0-9.-]*[a-z0-9])(\\.\\*|=[^`]*)?`");

	/** What is named like a property: meters, and what Micrometer calls observations. */
	private static final Set<String> METERS = Page.guide()
		.stream()
		.flatMap((page) -> Pattern
			.compile("^\\| `(iam\\.datasource\\.[a-z.]+)` \\| (?:age|time|timer|attempts)", Pattern.MULTILINE)
			.matcher(page.text())
			.results())
		.map((row) -> row.group(1))
		.collect(Collectors.toSet());

	private static final Pattern ADDITIONAL_POOL = Pattern
		.compile("^iam\\.datasource\\.additional\\.[^.]+\\.hikari\\.");

	private final ConfigurationKeys keys;

	ConfigurationTests() throws IOException {
		this.keys = ConfigurationKeys.ofClassPath();
	}

	static List<Page> pages() {
		return Page.guide();
	}

	static Stream<Block> blocks() {
		return Page.guide().stream().flatMap(ConfigurationBlocks::of);
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void everyPropertyExistsAndCanHaveItsValue(Block block) throws IOException {
		Map<String, Object> properties = ConfigurationBlocks.read(block);
		assertThat(properties).isNotEmpty();
		assertThat(properties.entrySet()
			.stream()
			.map((property) -> this.keys.problem(asOfTheOnlyPool(property.getKey()), property.getValue()))
			.filter(Objects::nonNull)).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void everyValueOfTheStarterBindsAndEveryUrlIsThatOfAnEndpoint(Block block) throws IOException {
		IamDataSourceProperties bound = bind(ConfigurationBlocks.read(block));
		if (bound.getUrl() != null && bound.getHostname() == null) {
			assertThat(JdbcUrl.parse(bound.getUrl()).hosts())
				.allMatch((host) -> RdsHostname.parse(host.host()).isPresent());
		}
	}

	@Test
	void valueThatDoesNotBindIsFound() {
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> bind(Map.of("iam.datasource.credentials.duration", "an hour")));
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(Map.of("iam.datasource.user", "app")));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyPropertyThatIsNamedInTheTextExists(Page page) {
		assertThat(NAMED.matcher(page.text()).results().map((match) -> match.group(1)))
			.allMatch((name) -> METERS.contains(name) || this.keys.isKnown(name));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyEnvironmentVariableIsThatOfAProperty(Page page) {
		Matcher variables = Pattern.compile("\\b(?:IAM_DATASOURCE|SPRING|MANAGEMENT)_[A-Z0-9_]+").matcher(page.text());
		assertThat(variables.results().map((match) -> match.group())).allMatch((variable) -> this.keys
			.isKnownVariable(variable.replaceFirst("^IAM_DATASOURCE_ADDITIONAL_[A-Z0-9]+_", "IAM_DATASOURCE_")));
	}

	/** The pool of an additional data source has the properties of the only one. */
	private static String asOfTheOnlyPool(String property) {
		return ADDITIONAL_POOL.matcher(property).replaceFirst("spring.datasource.hikari.");
	}

	private static IamDataSourceProperties bind(Map<String, ?> properties) {
		Map<String, Object> own = new HashMap<>(properties);
		own.keySet().removeIf((name) -> ADDITIONAL_POOL.matcher(name).find());
		return new Binder(new MapConfigurationPropertySource(own)).bindOrCreate("iam.datasource",
				Bindable.of(IamDataSourceProperties.class), new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
	}

}

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
package io.github.iamdatasource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.iamdatasource.endpoint.RdsHostname;
import io.github.iamdatasource.jdbc.JdbcUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the README and the pages that it leads to true.
 */
class ReadmeTests {

	private final String readme = read(Path.of("../README.md"));

	@Test
	void tableOfPropertiesIsThatOfTheMetadata() throws IOException {
		StringBuilder table = new StringBuilder("| Property | Default | What |\n|---|---|---|\n");
		for (Map<String, Object> property : properties()) {
			table.append("| `").append(property.get("name")).append("` | ");
			Object defaultValue = property.get("defaultValue");
			table.append((defaultValue != null) ? "`" + defaultValue + "`" : "").append(" | ");
			table.append(String.valueOf(property.get("description")).replaceAll("(?<!\\w)'([^' ]+)'", "`$1`"))
				.append(" |\n");
		}
		assertThat(between("<!-- properties -->\n", "<!-- /properties -->")).isEqualTo(table.toString());
	}

	@Test
	void yamlIsValidAndHasPropertiesThatExist() throws IOException {
		Set<String> known = properties().stream()
			.map((property) -> String.valueOf(property.get("name")))
			.collect(Collectors.toSet());
		EnumerablePropertySource<?> yaml = (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
			.load("README", new ByteArrayResource(block("yaml", 0).getBytes(StandardCharsets.UTF_8)))
			.get(0);
		assertThat(yaml.getPropertyNames()).isNotEmpty().isSubsetOf(known);
		String url = String.valueOf(yaml.getProperty("iam.datasource.url"));
		assertThat(RdsHostname.parse(JdbcUrl.parse(url).hosts().get(0).host())).isPresent();
	}

	@Test
	void policyAllowsTheUserOfTheYamlOnAResourceId() {
		Map<String, Object> policy = JsonParserFactory.getJsonParser().parseMap(block("json", 0));
		assertThat(policy).containsEntry("Version", "2012-10-17");
		Map<?, ?> statement = (Map<?, ?>) ((List<?>) policy.get("Statement")).get(0);
		assertThat(statement.get("Action")).isEqualTo("rds-db:connect");
		assertThat(String.valueOf(statement.get("Resource")))
			.matches("arn:aws:rds-db:eu-west-1:\\d{12}:dbuser:db-[A-Z0-9]+/orders_app");
		assertThat(block("yaml", 0)).contains("username: orders_app");
		assertThat(block("sql", 0)).contains("CREATE USER orders_app;").contains("GRANT rds_iam TO orders_app;");
	}

	@Test
	void healthHasTheDetailsThatAreDocumented() {
		Map<String, Object> health = JsonParserFactory.getJsonParser().parseMap(block("json", 1));
		assertThat(health).containsEntry("status", "UP");
		assertThat(new TreeSet<>(((Map<?, ?>) health.get("details")).keySet().stream().map(String::valueOf).toList()))
			.containsExactly("endpoint", "lastLogin", "region", "tokenAge", "tokenExpiresIn", "tokenSignedAt",
					"username");
	}

	@Test
	void dependencyIsTheStarterInThisVersion() {
		String pom = read(Path.of("../starter/pom.xml"));
		String artifact = element(block("xml", 0), "artifactId");
		assertThat(pom).contains("<artifactId>" + artifact + "</artifactId>");
		assertThat(element(block("xml", 0), "version")).isEqualTo(element(pom, "version"));
	}

	@Test
	void testCommandIsTheOneThatContinuousIntegrationRuns() {
		assertThat(read(Path.of("../.ci/run"))).contains("./mvnw -B -ntp verify");
		assertThat(this.readme).contains("./mvnw verify");
	}

	@ParameterizedTest
	@MethodSource("pages")
	void linksLeadToFilesAndHeadingsThatExist(Path page) {
		Matcher links = Pattern.compile("]\\((?!https:)([^)#]*)(?:#([^)]+))?\\)").matcher(read(page));
		links.results().forEach((link) -> {
			Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
			assertThat(target).exists();
			if (link.group(2) != null) {
				assertThat(headings(target)).contains(link.group(2));
			}
		});
	}

	private static List<String> headings(Path page) {
		return read(page).lines()
			.filter((line) -> line.startsWith("#"))
			.map((line) -> line.replaceFirst("^#+ ", "")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\w -]", "")
				.replace(' ', '-'))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyYamlHasPropertiesThatExistAndEveryJsonIsValid(Path page) throws IOException {
		List<String> known = properties().stream().map((property) -> String.valueOf(property.get("name"))).toList();
		for (String block : blocks(read(page), "yaml")) {
			EnumerablePropertySource<?> yaml = (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
				.load(page.toString(), new ByteArrayResource(block.getBytes(StandardCharsets.UTF_8)))
				.get(0);
			assertThat(yaml.getPropertyNames()).isNotEmpty()
				.filteredOn((name) -> name.startsWith("iam.") || name.startsWith("management.health.iam-datasource."))
				.extracting((name) -> name.replaceFirst("^iam\\.datasource\\.additional\\.[^.]+\\.", "iam.datasource."))
				// Those of a pool are HikariCP's, and the test of the page binds them.
				.filteredOn((name) -> !name.startsWith("iam.datasource.hikari."))
				.allMatch((name) -> known.contains(name) || known.contains(name.substring(0, name.lastIndexOf('.'))));
		}
		blocks(read(page), "json")
			.forEach((block) -> assertThat(JsonParserFactory.getJsonParser().parseMap(block)).isNotEmpty());
	}

	private static List<Path> pages() throws IOException {
		try (Stream<Path> docs = Files.list(Path.of("../docs"))) {
			return Stream
				.concat(Stream.of(Path.of("../README.md")), docs.filter((page) -> page.toString().endsWith(".md")))
				.sorted()
				.toList();
		}
	}

	private static List<Map<String, Object>> properties() throws IOException {
		try (InputStream metadata = ReadmeTests.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			assertThat(metadata).isNotNull();
			String json = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
			List<?> properties = (List<?>) JsonParserFactory.getJsonParser().parseMap(json).get("properties");
			return properties.stream().map(ReadmeTests::asMap).toList();
		}
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> asMap(Object value) {
		return (Map<String, Object>) value;
	}

	private String between(String start, String end) {
		int from = this.readme.indexOf(start) + start.length();
		return this.readme.substring(from, this.readme.indexOf(end, from));
	}

	private String block(String language, int index) {
		return blocks(this.readme, language).get(index);
	}

	private static List<String> blocks(String page, String language) {
		return Pattern.compile("( *)```" + language + "\n(.*?)\n *```", Pattern.DOTALL)
			.matcher(page)
			.results()
			.map((block) -> Arrays.stream(block.group(2).split("\n"))
				.map((line) -> line.substring(Math.min(block.group(1).length(), line.length())))
				.collect(Collectors.joining("\n")))
			.toList();
	}

	private static String element(String xml, String name) {
		Matcher matcher = Pattern.compile("<" + name + ">([^<]+)</" + name + ">").matcher(xml);
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

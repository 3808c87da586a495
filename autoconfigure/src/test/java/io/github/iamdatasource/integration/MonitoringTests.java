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

package io.github.iamdatasource.integration;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Holds the dashboard and the alert rules against what an application gives Prometheus,
 * and has Prometheus's own tool judge the rules.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class MonitoringTests {

	private static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");

	private static final Path ALERTS = Path.of("../docs/prometheus-alerts.yaml");

	private static final Path ALERT_TESTS = Path.of("src/test/resources/prometheus-alerts-tests.yaml");

	/** Everything in an expression that is neither a function nor a variable. */
	private static final Pattern METRIC = Pattern.compile("(?<![\\w$])([a-z]+(?:_[a-z]+)+)(?![\\w(])(?:\\{([^}]*)})?");

	private static final Pattern OUTCOMES = Pattern.compile("outcome=~?\"([^\"]*)\"");

	/** What Prometheus gets of an application that has logged in. */
	private static String scrape = "";

	@BeforeAll
	static void scrape(OrdersDatabase database) {
		try (ConfigurableApplicationContext context = Application.signingIn(database).run()) {
			context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
			scrape = Outsider.sees(context.getBean(PrometheusMeterRegistry.class).scrape());
		}
	}

	@AfterAll
	static void forget() {
		scrape = "";
	}

	@Test
	void dashboardShowsWhatThereIs() throws IOException {
		assertThat(expressions(dashboard())).hasSizeGreaterThan(10).allSatisfy(MonitoringTests::isOfWhatThereIs);
	}

	@Test
	void dashboardLeavesNoMeterOfOursOut() throws IOException {
		String all = String.join("\n", expressions(dashboard()));
		// The observation's other series say the same as those that are always there.
		assertThat(names().filter((name) -> name.startsWith("iam_"))
			.filter((name) -> !name.startsWith("iam_datasource_token_signature_"))
			.toList()).isNotEmpty().allSatisfy((name) -> assertThat(all).contains(name));
	}

	@Test
	void panelsOfTheDashboardHaveIdsOfTheirOwnAndDoNotOverlap() throws IOException {
		List<String> places = new ArrayList<>();
		List<Object> ids = new ArrayList<>();
		for (Object each : (List<?>) dashboard().get("panels")) {
			Map<?, ?> panel = (Map<?, ?>) each;
			ids.add(panel.get("id"));
			Map<?, ?> place = (Map<?, ?>) panel.get("gridPos");
			int left = number(place, "x");
			int top = number(place, "y");
			assertThat(left + number(place, "w")).isLessThanOrEqualTo(24);
			for (int x = left; x < left + number(place, "w"); x++) {
				for (int y = top; y < top + number(place, "h"); y++) {
					places.add(x + "," + y);
				}
			}
		}
		assertThat(ids).doesNotHaveDuplicates();
		assertThat(places).doesNotHaveDuplicates();
	}

	@Test
	void alertsAreOfWhatThereIs() throws IOException {
		assertThat(expressions(yaml(ALERTS))).hasSize(5).allSatisfy(MonitoringTests::isOfWhatThereIs);
	}

	@Test
	void everyAlertIsTestedFiringAndNot() throws IOException {
		List<Map<?, ?>> tested = maps(yaml(ALERT_TESTS)).filter((map) -> map.containsKey("alertname")).toList();
		maps(yaml(ALERTS)).filter((map) -> map.containsKey("alert"))
			.forEach((rule) -> assertThat(tested).filteredOn((test) -> test.get("alertname").equals(rule.get("alert")))
				.anyMatch((test) -> !((List<?>) test.get("exp_alerts")).isEmpty())
				.anyMatch((test) -> ((List<?>) test.get("exp_alerts")).isEmpty()));
	}

	@Test
	void prometheusTakesTheAlerts() throws Exception {
		promtool(Path.of("."), "", "check", "rules", ALERTS.toString());
	}

	@Test
	void alertsFireWhenTheyShould() throws Exception {
		promtool(ALERT_TESTS.getParent(), "", "test", "rules", ALERT_TESTS.getFileName().toString());
	}

	@Test
	void namesOfTheMetersAreAsPrometheusWantsThem() throws Exception {
		String ours = scrape.lines()
			.filter((line) -> line.matches("(# (HELP|TYPE) )?iam_.*"))
			// Micrometer gives the timers of observations no help text.
			.filter((line) -> !line.contains("iam_datasource_token_signature_"))
			.collect(Collectors.joining("\n", "", "\n"));
		promtool(Path.of("."), ours, "check", "metrics");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "iam_datasource_token_sing_seconds_count", "iam_datasource_login_seconds_count{a=\"b\"} > 0",
					"iam_datasource_login_seconds_count{outcome=\"refused\"}" })
	void whatThereIsNotWouldBeFound(String expression) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> isOfWhatThereIs(expression));
	}

	private static void isOfWhatThereIs(String expression) {
		List<MatchResult> metrics = METRIC.matcher(expression).results().toList();
		assertThat(metrics).as(expression).isNotEmpty();
		metrics.forEach((metric) -> {
			assertThat(names()).contains(metric.group(1));
			String selector = (metric.group(2) != null) ? metric.group(2) : "";
			// Prometheus adds the first two.
			Pattern.compile("([a-z]+)=~?\"")
				.matcher(selector)
				.results()
				.map((label) -> label.group(1))
				.filter((label) -> !label.equals("job") && !label.equals("instance"))
				.forEach((label) -> assertThat(series(metric.group(1)))
					.anyMatch((line) -> line.contains(label + "=\"")));
			OUTCOMES.matcher(selector)
				.results()
				.flatMap((outcomes) -> Stream.of(outcomes.group(1).split("\\|")))
				.forEach((outcome) -> assertThat(series(metric.group(1)))
					.anyMatch((line) -> line.contains("outcome=\"" + outcome + "\"")));
		});
	}

	private static List<String> series(String name) {
		return scrape.lines().filter((line) -> line.startsWith(name + "{") || line.startsWith(name + " ")).toList();
	}

	private static Stream<String> names() {
		return scrape.lines()
			.filter((line) -> !line.startsWith("#"))
			.map((line) -> line.replaceFirst("[{ ].*", ""))
			.distinct();
	}

	private static List<String> expressions(Map<String, Object> document) {
		return maps(document).filter((map) -> map.containsKey("expr"))
			.map((map) -> String.valueOf(map.get("expr")))
			.toList();
	}

	/** All maps within a document, at any depth. */
	private static Stream<Map<?, ?>> maps(Object value) {
		if (value instanceof Map<?, ?> map) {
			return Stream.concat(Stream.of(map), map.values().stream().flatMap(MonitoringTests::maps));
		}
		return (value instanceof Collection<?> values) ? values.stream().flatMap(MonitoringTests::maps)
				: Stream.empty();
	}

	private static int number(Map<?, ?> map, String key) {
		return ((Number) map.get(key)).intValue();
	}

	private static Map<String, Object> dashboard() throws IOException {
		return JsonParserFactory.getJsonParser().parseMap(Files.readString(DASHBOARD));
	}

	private static Map<String, Object> yaml(Path file) throws IOException {
		return new Yaml().load(Files.readString(file));
	}

	private static void promtool(Path folder, String input, String... arguments) throws Exception {
		assumeTrue(
				Stream.of(System.getenv("PATH").split(File.pathSeparator))
					.anyMatch((path) -> Files.isExecutable(Path.of(path, "promtool"))),
				"promtool is not installed: it is in Debian's package 'prometheus'");
		Path output = Files.createTempFile("promtool", ".txt");
		Path given = Files.createTempFile("promtool", ".in");
		try {
			Files.writeString(given, input);
			Process process = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList())
				.directory(folder.toFile())
				.redirectInput(given.toFile())
				.redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			try {
				assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
			}
			finally {
				process.destroyForcibly();
			}
			String told = Files.readString(output, StandardCharsets.UTF_8);
			assertThat(process.exitValue()).as(told).isZero();
			System.out.println(told);
		}
		finally {
			Files.delete(output);
			Files.delete(given);
		}
	}

}

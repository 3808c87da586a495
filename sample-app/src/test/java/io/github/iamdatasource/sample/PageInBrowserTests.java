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
package io.github.iamdatasource.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.github.iamdatasource.actuate.IamDataSourceEndpoint;
import io.github.iamdatasource.actuate.IamDataSourceEndpoint.Renewable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of the page in a browser.
 */
@OrdersTest
class PageInBrowserTests {

	/** Texts that do not stand out from what is behind them, by WCAG's measure. */
	private static final String TOO_PALE = """
			(() => {
				const channels = (color) => color.match(/[\\d.]+/g).map(Number);
				const light = (color) => channels(color).slice(0, 3).map((value) => value / 255)
					.map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
					.reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
				const behind = (element) => {
					const color = getComputedStyle(element).backgroundColor;
					return channels(color)[3] === 0 ? behind(element.parentElement) : color;
				};
				return [...document.querySelectorAll("h1,h2,h3,h4,p,dt,dd,th,td,li,a,button,summary,caption,text")]
					.filter((element) => element.textContent.trim() !== "")
					.filter((element) => {
						const style = getComputedStyle(element);
						const [dark, bright] = [light(element.tagName === "text" ? style.fill : style.color),
							light(behind(element))].sort((one, other) => one - other);
						return (bright + 0.05) / (dark + 0.05) < 4.5;
					})
					.map((element) => element.outerHTML);
			})()""";

	@TempDir
	private static Path folder;

	private static @Nullable Chromium started;

	private final String url;

	private final IamDataSourceEndpoint endpoint;

	private Chromium chromium;

	PageInBrowserTests(@LocalServerPort int port, @Autowired IamDataSourceEndpoint endpoint) {
		this.url = "http://localhost:" + port + "/";
		this.endpoint = endpoint;
	}

	@BeforeAll
	static void startChromium() throws IOException {
		Optional<Path> program = Chromium.program();
		if (program.isPresent()) {
			started = Chromium.start(program.get(), folder);
		}
	}

	@AfterAll
	static void endChromium() {
		if (started != null) {
			started.close();
		}
	}

	@BeforeEach
	void openPage() {
		// Here and not for the class, of which no report would tell the reason.
		assumeTrue(started != null, "Chromium is not installed");
		this.chromium = Objects.requireNonNull(started);
		this.chromium.setOffline(false);
		this.chromium.preferColors("light");
		this.chromium.resize(1200, 900);
		this.chromium.open(this.url);
		awaitState("Read every");
	}

	@Test
	void chartGrowsWithEachPoll() {
		String line = "document.querySelector('.chart path.age').getAttribute('d')";
		String first = text(line);
		assertThat(first).matches("M[\\d.]+ [\\d.]+(L[\\d.]+ [\\d.]+)+");
		await("%s !== '%s'".formatted(line, first));
		assertThat(number("""
				document.querySelectorAll('.chart text.age, .chart text.time').length""")).isGreaterThan(3);
		assertThat(text("document.getElementById('pool-words').textContent")).startsWith("Of 10 connections at most, ");
		assertThat(number("document.querySelector('.outcome-succeeded').width.baseVal.value")).isPositive();
		assertThat(this.chromium.complaints()).isEmpty();
	}

	@Test
	void refreshIsMarked() {
		assertThat(number("document.querySelectorAll('.chart .refresh-mark').length")).isZero();
		this.endpoint.renew("dataSource", Renewable.TOKEN);
		await("document.querySelectorAll('.chart .refresh-mark').length === 1");
		// From the old token's age down to nothing, and up again.
		assertThat(text("document.querySelector('.chart path.age').getAttribute('d')"))
			.matches("M[^L]+L([\\d.]+) [\\d.]+L\\1 [\\d.]+L[^L]+");
		assertThat(texts(".tokens tbody tr td:last-child")).containsExactly("in use", "replaced by a refresh");
		assertThat(text("document.querySelector('.chart desc').textContent")).contains("1 refresh");
		assertThat(this.chromium.complaints()).isEmpty();
	}

	@Test
	void screenReadersAreToldWhatIsThere() {
		List<String> tree = new ArrayList<>();
		for (JsonNode node : this.chromium.tell("Accessibility.getFullAXTree").path("nodes")) {
			if (!node.path("ignored").asBoolean()) {
				tree.add(node.path("role").path("value").asString("") + " "
						+ node.path("name").path("value").asString(""));
			}
		}
		assertThat(tree).contains("banner ", "main ", "contentinfo ", "navigation What the page reads",
				"heading The life of a token", "article Data source dataSource", "region Age of the token",
				"region Connection pool", "image Age of the token of dataSource over time", "button Pause",
				"rowheader succeeded");
		assertThat(tree).anyMatch((node) -> node.startsWith("image Of 10 connections at most"));
		assertThat(tree).filteredOn((node) -> node.startsWith("status ")).hasSize(1);
	}

	@Test
	void tabReachesEverything() {
		this.chromium.evaluate("document.querySelector('details').open = true");
		int count = number("""
				document.querySelectorAll('a, button, summary, [tabindex="0"]').length""");
		List<String> reached = new ArrayList<>();
		for (int index = 0; index < count; index++) {
			this.chromium.pressTab();
			assertThat(text("getComputedStyle(document.activeElement).outlineStyle")).isEqualTo("solid");
			reached.add(text("(document.activeElement.innerText || '').split('\\n')[0]"));
		}
		assertThat(reached).containsExactly("Skip to the data sources", "Pause", "The same as a table",
				"Tokens seen since the page was opened, the newest first", "/actuator/iamdatasource",
				"/actuator/health", "/actuator/metrics");
	}

	@Test
	void darkModeChangesTheColours() {
		String light = text("getComputedStyle(document.body).backgroundColor");
		this.chromium.preferColors("dark");
		assertThat(text("getComputedStyle(document.body).backgroundColor")).isNotEqualTo(light);
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void textStandsOut(String scheme) {
		this.chromium.preferColors(scheme);
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.chromium.evaluate(TOO_PALE)).isEmpty());
	}

	@ParameterizedTest
	@ValueSource(ints = { 320, 700, 1600 })
	void nothingIsWiderThanTheScreen(int width) {
		this.chromium.resize(width, 800);
		await("document.querySelector('.chart').viewBox.baseVal.width === document.querySelector('.chart').clientWidth");
		assertThat(number("document.documentElement.scrollWidth - document.documentElement.clientWidth")).isZero();
	}

	@Test
	void whenApplicationDoesNotAnswerThenPageSaysSoAndGoesOn() {
		this.chromium.setOffline(true);
		awaitState("The application does not answer. It is asked again every 2 seconds. What is shown was so at ");
		this.chromium.setOffline(false);
		awaitState("Read every 2 seconds.");
		assertThat(texts(".tokens tbody tr td:last-child")).containsExactly("in use");
	}

	@Test
	void pauseIsToldAndCanBeEnded() {
		this.chromium.evaluate("document.getElementById('pause').click()");
		awaitState("Paused.");
		this.chromium.evaluate("document.getElementById('pause').click()");
		awaitState("Read every");
	}

	@Test
	void nothingSecretIsShown() {
		assertThat(text("document.documentElement.outerHTML")).contains("orders_app")
			.doesNotContain("X-Amz", "NeverLogThis", "AKID");
	}

	private void awaitState(String start) {
		await("document.getElementById('state')?.textContent.startsWith('%s')".formatted(start));
	}

	private void await(String condition) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.chromium.evaluate(condition).asBoolean(false));
	}

	private String text(String expression) {
		return this.chromium.evaluate(expression).asString();
	}

	private int number(String expression) {
		return this.chromium.evaluate(expression).asInt();
	}

	private List<String> texts(String selector) {
		List<String> texts = new ArrayList<>();
		this.chromium
			.evaluate("[...document.querySelectorAll('%s')].map((each) => each.textContent)".formatted(selector))
			.forEach((each) -> texts.add(each.asString()));
		return texts;
	}

}

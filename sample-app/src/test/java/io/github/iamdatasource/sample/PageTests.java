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

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.iamdatasource.actuate.IamDataSourceDescriptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the page, as far as it goes without a browser.
 */
@OrdersTest
class PageTests {

	private static final Pattern ASSET = Pattern.compile("(?:href|src|from|import)[= ]\"(?:\\./)?([\\w-]+\\.\\w+)\"");

	private static final Pattern STRING = Pattern.compile("\"([^\"]+)\"");

	private static final Pattern SIGNATURES = Pattern.compile("\"signatures\":(\\d+)");

	private final RestTestClient client;

	PageTests(@Autowired RestTestClient client) {
		this.client = client;
	}

	@Test
	void pageIsServedWithAllThatItNeeds() {
		EntityExchangeResult<String> page = get("/");
		assertThat(page.getResponseHeaders().getContentType()).isNotNull()
			.matches((type) -> type.isCompatibleWith(MediaType.TEXT_HTML));
		Map<String, String> types = Map.of("css", "text/css", "js", "text/javascript", "svg", "image/svg+xml");
		Set<String> assets = assets();
		assertThat(assets).contains("page.css", "page.js", "chart.js", "members.js", "icon.svg");
		for (String asset : assets) {
			HttpHeaders headers = get("/" + asset).getResponseHeaders();
			assertThat(headers.getFirst(HttpHeaders.CONTENT_TYPE)).as(asset)
				.startsWith(types.get(asset.substring(asset.indexOf('.') + 1)));
			assertThat(headers.getCacheControl()).as(asset).isEqualTo("no-cache");
		}
	}

	@Test
	void browsersAreToldToRunNothingElse() {
		for (String path : List.of("/", "/page.js", "/actuator/iamdatasource", "/orders")) {
			HttpHeaders headers = get(path).getResponseHeaders();
			assertThat(headers.getFirst("Content-Security-Policy")).as(path)
				.startsWith("default-src 'none';")
				.contains("script-src 'self';", "frame-ancestors 'none'")
				.doesNotContain("unsafe", "http", "*");
			assertThat(headers.getFirst("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
			assertThat(headers.getFirst("Referrer-Policy")).as(path).isEqualTo("no-referrer");
		}
	}

	@Test
	void pageNeedsNothingFromElsewhereAndHasNothingInline() {
		assertThat(body("/")).doesNotContainPattern("\\s(on\\w+|style)=")
			.doesNotContainPattern("<script(?![^>]* src=)")
			.doesNotContain("<style", "://");
		assets().forEach((asset) -> assertThat(body("/" + asset).replace("http://www.w3.org/2000/svg", "")).as(asset)
			.doesNotContain("://", "innerHTML", "eval("));
	}

	@Test
	void whatTheScriptReadsIsInTheAnswer() {
		Map<String, Map<String, Object>> dataSources = json("/actuator/iamdatasource",
				new ParameterizedTypeReference<Map<String, Map<String, Map<String, Object>>>>() {
				})
			.get("dataSources");
		assertThat(dataSources).isNotNull().containsOnlyKeys("dataSource");
		List<String> members = named("MEMBERS");
		assertThat(members).contains("token.age", "logins.*.count", "tls.protocol", "credentials.source");
		assertThat(members).allSatisfy((member) -> find(List.of(member.split("\\.")), IamDataSourceDescriptor.class,
				dataSources.get("dataSource")));
	}

	@Test
	void metersThatTheScriptReadsAreThere() {
		List<String> names = json("/actuator/metrics", new ParameterizedTypeReference<Map<String, List<String>>>() {
		}).get("names");
		assertThat(names).containsAll(named("METERS"));
	}

	@Test
	void endpointTellsAndDoesNothing() {
		assertThat(body("/actuator/iamdatasource/dataSource")).contains("\"state\":\"usable\"")
			.doesNotContain("X-Amz", "NeverLogThis", "AKID");
		String before = signatures();
		assertThat(before).isNotEmpty();
		for (String what : List.of("token", "connections")) {
			this.client.post()
				.uri("/actuator/iamdatasource/dataSource/" + what)
				.contentType(MediaType.APPLICATION_JSON)
				.body("{}")
				.exchange()
				.expectStatus()
				.isNotFound();
		}
		this.client.post().uri("/actuator/iamdatasource/dataSource").exchange().expectStatus().isEqualTo(405);
		assertThat(signatures()).isEqualTo(before);
	}

	private String signatures() {
		return SIGNATURES.matcher(body("/actuator/iamdatasource"))
			.results()
			.map((result) -> result.group(1))
			.collect(Collectors.joining());
	}

	/**
	 * Look for a member in the type that the answer is written from, and in the answer:
	 * only what is nullable may be missing there.
	 * @param value what is there, or {@code null} if nothing is
	 */
	private static void find(List<String> path, Type type, @Nullable Object value) {
		if (path.isEmpty()) {
			return;
		}
		String name = path.get(0);
		List<String> rest = path.subList(1, path.size());
		if (name.equals("*")) {
			Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
			Type element = arguments[arguments.length - 1];
			find(rest, element, null);
			elements(value).forEach((each) -> find(rest, element, each));
			return;
		}
		RecordComponent component = Arrays.stream(((Class<?>) type).getRecordComponents())
			.filter((candidate) -> candidate.getName().equals(name))
			.findAny()
			.orElseThrow(() -> new AssertionError(type + " has no " + name));
		Object member = (value != null) ? ((Map<?, ?>) value).get(name) : null;
		assertThat(value == null || member != null || component.getAnnotatedType().isAnnotationPresent(Nullable.class))
			.as("The answer has, or %s need not have, a value", component)
			.isTrue();
		find(rest, component.getGenericType(), member);
	}

	private static Collection<?> elements(@Nullable Object value) {
		if (value == null) {
			return List.of();
		}
		return (value instanceof Map<?, ?> map) ? map.values() : (List<?>) value;
	}

	/** The names of an object in the script. */
	private List<String> named(String object) {
		String script = body("/members.js");
		int start = script.indexOf("export const " + object + " = {");
		assertThat(start).as(object).isNotNegative();
		return STRING.matcher(script.substring(start, script.indexOf("};", start)))
			.results()
			.map((result) -> result.group(1))
			.filter((name) -> !name.startsWith("jdbc."))
			.toList();
	}

	private Set<String> assets() {
		Set<String> assets = new TreeSet<>(referredToBy("/").toList());
		Set<String> imported = new TreeSet<>();
		assets.stream()
			.filter((asset) -> asset.endsWith(".js"))
			.forEach((asset) -> referredToBy("/" + asset).forEach(imported::add));
		assets.addAll(imported);
		return assets;
	}

	private Stream<String> referredToBy(String path) {
		return ASSET.matcher(body(path)).results().map((MatchResult result) -> result.group(1));
	}

	private String body(String path) {
		return Objects.requireNonNull(get(path).getResponseBody());
	}

	private EntityExchangeResult<String> get(String path) {
		return this.client.get().uri(path).exchange().expectStatus().isOk().expectBody(String.class).returnResult();
	}

	private <T> T json(String path, ParameterizedTypeReference<T> type) {
		return Objects.requireNonNull(this.client.get()
			.uri(path)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(type)
			.returnResult()
			.getResponseBody());
	}

}

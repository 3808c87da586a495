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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.iamdatasource.emulator.Engine;

/**
 * The table of what was shown to work with what, as it stands in the documentation. What
 * was not run to its end keeps the line that it has there.
 */
final class CompatibilityTable {

	private static final Pattern PLACE = Pattern.compile("(?<=<!-- table -->\n).*?(?=<!-- /table -->)", Pattern.DOTALL);

	private static final Map<Engine, String> PRODUCTS = new EnumMap<>(
			Map.of(Engine.POSTGRESQL, "PostgreSQL", Engine.MARIADB, "MariaDB", Engine.MYSQL, "MySQL"));

	private static final Map<Pool, String> POOLS = new EnumMap<>(
			Map.of(Pool.HIKARI, "HikariCP", Pool.TOMCAT, "Tomcat JDBC", Pool.DBCP2, "Commons DBCP"));

	private final Path documentation;

	private final Map<Combination, Set<CompatibilityCheck>> ended = new HashMap<>();

	private final Map<Combination, Set<CompatibilityCheck>> passed = new HashMap<>();

	private final Map<Engine, String> versions = new EnumMap<>(Engine.class);

	CompatibilityTable(Path documentation) {
		this.documentation = documentation;
	}

	void ended(Combination combination, CompatibilityCheck check, boolean passed) {
		(passed ? this.passed : this.ended).computeIfAbsent(combination, (it) -> new TreeSet<>()).add(check);
	}

	/**
	 * The version of a server, without what its build adds.
	 */
	void version(Engine engine, String version) {
		Matcher matcher = Pattern.compile("\\d+(\\.\\d+)+").matcher(version);
		if (!matcher.find()) {
			throw new IllegalArgumentException(version);
		}
		this.versions.put(engine, matcher.group());
	}

	/**
	 * Return the whole page, with the table in its place.
	 */
	String render() throws IOException {
		String page = Files.readString(this.documentation);
		Matcher place = PLACE.matcher(page);
		if (!place.find()) {
			throw new IllegalStateException("The page has no place for the table");
		}
		Map<String, String> documented = place.group()
			.lines()
			.collect(Collectors.toMap(CompatibilityTable::key, (line) -> line, (first, second) -> first));
		Stream<String> lines = Stream.of(TestedDriver.values())
			.flatMap((driver) -> driver.engines().stream().map((engine) -> line(driver, engine, documented)));
		return page.substring(0, place.start())
				+ Stream.concat(Stream.of(header(), "|---".repeat(2 + Pool.values().length) + "|"), lines)
					.filter((line) -> !line.isEmpty())
					.collect(Collectors.joining("\n", "", "\n"))
				+ page.substring(place.end());
	}

	private static String header() {
		return "| Driver | Server | " + Stream.of(Pool.values())
			.map((pool) -> (pool != Pool.NONE) ? POOLS.get(pool) + " " + Versions.of(pool.type()) : "no pool")
			.collect(Collectors.joining(" | ")) + " |";
	}

	private String line(TestedDriver driver, Engine engine, Map<String, String> documented) {
		List<Combination> combinations = Combination.of(driver).filter((it) -> it.engine() == engine).toList();
		String version = this.versions.get(engine);
		String beginning = "| " + driver.title() + " | " + PRODUCTS.get(engine);
		if (version == null || !combinations.stream().allMatch(this::isComplete)) {
			return documented.getOrDefault(key(beginning + " |"), "");
		}
		return beginning + " " + version
				+ combinations.stream()
					.map((it) -> works(it) ? "yes" : "no")
					.collect(Collectors.joining(" | ", " | ", " |"));
	}

	/** The line without what may have become another version since it was written. */
	private static String key(String line) {
		String[] cells = line.split("\\|");
		return (cells.length < 3) ? line : cells[1].replaceAll("(?<= )(\\d+)[.\\w]*", "$1").strip() + "|"
				+ cells[2].replaceAll(" \\d[.\\w]*", "").strip();
	}

	private boolean isComplete(Combination combination) {
		Set<CompatibilityCheck> all = new TreeSet<>(this.ended.getOrDefault(combination, Set.of()));
		all.addAll(this.passed.getOrDefault(combination, Set.of()));
		return all.size() == CompatibilityCheck.values().length;
	}

	private boolean works(Combination combination) {
		return this.passed.getOrDefault(combination, Set.of()).size() == CompatibilityCheck.values().length;
	}

}

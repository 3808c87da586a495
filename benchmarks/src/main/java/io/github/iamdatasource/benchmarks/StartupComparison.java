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
package io.github.iamdatasource.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Starts the variants of the measured application in turn, round after round, and holds
 * each beside the one with a password of the same round.
 */
final class StartupComparison {

	private static final List<String> TIMES = List.of("ready", "connected");

	private static final List<String> AMOUNTS = List.of("classes", "threads", "peakThreads", "heap", "resident");

	private static final String CLASSES_OF = "classes_";

	private final StartupRun run;

	private final Map<StartupVariant, List<Map<String, String>>> results = new EnumMap<>(StartupVariant.class);

	StartupComparison(StartupRun run) {
		this.run = run;
	}

	/**
	 * Run the rounds and print three tables and a list.
	 * @param rounds how many rounds
	 * @param warmUps how many rounds before them do not count: the first ones read the
	 * jars from the disk
	 * @throws IOException if the application cannot be run
	 */
	void run(int rounds, int warmUps) throws IOException {
		StartupVariant[] variants = StartupVariant.values();
		for (int round = -warmUps; round < rounds; round++) {
			for (int i = 0; i < variants.length; i++) {
				// Another one begins each time, so that none is always the last.
				StartupVariant variant = variants[Math.floorMod(i + round, variants.length)];
				Map<String, String> result = this.run.run(variant);
				if (round >= 0) {
					this.results.computeIfAbsent(variant, (key) -> new ArrayList<>()).add(result);
				}
			}
		}
		printTimes(rounds);
		System.out.printf("%nA second after the first connection; medians, and the difference to PASSWORD%n");
		printAmounts(AMOUNTS);
		System.out.printf("%nThe classes among them, by whose they are%n");
		printAmounts(this.results.get(StartupVariant.PASSWORD)
			.get(0)
			.keySet()
			.stream()
			.filter((name) -> name.startsWith(CLASSES_OF))
			.sorted()
			.toList());
		System.out.printf("%nThreads that PASSWORD had not in the same round, and in how many rounds%n");
		this.results.keySet().forEach((variant) -> System.out.println("- " + variant + ": " + additional(variant)));
	}

	private void printTimes(int rounds) {
		System.out.printf("%nStart-up, %d rounds; milliseconds since the JVM's start%n", rounds);
		System.out.println("| variant | until | median | ratio to PASSWORD |");
		System.out.println("|---|---|---|---|");
		for (String time : TIMES) {
			double[] baseline = values(StartupVariant.PASSWORD, time);
			this.results.keySet()
				.forEach((variant) -> System.out.printf(Locale.ROOT, "| %s | %s | %.0f | %s |%n", variant, time,
						new Sample(values(variant, time)).median(),
						Sample.ratios(values(variant, time), baseline).describe()));
		}
	}

	private void printAmounts(List<String> amounts) {
		System.out.println("| variant | " + String.join(" | ", amounts) + " |");
		System.out.println("|---" + "|---".repeat(amounts.size()) + "|");
		this.results.keySet().forEach((variant) -> {
			StringBuilder row = new StringBuilder("| " + variant + " |");
			for (String amount : amounts) {
				double median = new Sample(values(variant, amount)).median();
				double baseline = new Sample(values(StartupVariant.PASSWORD, amount)).median();
				row.append(String.format(Locale.ROOT, " %.0f (%+.0f) |", median, median - baseline));
			}
			System.out.println(row);
		});
	}

	private String additional(StartupVariant variant) {
		Map<String, Integer> rounds = new TreeMap<>();
		List<Map<String, String>> all = this.results.get(variant);
		for (int round = 0; round < all.size(); round++) {
			List<String> threads = threads(variant, round);
			// One for one: several may have the same name.
			threads(StartupVariant.PASSWORD, round).forEach(threads::remove);
			threads.forEach((name) -> rounds.merge(name, 1, Integer::sum));
		}
		return rounds.isEmpty() ? "none"
				: rounds.entrySet()
					.stream()
					.map((thread) -> thread.getKey() + " (" + thread.getValue() + " of " + all.size() + ")")
					.collect(Collectors.joining(", "));
	}

	private List<String> threads(StartupVariant variant, int round) {
		return new ArrayList<>(List.of(this.results.get(variant).get(round).get("threadNames").split(",")));
	}

	private double[] values(StartupVariant variant, String name) {
		return this.results.get(variant)
			.stream()
			.mapToDouble((result) -> Double.parseDouble(result.get(name)))
			.toArray();
	}

}

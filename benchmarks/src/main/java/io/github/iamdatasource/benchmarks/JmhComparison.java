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

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the methods of a JMH benchmark in turn, one fork each, round after round, and
 * divides what each scored by what the baselines scored in the same round.
 */
final class JmhComparison {

	private static final String ALLOCATED = "gc.alloc.rate.norm";

	private final DatabaseAccess database;

	private final boolean quick;

	JmhComparison(DatabaseAccess database, boolean quick) {
		this.database = database;
		this.quick = quick;
	}

	/**
	 * Run the rounds and print a table.
	 * @param benchmark the class
	 * @param methods its methods, the baselines first
	 * @param baselines how many of them are baselines
	 * @param threads how many threads call them
	 * @param rounds how many rounds
	 * @throws RunnerException if one of the methods threw an exception
	 */
	void run(Class<?> benchmark, List<String> methods, int baselines, int threads, int rounds) throws RunnerException {
		double[][] scores = new double[methods.size()][rounds];
		double[][] allocated = new double[methods.size()][rounds];
		String unit = "";
		for (int round = 0; round < rounds; round++) {
			for (int i = 0; i < methods.size(); i++) {
				// Another one begins each time, so that none is always the last.
				int method = (i + round) % methods.size();
				RunResult result = run(benchmark, methods.get(method), threads);
				scores[method][round] = result.getPrimaryResult().getScore();
				allocated[method][round] = result.getSecondaryResults().get(ALLOCATED).getScore();
				unit = result.getPrimaryResult().getScoreUnit();
			}
		}
		System.out.printf("%n%s, %d thread(s), %d rounds%n", benchmark.getSimpleName(), threads, rounds);
		System.out.println("| method | median, " + unit + " | B/op | ratio to "
				+ String.join(" | ratio to ", methods.subList(0, baselines)) + " |");
		System.out.println("|---|---|---" + "|---".repeat(baselines) + "|");
		for (int method = 0; method < methods.size(); method++) {
			double[] score = scores[method];
			String ratios = Arrays.stream(scores, 0, baselines)
				.map((baseline) -> Sample.ratios(score, baseline).describe())
				.collect(Collectors.joining(" | "));
			System.out.printf(Locale.ROOT, "| %s | %.1f | %.2f | %s |%n", methods.get(method),
					new Sample(score).median(), new Sample(allocated[method]).median(), ratios);
		}
	}

	private RunResult run(Class<?> benchmark, String method, int threads) throws RunnerException {
		ChainedOptionsBuilder options = new OptionsBuilder().include(benchmark.getName() + "\\." + method + "$")
			.threads(threads)
			.forks(1)
			.jvmArgsAppend(this.database.jvmArguments().toArray(String[]::new))
			.addProfiler(GCProfiler.class)
			.verbosity(VerboseMode.SILENT)
			.shouldFailOnError(true);
		if (this.quick) {
			options.forks(0)
				.warmupIterations(1)
				.warmupTime(TimeValue.milliseconds(100))
				.measurementIterations(1)
				.measurementTime(TimeValue.milliseconds(200));
		}
		return new Runner(options.build()).runSingle();
	}

}

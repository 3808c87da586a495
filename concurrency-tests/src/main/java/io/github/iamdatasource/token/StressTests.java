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
package io.github.iamdatasource.token;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;

/**
 * Runs jcstress and fails unless each test was run and passed. jcstress by itself fails
 * on a forbidden outcome and on an error, but is content with tests that it could not
 * run.
 */
final class StressTests {

	private StressTests() {
	}

	public static void main(String[] args) throws Exception {
		Options options = new Options(args);
		if (!options.parse()) {
			System.exit(1);
		}
		JCStress jcstress = new JCStress(options);
		AssertionError failure = run(jcstress);
		Set<String> notPassed = new TreeSet<>(jcstress.getTests());
		if (notPassed.isEmpty()) {
			fail("There is no such test");
		}
		for (TestResult result : results(options)) {
			System.out.println(result.getName() + ": "
					+ ((result.status() == Status.NORMAL) ? outcomes(result) : result.status().toString()));
			if (result.status() == Status.NORMAL && result.getTotalCount() > 0 && result.grading().isPassed) {
				notPassed.remove(result.getName());
			}
		}
		if (failure != null) {
			fail(String.valueOf(failure.getMessage()));
		}
		if (!notPassed.isEmpty()) {
			fail("Could not be run (jcstress needs as many processors as a test has actors, so two): " + notPassed);
		}
	}

	private static @Nullable AssertionError run(JCStress jcstress) throws Exception {
		try {
			jcstress.run();
			return null;
		}
		catch (AssertionError ex) {
			return ex;
		}
	}

	private static List<TestResult> results(Options options) throws Exception {
		if (!Files.exists(Path.of(options.getResultFile()))) {
			return List.of();
		}
		InProcessCollector collector = new InProcessCollector();
		DiskReadCollector reader = new DiskReadCollector(options.getResultFile(), collector);
		reader.dump();
		reader.close();
		return ReportUtils.mergedByName(collector.getTestResults())
			.stream()
			.sorted(Comparator.comparing(TestResult::getName))
			.toList();
	}

	private static String outcomes(TestResult result) {
		return String.join("; ",
				result.getStateKeys()
					.stream()
					.sorted()
					.map((outcome) -> outcome + " (" + result.getCount(outcome) + ")")
					.toList());
	}

	private static void fail(String message) {
		System.err.println(message);
		System.exit(1);
	}

}

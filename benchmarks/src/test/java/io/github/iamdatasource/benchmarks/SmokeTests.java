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

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs every benchmark and every experiment once, only to see that they work.
 */
class SmokeTests {

	private static final Logger logger = LoggerFactory.getLogger(SmokeTests.class);

	@Test
	@Timeout(value = 5, unit = TimeUnit.MINUTES)
	void everythingRunsAndPrintsItsTable() throws IOException, InterruptedException {
		// In a process of its own: the logs of this one take everything, and the peer and
		// the AWS SDK would write tokens into them.
		// It measures nothing, so that another one on this machine, perhaps another
		// user's,
		// does no harm.
		Process process = new ProcessBuilder(JavaProgram.command(List.of("-Djmh.ignoreLock=true"),
				System.getProperty("benchmarks.jar"), Main.class.getName(), "--quick"))
			.redirectErrorStream(true)
			.start();
		// The build insists on something in this log, too.
		java.util.logging.Logger.getLogger(SmokeTests.class.getName()).info("Started " + process.info());
		List<String> output = new ArrayList<>();
		try (BufferedReader reader = process.inputReader()) {
			// Into the log that the build searches for secrets.
			reader.lines().peek(logger::trace).forEach(output::add);
		}
		finally {
			process.destroy();
		}
		String text = String.join("\n", output);
		assertThat(process.waitFor()).as(text).isZero();
		assertThat(output).as(text)
			.anyMatch((line) -> line.startsWith("TokenReadBenchmark, 1 thread"))
			.anyMatch((line) -> line.contains("token: expiry"))
			.anyMatch((line) -> line.contains("token: refresh"))
			.anyMatch((line) -> line.startsWith("4 threads read the token while it is replaced"))
			.anyMatch((line) -> line.contains("token sources in one process"))
			.anyMatch((line) -> line.startsWith("| threads iam-datasource-refresher | 1 |"))
			.anyMatch((line) -> line.startsWith("ConnectBenchmark, 1 thread"))
			.anyMatch((line) -> line.startsWith("ConnectBenchmark, 16 thread"))
			.anyMatch((line) -> line.startsWith("| the starter without `sts` |"))
			.anyMatch((line) -> line.startsWith("| WRAPPER | connected |"))
			.anyMatch((line) -> line.startsWith("- STARTER: iam-datasource-refresher"));
	}

}

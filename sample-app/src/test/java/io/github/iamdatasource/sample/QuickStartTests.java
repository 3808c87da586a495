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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The requests of the README's quick start, as they stand there.
 */
@OrdersTest
class QuickStartTests {

	private static final Path CURL = Path.of("/usr/bin/curl");

	@LocalServerPort
	private int port;

	@Test
	void everyRequestOfTheReadmeIsAnswered() throws Exception {
		if (!Files.isExecutable(CURL)) {
			System.out.println("Skipping the requests of the README: there is no " + CURL);
			throw new TestAbortedException("There is no " + CURL);
		}
		List<String> requests = requests();
		assertThat(requests).hasSize(3);
		assertThat(answer(requests.get(0))).contains("\"status\":\"UP\"", "\"tokenAge\":");
		assertThat(answer(requests.get(1))).contains("\"item\":\"tea\"", "\"quantity\":2");
		assertThat(answer(requests.get(2))).startsWith("[").contains("\"item\":\"tea\"");
	}

	private static List<String> requests() throws IOException {
		return Pattern.compile("^curl .*$", Pattern.MULTILINE)
			.matcher(Files.readString(Path.of("../README.md")))
			.results()
			.map((match) -> match.group())
			.toList();
	}

	private String answer(String request) throws IOException, InterruptedException {
		assertThat(request).contains("localhost:8080");
		Process process = new ProcessBuilder("sh", "-c",
				request.replace("localhost:8080", "localhost:" + this.port)
					.replaceFirst("^curl", CURL + " --silent --show-error --fail --noproxy '*' --max-time 60"))
			.redirectErrorStream(true)
			.start();
		try {
			String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).as(answer).isZero();
			return answer;
		}
		finally {
			process.destroyForcibly();
		}
	}

}

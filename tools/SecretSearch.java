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
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Searches everything that a module's tests logged (at TRACE, into {@code test-trace*})
 * and printed (the Surefire reports) for authentication tokens and credentials.
 * <p>
 * Each secret key and session token that the tests use contains {@value #MARKER}, and a
 * token gives itself away by its signature, so nothing has to be listed here.
 */
class SecretSearch {

	/** Part of every secret key and session token in the tests. */
	static final String MARKER = "NeverLogThis";

	static final Pattern SECRET = Pattern.compile(MARKER + "|X-Amz-Signature=[0-9a-fA-F]{16}|X-Amz-Security-Token=[^&\\s]");

	public static void main(String[] args) throws IOException {
		Path target = Path.of(args[0]);
		proveThatItFindsOne();
		Path trace = target.resolve("test-trace.log");
		for (Path log : List.of(trace, target.resolve("test-trace-jul.log"))) {
			if (!Files.exists(log) || Files.size(log) == 0) {
				fail("There is no " + log + ": the tests' logging must write it, or this search proves nothing.");
			}
		}
		List<Path> files = new ArrayList<>(files(target, "test-trace.*"));
		files.addAll(files(target.resolve("surefire-reports"), ".*"));
		long lines = 0;
		boolean traceSeen = false;
		List<String> found = new ArrayList<>();
		for (Path file : files) {
			// Latin 1 reads any bytes.
			try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
				int number = 0;
				for (String line = reader.readLine(); line != null; line = reader.readLine()) {
					number++;
					traceSeen |= line.contains(" TRACE ");
					if (SECRET.matcher(line).find()) {
						found.add(target.relativize(file) + ":" + number);
					}
				}
				lines += number;
			}
		}
		if (!traceSeen) {
			fail("No line of " + trace + " was logged at TRACE: the search proves nothing.");
		}
		if (!found.isEmpty()) {
			fail("A token or credential was logged or printed (the lines are not repeated here):\n  "
					+ String.join("\n  ", found.subList(0, Math.min(20, found.size()))) + "\n  " + found.size()
					+ " lines in all");
		}
		System.out.println("No token and no credential in " + lines + " lines of test output");
	}

	private static List<Path> files(Path folder, String name) throws IOException {
		try (Stream<Path> entries = Files.list(folder)) {
			return entries.filter(Files::isRegularFile)
				.filter((entry) -> entry.getFileName().toString().matches(name))
				.sorted()
				.toList();
		}
	}

	private static void proveThatItFindsOne() {
		for (String planted : List.of("secret " + MARKER, "h:5432/?X-Amz-Signature=0123456789abcdef0123",
				"a&X-Amz-Security-Token=x&b")) {
			if (!SECRET.matcher(planted).find()) {
				fail("The search does not find what it searches for");
			}
		}
	}

	private static void fail(String message) {
		System.err.println(message);
		System.exit(1);
	}

}

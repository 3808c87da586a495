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
package io.github.iamdatasource.documentation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.opentest4j.TestAbortedException;

/**
 * The AWS command line of Debian's package {@code awscli}, which is sent nowhere but to a
 * server of the test's own.
 */
final class AwsCommandLine {

	private static final Path PROGRAM = Path.of(System.getProperty("aws.bin", "/usr/bin/aws"));

	private final FakeAws aws;

	private final Path folder;

	AwsCommandLine(FakeAws aws, Path folder) {
		if (!Files.isExecutable(PROGRAM)) {
			String reason = "Skipping what needs the AWS command line: there is no " + PROGRAM
					+ " (Debian's awscli; -Daws.bin= names another one)";
			System.out.println(reason);
			throw new TestAbortedException(reason);
		}
		this.aws = aws;
		this.folder = folder;
	}

	/**
	 * Run a command as it stands in the documentation.
	 * @param command one that begins with {@code aws}
	 * @return what came of it
	 */
	Result run(String command) throws IOException, InterruptedException {
		Path output = this.folder.resolve("output.txt");
		// Some kinds of the client take no address from the environment.
		ProcessBuilder builder = new ProcessBuilder("sh", "-c",
				command.replaceFirst("^aws ", PROGRAM + " --endpoint-url " + this.aws.url() + " "))
			.directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		Map<String, String> environment = builder.environment();
		environment.keySet().removeIf((name) -> name.startsWith("AWS_") || name.toLowerCase().endsWith("_proxy"));
		environment.putAll(Map.of("HOME", this.folder.toString(), "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
				"AWS_SECRET_ACCESS_KEY", "NeverLogThis", "AWS_DEFAULT_REGION", "eu-west-1", "AWS_PAGER", "",
				"AWS_EC2_METADATA_DISABLED", "true",
				// Nothing else than the server of the test is reached, whatever a command
				// would do.
				"HTTPS_PROXY", "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS", "1"));
		List<String> before = this.aws.actions();
		Process process = builder.start();
		try {
			if (!process.waitFor(2, TimeUnit.MINUTES)) {
				throw new IllegalStateException("It has not ended: " + command);
			}
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
		List<String> all = this.aws.actions();
		return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8).strip(),
				all.subList(before.size(), all.size()));
	}

	/**
	 * What came of a command.
	 *
	 * @param exit 0 if it succeeded
	 * @param output all that it has printed
	 * @param actions what it has asked of AWS
	 */
	record Result(int exit, String output, List<String> actions) {

		/** Also if the command's query leads to nothing in the answer. */
		boolean isGood() {
			return this.exit == 0 && !this.output.equals("None") && !this.output.equals("null");
		}

	}

}

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
package io.github.iamdatasource.emulator;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM of its own with a private folder for temporary files, in which whatever is left
 * behind can be seen.
 */
final class ChildJvm implements AutoCloseable {

	private final Path folder;

	private final Process process;

	private ChildJvm(Path folder, Process process) {
		this.folder = folder;
		this.process = process;
	}

	static ChildJvm start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
		return start(List.of(), folder, environment, arguments);
	}

	static ChildJvm startWithUmask(String umask, Path folder, Map<String, String> environment, String... arguments)
			throws IOException {
		return start(List.of("sh", "-c", "umask " + umask + " && exec \"$@\"", "sh"), folder, environment, arguments);
	}

	private static ChildJvm start(List<String> prefix, Path folder, Map<String, String> environment,
			String... arguments) throws IOException {
		List<String> command = new ArrayList<>(prefix);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.add("-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")));
		// It shares two processors with whatever else is being tested.
		command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
		// What it logs is searched for secrets too.
		command.add("-Dtest.output.folder=" + System.getProperty("test.output.folder", "target"));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(folder.resolve("out").toFile())
			.redirectError(folder.resolve("err").toFile());
		builder.environment().putAll(environment);
		builder.environment().remove("JAVA_TOOL_OPTIONS");
		return new ChildJvm(folder, builder.start());
	}

	static String classPath(String... without) {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> Stream.of(without).noneMatch(entry::contains))
			.reduce((left, right) -> left + File.pathSeparator + right)
			.orElseThrow();
	}

	Process process() {
		return this.process;
	}

	int waitFor() throws InterruptedException {
		if (!this.process.waitFor(120, TimeUnit.SECONDS)) {
			throw new AssertionError("The child did not end");
		}
		return this.process.exitValue();
	}

	String out() throws IOException {
		return Files.readString(this.folder.resolve("out"));
	}

	String err() throws IOException {
		return Files.readString(this.folder.resolve("err"));
	}

	List<String> temporaryFiles() throws IOException {
		try (Stream<Path> files = Files.list(this.folder.resolve("tmp"))) {
			// The JVM's own, if any.
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> !name.startsWith("hsperfdata"))
				.toList();
		}
	}

	@Override
	public void close() {
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
	}

}

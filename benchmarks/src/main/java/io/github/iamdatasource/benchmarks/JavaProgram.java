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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another Java program, run by the same Java.
 */
final class JavaProgram {

	private JavaProgram() {
	}

	/**
	 * Run a program of this class path, which prints where this one does.
	 * @param jvmArguments arguments for its JVM
	 * @param mainClass the program
	 * @param arguments its arguments
	 * @throws IOException if it could not be started
	 * @throws InterruptedException if this thread was interrupted
	 */
	static void run(List<String> jvmArguments, Class<?> mainClass, String... arguments)
			throws IOException, InterruptedException {
		Process process = new ProcessBuilder(
				command(jvmArguments, System.getProperty("java.class.path"), mainClass.getName(), arguments))
			.inheritIO()
			.start();
		try {
			if (process.waitFor() != 0) {
				throw new IllegalStateException(mainClass.getSimpleName() + " failed");
			}
		}
		finally {
			process.destroy();
		}
	}

	static List<String> command(List<String> jvmArguments, String classPath, String mainClass, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(jvmArguments);
		command.addAll(List.of("-cp", classPath, mainClass));
		command.addAll(List.of(arguments));
		return command;
	}

}

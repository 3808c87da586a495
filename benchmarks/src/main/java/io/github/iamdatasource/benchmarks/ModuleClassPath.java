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

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the build has resolved for one of the modules beside this one.
 *
 * @param jars the jars, in Maven's order
 */
record ModuleClassPath(List<Path> jars) {

	/** Where the measured application is, on which other modules depend. */
	private static final String APPLICATION = "startup-password";

	ModuleClassPath {
		jars = List.copyOf(jars);
	}

	/**
	 * Read a class path.
	 * @param module the module's folder, as seen from this module's
	 * @return what it needs at run time, and the measured application if that is the
	 * module
	 * @throws IOException if it has not been built
	 */
	static ModuleClassPath of(String module) throws IOException {
		Path target = modules().resolve(module).resolve("target");
		List<Path> jars = new ArrayList<>();
		if (module.equals(APPLICATION)) {
			jars.add(jar(target));
		}
		Arrays.stream(Files.readString(target.resolve("class-path.txt")).strip().split(File.pathSeparator))
			.map(Path::of)
			.forEach(jars::add);
		return new ModuleClassPath(jars);
	}

	private static Path modules() {
		try {
			Path jar = Path.of(ModuleClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			// benchmarks/target/…
			return jar.getParent().getParent();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Path jar(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter((file) -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
		}
	}

	/**
	 * Return what this class path has and another has not.
	 */
	ModuleClassPath without(ModuleClassPath other) {
		Set<Path> names = other.jars.stream().map(Path::getFileName).collect(Collectors.toSet());
		return new ModuleClassPath(this.jars.stream().filter((jar) -> !names.contains(jar.getFileName())).toList());
	}

	long bytes() throws IOException {
		long bytes = 0;
		for (Path jar : this.jars) {
			bytes += Files.size(jar);
		}
		return bytes;
	}

	@Override
	public String toString() {
		return this.jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
	}

}

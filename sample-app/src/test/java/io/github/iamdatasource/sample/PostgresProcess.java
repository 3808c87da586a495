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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A PostgreSQL server that runs as a child process.
 *
 * @param process the process
 * @param folder where its files are
 */
record PostgresProcess(ProcessHandle process, Path folder) {

	static List<PostgresProcess> children() {
		return children(ProcessHandle.current());
	}

	static List<PostgresProcess> children(ProcessHandle parent) {
		return parent.children().flatMap((child) -> {
			List<String> arguments = List.of(child.info().arguments().orElse(new String[0]));
			int data = arguments.indexOf("-D");
			return (data < 0) ? Stream.empty() : java.util.stream.Stream
				.of(new PostgresProcess(child, Path.of(arguments.get(data + 1)).getParent()));
		}).collect(Collectors.toCollection(ArrayList::new));
	}

}

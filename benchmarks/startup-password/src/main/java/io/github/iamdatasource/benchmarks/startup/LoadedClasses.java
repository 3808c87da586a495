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
package io.github.iamdatasource.benchmarks.startup;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Whose classes a JVM has loaded. A class that was generated for another, such as a
 * lambda's, counts as that one's. The few that it takes to find out are the same in every
 * variant.
 */
enum LoadedClasses {

	/** The AWS SDK. */
	AWS_SDK("software.amazon.awssdk."),

	/** The AWS Advanced JDBC Wrapper. */
	WRAPPER("software.amazon.jdbc."),

	/** This project. */
	IAM_DATASOURCE("io.github.iamdatasource."),

	/** The Java runtime, and what it generates at run time. */
	JDK("java.", "javax.", "jdk.", "sun.", "com.sun."),

	/** Spring and Spring Boot. */
	SPRING("org.springframework."),

	/** All that is left. */
	OTHER("");

	/** The lines and dashes of the tree, then the name, then whose it is. */
	private static final Pattern NAME = Pattern.compile("[| -]*([^/ ]+)/.*");

	private final String[] prefixes;

	LoadedClasses(String... prefixes) {
		this.prefixes = prefixes;
	}

	/**
	 * Tell how many there are of each.
	 * @return pairs of a name and a value, separated by semicolons
	 * @throws JMException if the JVM does not tell
	 */
	static String pairs() throws JMException {
		String tree = (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmClassHierarchy",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		Map<LoadedClasses, Long> counts = tree.lines()
			.map(NAME::matcher)
			.filter((matcher) -> matcher.matches())
			.collect(Collectors.groupingBy((matcher) -> of(matcher.group(1)), TreeMap::new, Collectors.counting()));
		return Arrays.stream(values())
			.map((group) -> "classes_" + group + "=" + counts.getOrDefault(group, 0L))
			.collect(Collectors.joining(";"));
	}

	private static LoadedClasses of(String name) {
		return Arrays.stream(values())
			.filter((group) -> Arrays.stream(group.prefixes).anyMatch(name::startsWith))
			.findFirst()
			.orElse(OTHER);
	}

}

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
package io.github.iamdatasource.integration;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which version of something is used, by the name of the jar that it is loaded from.
 */
final class Versions {

	private static final Pattern IN_FILE_NAME = Pattern.compile("-(\\d+(?:\\.\\w+)*)\\.jar$");

	private Versions() {
	}

	static String of(String className) {
		try {
			URL jar = Class.forName(className, false, Versions.class.getClassLoader())
				.getProtectionDomain()
				.getCodeSource()
				.getLocation();
			return ofJar(Path.of(jar.toURI()));
		}
		catch (ClassNotFoundException | URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static String ofJar(Path jar) {
		Matcher matcher = IN_FILE_NAME.matcher(jar.getFileName().toString());
		if (!matcher.find()) {
			throw new IllegalStateException(jar + " has no version in its name");
		}
		return matcher.group(1);
	}

}

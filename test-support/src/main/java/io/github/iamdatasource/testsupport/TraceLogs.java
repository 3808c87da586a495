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
package io.github.iamdatasource.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Captures whatever is logged during a module's tests, at the finest level, into files
 * that the build searches for secrets afterwards: {@code test-trace.log} is written by
 * Logback, as {@code logback-test.xml} says, and {@code test-trace-jul.log} by
 * {@code java.util.logging}, which pgjdbc uses.
 * <p>
 * A handler of its own, and no bridge into Logback, as Spring Boot takes a bridge away
 * again when an application context is closed.
 */
public final class TraceLogs implements LauncherSessionListener {

	/** System property with the folder to write to, which the build sets. */
	static final String FOLDER = "test.output.folder";

	/** System property with the time at which the build started. */
	static final String STARTED = "test.build.started";

	@Override
	public void launcherSessionOpened(LauncherSession session) {
		String folder = System.getProperty(FOLDER);
		if (folder != null) {
			deleteLogsOfEarlierBuilds(Path.of(folder), Instant.parse(System.getProperty(STARTED)));
			captureJavaUtilLogging(folder);
		}
	}

	private static void deleteLogsOfEarlierBuilds(Path folder, Instant started) {
		try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "test-trace*")) {
			for (Path log : logs) {
				if (Files.getLastModifiedTime(log).toInstant().isBefore(started)) {
					Files.delete(log);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void captureJavaUtilLogging(String folder) {
		Logger root = LogManager.getLogManager().getLogger("");
		for (Handler handler : root.getHandlers()) {
			root.removeHandler(handler);
		}
		try {
			FileHandler handler = new FileHandler(folder + "/test-trace-jul.log", true);
			handler.setLevel(Level.ALL);
			handler.setFormatter(new SimpleFormatter());
			handler.setEncoding("UTF-8");
			root.addHandler(handler);
			root.setLevel(Level.ALL);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

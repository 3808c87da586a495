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
package io.github.iamdatasource.emulator.cli;

import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import io.github.iamdatasource.emulator.RdsIamEmulator;

/**
 * Writes why logins were refused, one line each, and nothing else that is logged.
 */
final class RejectionLog extends Handler {

	/** Kept, because the log manager would forget it. */
	private static final Logger logger = Logger.getLogger(RdsIamEmulator.class.getName());

	private final PrintStream out;

	private RejectionLog(PrintStream out) {
		this.out = out;
	}

	static void writeTo(PrintStream out) {
		LogManager.getLogManager().reset();
		logger.setLevel(Level.FINE);
		logger.addHandler(new RejectionLog(out));
	}

	@Override
	public void publish(LogRecord entry) {
		this.out.println(entry.getMessage());
	}

	@Override
	public void flush() {
		this.out.flush();
	}

	@Override
	public void close() {
		// Standard error is not ours to close.
	}

}

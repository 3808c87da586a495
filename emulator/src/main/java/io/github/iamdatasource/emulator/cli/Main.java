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

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.github.iamdatasource.emulator.EmulatorException;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.emulator.RdsIamEmulatorBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Runs one emulator until the process is told to end.
 */
public final class Main {

	private static final int FAILED = 1;

	private static final int WRONG_USAGE = 2;

	private final PrintStream out;

	private final PrintStream err;

	private @Nullable RdsIamEmulator emulator;

	private volatile boolean stopped;

	Main(PrintStream out, PrintStream err) {
		this.out = out;
		this.err = err;
	}

	/**
	 * The program. It ends with 2 if it was called wrongly and with 1 if it failed.
	 * @param arguments see {@code --help}
	 * @throws InterruptedException never in practice
	 */
	public static void main(String[] arguments) throws InterruptedException {
		RejectionLog.writeTo(System.err);
		Main main = new Main(System.out, System.err);
		// Before the start, which takes seconds: a server must not outlive its emulator.
		Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "rds-iam-emulator-shutdown"));
		int exitCode = main.run(List.of(arguments), System.getenv());
		if (exitCode == 0 && main.isRunning()) {
			new CountDownLatch(1).await();
		}
		System.exit(exitCode);
	}

	int run(List<String> arguments, Map<String, String> environment) {
		if (arguments.contains("--help")) {
			this.out.print(Options.HELP);
			return 0;
		}
		try {
			Options options = Options.parse(arguments, environment);
			start(options.emulator(), options.caFile());
			return 0;
		}
		catch (IllegalArgumentException ex) {
			this.err.println(ex.getMessage());
			this.err.println("Run it with --help to see all options.");
			return WRONG_USAGE;
		}
		catch (EmulatorException ex) {
			this.err.println(ex.getMessage());
		}
		catch (IOException ex) {
			this.err.println("The CA certificate could not be written to the --ca-file: " + ex);
		}
		catch (RuntimeException | LinkageError ex) {
			this.err.println("The emulator could not be started: " + ex);
		}
		return FAILED;
	}

	private synchronized void start(RdsIamEmulatorBuilder builder, Path caFile) throws IOException {
		if (this.stopped) {
			return;
		}
		RdsIamEmulator rds = builder.start();
		this.emulator = rds;
		try {
			announce(rds, caFile);
		}
		catch (IOException | RuntimeException | Error ex) {
			closeAfter(ex);
			throw ex;
		}
	}

	private void announce(RdsIamEmulator rds, Path caFile) throws IOException {
		// Whoever has told it to stop meanwhile waits, and closes it next.
		if (this.stopped) {
			return;
		}
		rds.writeCaCertificate(caFile);
		if (this.stopped) {
			return;
		}
		this.out.println("ready " + rds.hostname() + ":" + rds.port());
		this.out.flush();
	}

	private void closeAfter(Throwable failure) {
		try {
			close();
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
	}

	synchronized boolean isRunning() {
		return this.emulator != null;
	}

	/**
	 * Waits for a start that is under way, which then no longer says that it is ready.
	 */
	void stop() {
		this.stopped = true;
		close();
	}

	private synchronized void close() {
		RdsIamEmulator rds = this.emulator;
		if (rds != null) {
			this.emulator = null;
			rds.close();
		}
	}

}

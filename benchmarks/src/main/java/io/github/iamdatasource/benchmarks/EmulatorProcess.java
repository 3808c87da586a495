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

import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;

/**
 * The emulator in a process of its own, so that nothing it allocates or computes is taken
 * for that of a client. Ends with its standard input, that is with whoever started it.
 */
final class EmulatorProcess {

	static final String READY = "ready ";

	private EmulatorProcess() {
	}

	/**
	 * The program.
	 * @param arguments the file to write the CA certificate to
	 * @throws IOException if it cannot be written
	 */
	public static void main(String[] arguments) throws IOException {
		try (RdsIamEmulator rds = RdsIamEmulator.postgresql()
			.hostname(DatabaseAccess.HOSTNAME)
			.region(DatabaseAccess.REGION)
			.database(DatabaseAccess.DATABASE)
			.user(DatabaseAccess.USERNAME)
			.principal(IamPrincipal.withKeys(DatabaseAccess.ACCESS_KEY_ID, DatabaseAccess.SECRET_ACCESS_KEY)
				.allowedToConnectAs(DatabaseAccess.USERNAME))
			.start()) {
			// Whoever presses Ctrl+C ends this process as well.
			Runtime.getRuntime().addShutdownHook(new Thread(rds::close, "emulator-shutdown"));
			rds.writeCaCertificate(Path.of(arguments[0]));
			System.out.println(READY + rds.port());
			while (System.in.read() >= 0) {
				// Nothing is ever said; what counts is the end.
			}
		}
	}

}

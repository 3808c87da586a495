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
package io.github.iamdatasource.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;

/**
 * An emulated RDS instance with a real server behind it.
 *
 * @param rds the emulator, to which each application adds its own {@link Keys}
 * @param caFile its certificate authority
 */
record Database(RdsIamEmulator rds, Path caFile) implements AutoCloseable {

	/** Leads to this machine by the hosts file that the build sets. */
	static final String HOSTNAME = "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

	static Database start(Engine engine) {
		RdsIamEmulator rds = RdsIamEmulator.of(engine)
			.hostname(HOSTNAME)
			.region("eu-west-1")
			.database("orders")
			.user("app")
			.user("ddl")
			// There has to be somebody.
			.principal(IamPrincipal.withKeys("AKIANOBODY", "NeverLogThis/of-nobody"))
			.start();
		try {
			return new Database(rds, rds.writeCaCertificate(Files.createTempFile("emulator-ca", ".pem")));
		}
		catch (IOException ex) {
			rds.close();
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.rds.close();
		Files.deleteIfExists(this.caFile);
	}

}

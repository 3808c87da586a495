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
package io.github.iamdatasource.emulator;

import java.io.IOException;

import io.github.iamdatasource.emulator.embedded.EmbeddedServer;
import org.jspecify.annotations.Nullable;

/**
 * A running server that the emulator may use.
 *
 * @param host its host
 * @param port its port
 * @param adminUser a user who may create users and databases
 * @param adminPassword the password, or {@code null} if the server asks for none
 * @param stop stops the server when the emulator is closed; does nothing if the server is
 * to stay
 */
public record BackendServer(String host, int port, String adminUser, @Nullable String adminPassword, Runnable stop) {

	/**
	 * Starts an embedded server.
	 * @param product what it is called
	 * @param starter starts it
	 * @throws EmulatorException if it cannot start
	 */
	static BackendServer start(String product, Starter starter) {
		try {
			EmbeddedServer server = starter.start();
			return new BackendServer(EmbeddedServer.HOST, server.port(), server.admin(), server.adminPassword(),
					server::close);
		}
		catch (IOException ex) {
			throw new EmulatorException("The embedded " + product + " could not be started. " + ex.getMessage(), ex);
		}
	}

	@Override
	public String toString() {
		return "BackendServer[" + this.adminUser + "@" + this.host + ":" + this.port + "]";
	}

	/**
	 * Starts an embedded server.
	 */
	interface Starter {

		EmbeddedServer start() throws IOException;

	}

}

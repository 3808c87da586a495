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
package io.github.iamdatasource.emulator.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A genuine MySQL server, unpacked from the class path.
 */
public final class EmbeddedMySql extends MySqlLikeServer {

	private static final SharedBinaries BINARIES = new SharedBinaries(MySqlBinaries.SERVER, TRIAL,
			MySqlBinaries::unpack);

	private EmbeddedMySql() throws IOException {
		super(BINARIES);
	}

	/**
	 * Starts a server.
	 * @return a server that takes logins
	 * @throws IOException if it cannot start, with what to do; nothing is left behind
	 */
	public static EmbeddedMySql start() throws IOException {
		return start(new EmbeddedMySql());
	}

	@Override
	void initialise(Programs programs, Commands commands) throws IOException {
		Path script = Files.writeString(folder().resolve("initialise.sql"),
				"ALTER USER 'root'@'localhost' IDENTIFIED WITH mysql_native_password AS '" + adminPasswordHash()
						+ "';\nRENAME USER 'root'@'localhost' TO '" + ADMIN + "'@'" + HOST + "';\n");
		admit(programs);
		List<String> arguments = commonArguments(programs);
		// It creates a superuser without a password, who is then given one.
		arguments.addAll(List.of("--initialize-insecure", "--init-file=" + script));
		commands.run(MySqlBinaries.SERVER, arguments);
		Files.delete(script);
	}

	@Override
	List<String> arguments(Programs programs, int port) {
		List<String> arguments = serverArguments(programs, port);
		// No second protocol, and no log for replicas.
		arguments.addAll(List.of("--mysqlx=0", "--disable-log-bin"));
		return arguments;
	}

}

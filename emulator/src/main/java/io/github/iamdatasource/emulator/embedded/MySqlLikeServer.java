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
import java.util.ArrayList;
import java.util.List;

import io.github.iamdatasource.emulator.mysql.NativePassword;

/**
 * What MariaDB and MySQL have in common.
 */
abstract class MySqlLikeServer extends EmbeddedServer {

	/** Named as on RDS, where the superuser is Amazon's. */
	static final String ADMIN = "rdsadmin";

	/** Without the machine's own settings. */
	static final List<String> TRIAL = List.of("--no-defaults", "--version");

	MySqlLikeServer(SharedBinaries binaries) throws IOException {
		super(binaries);
	}

	@Override
	public final String admin() {
		return ADMIN;
	}

	/** As the servers keep it, so that no file ever has the password. */
	final String adminPasswordHash() {
		return NativePassword.hash(adminPassword());
	}

	/**
	 * For the server's whole life.
	 */
	List<String> commonArguments(Programs programs) {
		String base = programs.folder().getParent().toString();
		// The data need not survive a crash.
		return new ArrayList<>(List.of("--no-defaults", "--basedir=" + base, "--datadir=" + data(),
				"--lc-messages-dir=" + base + "/share", "--character-sets-dir=" + base + "/share/charsets",
				"--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite",
				"--innodb-use-native-aio=0", "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=64M"));
	}

	final List<String> serverArguments(Programs programs, int port) {
		List<String> arguments = commonArguments(programs);
		// The socket's path is relative to the data, as long paths are not allowed. The
		// front decides how long a login may take.
		arguments.addAll(List.of("--port=" + port, "--bind-address=" + HOST, "--socket=server.sock",
				"--pid-file=server.pid", "--skip-name-resolve", "--skip-ssl", "--connect-timeout=31536000",
				"--max-connections=300", "--max-allowed-packet=64M", "--local-infile=1", "--default-time-zone=+00:00",
				"--character-set-server=utf8mb4"));
		return arguments;
	}

	@Override
	final boolean isReady(Commands commands) throws IOException {
		return commands.output().contains(": ready for connections");
	}

	@Override
	final String portTaken() {
		return "Bind on TCP/IP port";
	}

}

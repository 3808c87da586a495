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
import java.util.ArrayList;
import java.util.List;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * The programs that people type SQL into, where they are installed. They know no other
 * names than those of the machine.
 */
class MySqlCommandLineTests {

	private static Rds rds;

	@BeforeAll
	static void start() {
		rds = SharedRds.startOrSkip(RdsIamEmulator.mariadb()
			.database("orders")
			.user("app")
			.principal(Tokens.PRINCIPAL.allowedToConnectAs("app")));
	}

	@AfterAll
	static void close() throws Exception {
		if (rds != null) {
			rds.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void logsIn(String program) throws Exception {
		assertThat(run(program, Tokens.sign(rds.emulator(), "app"), tls(program))).isEqualTo("0 app@% orders\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void isRefused(String program) throws Exception {
		assertThat(run(program, "password", tls(program)))
			.isEqualTo("1 ERROR 1045 (28000): Access denied for user 'app'@'127.0.0.1' (using password: YES)\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void isRefusedWithoutTls(String program) throws Exception {
		List<String> plaintext = isMariaDb(program) ? List.of("--skip-ssl") : List.of("--ssl-mode=DISABLED");
		assertThat(run(program, "never sent", plaintext)).startsWith("1 ERROR 3159 (HY000): Connections using insecure")
			.doesNotContain("orders");
	}

	private static List<String> tls(String program) throws Exception {
		String ca = "--ssl-ca=" + rds.caFile();
		return isMariaDb(program) ? List.of(ca, "--ssl-verify-server-cert") : List.of(ca, "--ssl-mode=VERIFY_IDENTITY");
	}

	/** Debian's mysql is MariaDB's. */
	private static boolean isMariaDb(String program) throws Exception {
		try {
			Process process = new ProcessBuilder(program, "--version").start();
			return new String(process.getInputStream().readAllBytes()).contains("MariaDB");
		}
		catch (IOException ex) {
			String reason = program + " is not installed";
			System.out.println("Skipped: " + reason);
			return abort(reason);
		}
	}

	private static String run(String program, String token, List<String> tls) throws Exception {
		List<String> command = new ArrayList<>(List.of(program, "--no-defaults", "--protocol=tcp", "--host=localhost",
				"--user=app", "--port=" + rds.emulator().port(), "--enable-cleartext-plugin", "--skip-column-names"));
		command.addAll(tls);
		command.addAll(List.of("--execute=SELECT CONCAT(CURRENT_USER(), ' ', DATABASE())", "orders"));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().put("MYSQL_PWD", token);
		Process process = builder.start();
		String output = new String(process.getInputStream().readAllBytes());
		// MariaDB's client no longer needs the option that MySQL's insists on.
		return process.waitFor() + " " + output.replaceAll("(?m)^WARNING: .*\\R", "");
	}

}

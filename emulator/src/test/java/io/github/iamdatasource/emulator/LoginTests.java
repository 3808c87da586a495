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

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Properties;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LoginTests {

	@TempDir
	static Path folder;

	static RdsIamEmulator rds;

	@BeforeAll
	static void start() throws Exception {
		long t = System.nanoTime();
		rds = RdsIamEmulator.postgresql().user("app").principal(Tokens.PRINCIPAL.allowedToConnectAs("app")).start();
		System.out.println("STARTED " + (System.nanoTime() - t) / 1e6);
		rds.writeCaCertificate(folder.resolve("ca.pem"));
	}

	@AfterAll
	static void stop() {
		rds.close();
	}

	@Test
	void goodTokenLogsIn() throws Exception {
		Properties p = new Properties();
		p.setProperty("user", "app");
		p.setProperty("password", Tokens.sign(rds, "app"));
		p.setProperty("sslmode", "verify-full");
		p.setProperty("sslrootcert", folder.resolve("ca.pem").toString());
		try (Connection c = DriverManager.getConnection(rds.jdbcUrl(), p);
				var s = c.createStatement();
				var r = s.executeQuery("select current_user, upper('ü'), version()")) {
			assertThat(r.next()).isTrue();
			System.out.println(r.getString(1) + r.getString(2) + r.getString(3));
			assertThat(r.getString(1)).isEqualTo("app");
		}
	}

}

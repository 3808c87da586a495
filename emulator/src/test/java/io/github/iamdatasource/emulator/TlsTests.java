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

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import javax.net.ssl.SSLSocket;

import io.github.iamdatasource.emulator.SharedRds.Rds;
import io.github.iamdatasource.emulator.tls.CertificateAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@ExtendWith(SharedRds.class)
class TlsTests {

	@Test
	void unknownAuthorityIsRefusedByTheClient(Rds rds, @TempDir Path folder) throws Exception {
		Path otherCa = Files.writeString(folder.resolve("ca.pem"), new CertificateAuthority().certificatePem());
		long before = rds.emulator().accepted();
		SQLException refused = catchThrowableOfType(SQLException.class,
				() -> rds.connect("app", rds.token("app"), "sslrootcert", otherCa.toString()));
		assertThat(refused.getSQLState()).isEqualTo("08006");
		assertThat(refused.getMessage()).contains("PKIX path");
		assertThat(rds.emulator().accepted()).isEqualTo(before);
	}

	@Test
	void certificateForAnotherNameIsRefusedByTheClient(Rds rds) {
		String url = "jdbc:postgresql://other.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com:" + rds.emulator().port()
				+ "/orders";
		SQLException refused = catchThrowableOfType(SQLException.class,
				() -> rds.connectTo(url, "app", rds.token("app")));
		assertThat(refused.getMessage()).contains("other.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com");
		assertThat(refused.getSQLState()).isEqualTo("08006");
	}

	@Test
	void directTlsLogsIn(Rds rds) throws Exception {
		try (Connection connection = rds.connect("app", rds.token("app"), "sslNegotiation", "direct")) {
			assertThat(LoginTests.query(connection, "SELECT current_user")).isEqualTo("app");
		}
	}

	@Test
	void directTlsHasToNameTheProtocol(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.startTls("postgresql").sendStartup(3 << 16, "user", "app");
			assertThat(client.readMessage()).startsWith("R");
		}
		try (RawClient client = new RawClient(rds.emulator())) {
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> {
				client.startTls().sendStartup(3 << 16, "user", "app");
				client.readMessage();
			});
		}
		try (RawClient client = new RawClient(rds.emulator())) {
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> client.startTls("http/1.1"));
		}
	}

	@Test
	void protocolIsNamedBackAfterAnSslRequestToo(Rds rds) throws Exception {
		try (RawClient client = new RawClient(rds.emulator())) {
			client.sendRequest(RawClient.SSL_REQUEST);
			assertThat(client.read()).isEqualTo('S');
			client.startTls("postgresql");
			SSLSocket socket = (SSLSocket) client.socket();
			assertThat(socket.getApplicationProtocol()).isEqualTo("postgresql");
			assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
		}
	}

}

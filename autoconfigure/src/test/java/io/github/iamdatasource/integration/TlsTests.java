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
package io.github.iamdatasource.integration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.jdbc.IamLoginException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * No token travels outside verified TLS.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class TlsTests {

	private final OrdersDatabase database;

	TlsTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void serverWithoutTlsIsSentNothing() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> refuseTls(server));
			Throwable failure = failure(application().with("iam.datasource.url",
					"jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":" + server.getLocalPort() + "/orders"));
			assertThat(failure).hasStackTraceContaining("The server does not support SSL");
			// Nothing but the eight bytes that ask for TLS.
			assertThat(received.get(10, TimeUnit.SECONDS)).hasSize(8);
		}
	}

	@Test
	void unknownCertificateAuthorityIsSentNothing() {
		assertNothingSent(application().without("iam.datasource.tls.ca-certificates"),
				"no trusted certificate authority vouches for the server's certificate",
				"iam.datasource.tls.ca-certificates");
	}

	@Test
	void anotherServersCertificateIsSentNothing() {
		assertNothingSent(
				application().with("iam.datasource.url",
						"jdbc:postgresql://" + OrdersDatabase.OTHER_HOSTNAME + ":" + this.database.rds().port()
								+ "/orders"),
				"certificate does not name " + OrdersDatabase.OTHER_HOSTNAME, "iam.datasource.hostname");
	}

	@Test
	void anotherServersCertificateIsSentNothingThroughATunnel() {
		assertNothingSent(
				application()
					.with("iam.datasource.url", "jdbc:postgresql://localhost:" + this.database.rds().port() + "/orders")
					.with("iam.datasource.hostname", OrdersDatabase.OTHER_HOSTNAME),
				"certificate does not name " + OrdersDatabase.OTHER_HOSTNAME, "iam.datasource.hostname");
	}

	@Test
	void verifyCaStillWantsAKnownCertificateAuthority() {
		assertNothingSent(
				application().with("iam.datasource.tls.mode", "verify-ca")
					.without("iam.datasource.tls.ca-certificates"),
				"no trusted certificate authority", "iam.datasource.tls.ca-certificates");
	}

	@Test
	void verifyCaTakesAnotherServersCertificate() {
		assertSent(application().with("iam.datasource.tls.mode", "verify-ca")
			.with("iam.datasource.hostname", OrdersDatabase.OTHER_HOSTNAME));
	}

	@Test
	void requireTakesAnyCertificate() {
		assertSent(application().with("iam.datasource.tls.mode", "require")
			.with("iam.datasource.hostname", OrdersDatabase.OTHER_HOSTNAME)
			.without("iam.datasource.tls.ca-certificates"));
	}

	@Test
	void urlMayBeStricterThanTheProperty() {
		assertNothingSent(
				application().with("iam.datasource.tls.mode", "require")
					.with("iam.datasource.url", this.database.rds().jdbcUrl() + "?sslmode=verify-full")
					.without("iam.datasource.tls.ca-certificates"),
				"no trusted certificate authority", "iam.datasource.tls.ca-certificates");
	}

	private Application application() {
		return Application.signingIn(this.database);
	}

	// The token is for another host: that the server says so shows that it was sent.
	private void assertSent(Application application) {
		long rejected = this.database.rds().rejected(Rejection.WRONG_HOST);
		assertThat(failure(application)).hasStackTraceContaining("PAM authentication failed");
		assertThat(this.database.rds().rejected(Rejection.WRONG_HOST)).isGreaterThan(rejected);
	}

	private void assertNothingSent(Application application, String problem, String action) {
		long tokens = this.database.rds().accepted() + this.database.rds().rejected();
		Throwable failure = failure(application);
		assertThat(failure).hasStackTraceContaining(IamLoginException.class.getName())
			.hasStackTraceContaining("No token was sent")
			.hasStackTraceContaining(problem)
			.hasStackTraceContaining(action);
		assertThat(this.database.rds().accepted() + this.database.rds().rejected()).isEqualTo(tokens);
	}

	private static Throwable failure(Application application) {
		try (ConfigurableApplicationContext context = application.run()) {
			return Outsider.sees(catchThrowable(() -> context.getBean(DataSource.class).getConnection()));
		}
	}

	private static byte[] refuseTls(ServerSocket server) {
		try (Socket socket = server.accept()) {
			socket.setSoTimeout(10_000);
			InputStream in = socket.getInputStream();
			byte[] request = in.readNBytes(8);
			socket.getOutputStream().write('N');
			byte[] rest = in.readAllBytes();
			byte[] all = Arrays.copyOf(request, request.length + rest.length);
			System.arraycopy(rest, 0, all, request.length, rest.length);
			return all;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

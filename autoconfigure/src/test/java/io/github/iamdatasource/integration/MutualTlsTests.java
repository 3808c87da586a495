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

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import io.github.iamdatasource.integration.TlsListener.Protocol;
import io.github.iamdatasource.integration.TlsListener.Visit;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A server that wants a certificate of the client is shown one by each driver, whether an
 * SSL bundle has it or the driver's own parameters.
 */
class MutualTlsTests {

	/** Has to be encoded in a URL, except in one of MariaDB's. */
	private static final String PASSWORD = "NeverLogThis/p12=%";

	private FileAuthority authority;

	@TempDir
	private Path folder;

	@BeforeEach
	void writeClient() throws Exception {
		this.authority = new FileAuthority();
		this.authority.writeCertificate(this.folder.resolve("ca.pem"));
		this.authority.writeClient("orders-service", this.folder.resolve("client.crt"),
				this.folder.resolve("client.pk8"));
		this.authority.writeClientKeyStore("orders-service", this.folder.resolve("client.p12"), PASSWORD);
		FileAuthority.pem(this.folder.resolve("client.pk8"), this.folder.resolve("client.key"));
	}

	@ParameterizedTest
	@EnumSource
	void showsTheCertificateOfAPemBundle(Driver driver) throws Exception {
		assertShown(driver,
				application().with("iam.datasource.tls.bundle", "rds")
					.with("spring.ssl.bundle.pem.rds.truststore.certificate", file("ca.pem"))
					.with("spring.ssl.bundle.pem.rds.keystore.certificate", file("client.crt"))
					.with("spring.ssl.bundle.pem.rds.keystore.private-key", file("client.key")),
				Map.of());
	}

	@ParameterizedTest
	@EnumSource
	void showsTheCertificateOfAKeyStoreBundle(Driver driver) throws Exception {
		assertShown(driver, keyStoreBundle().with("spring.ssl.bundle.pem.ca.truststore.certificate", file("ca.pem"))
			.with("iam.datasource.tls.mode", "require"), Map.of());
	}

	private Application keyStoreBundle() {
		return application().with("iam.datasource.tls.bundle", "rds")
			.with("spring.ssl.bundle.jks.rds.keystore.location", file("client.p12"))
			.with("spring.ssl.bundle.jks.rds.keystore.type", "PKCS12")
			.with("spring.ssl.bundle.jks.rds.keystore.password", PASSWORD);
	}

	@ParameterizedTest
	@EnumSource
	void showsTheCertificateThatTheUrlNames(Driver driver) throws Exception {
		assertShown(driver, trusting(), driver.parameters(this.folder, PASSWORD));
	}

	@ParameterizedTest
	@EnumSource
	void hasNothingToShow(Driver driver) throws Exception {
		try (TlsListener listener = listener(driver);
				ConfigurableApplicationContext context = trusting()
					.with("iam.datasource.url", driver.url(listener.port(), Map.of()))
					.run()) {
			MultiHostTests.failure(MultiHostTests.dataSource(context));
			Visit visit = listener.visit();
			assertThat(visit.session()).isNull();
			assertThat(visit.failure()).containsIgnoringCase("certificate");
			assertThat(visit.hasToken()).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource
	void certificateInBothPlaces(Driver driver) {
		assertFails(
				keyStoreBundle().with("iam.datasource.url", driver.url(1, driver.parameters(this.folder, PASSWORD))),
				"while a client certificate is set by iam.datasource.tls.bundle, too", "Keep one of the two");
	}

	@ParameterizedTest
	@EnumSource
	void wrongPasswordOfTheKey(Driver driver) {
		assertFails(
				trusting().with("iam.datasource.url",
						driver.url(1, driver.parameters(this.folder, "NeverLogThis/other"))),
				"client.p12' ", "password");
	}

	@ParameterizedTest
	@EnumSource
	void keyThatIsNotThere(Driver driver) {
		assertFails(
				trusting().with("iam.datasource.url",
						driver.url(1, driver.parameters(this.folder.resolve("none"), PASSWORD))),
				"client.p12' ", "cannot be read", "the user who runs the application may");
	}

	private void assertShown(Driver driver, Application application, Map<String, String> parameters) throws Exception {
		try (TlsListener listener = listener(driver);
				ConfigurableApplicationContext context = application
					.with("iam.datasource.url", driver.url(listener.port(), parameters))
					.run()) {
			assertThat(MultiHostTests.failure(MultiHostTests.dataSource(context)))
				.hasMessageContaining("refused by the test");
			Visit visit = listener.visit();
			assertThat(visit.failure()).isNull();
			assertThat(visit.clientName()).isEqualTo("CN=orders-service");
			assertThat(visit.plain()).doesNotContain("X-Amz");
		}
	}

	private TlsListener listener(Driver driver) throws Exception {
		return TlsListener.wantingCertificates(driver.protocol, this.authority.serverContext(OrdersDatabase.HOSTNAME));
	}

	private static void assertFails(Application application, String... told) {
		Throwable failure = catchThrowable(() -> application.run().close());
		assertThat(failure).isNotNull();
		Outsider.sees(failure);
		FailureAnalysis analysis = Objects.requireNonNull(ReportedAnalyses.take());
		assertThat(analysis.getDescription()).contains("Property: iam.datasource.url");
		assertThat(analysis.getDescription() + System.lineSeparator() + analysis.getAction()).contains(told)
			.doesNotContain("NeverLogThis");
	}

	private Application trusting() {
		return application().with("iam.datasource.tls.ca-certificates", this.folder.resolve("ca.pem").toString());
	}

	private Application application() {
		return Application.unconfigured()
			.with("iam.datasource.username", "app")
			.with("spring.datasource.type", IamDataSource.class.getName());
	}

	private String file(String name) {
		return "file:" + this.folder.resolve(name);
	}

	/**
	 * How a driver is told of a client's certificate.
	 */
	enum Driver {

		/** With the names that MySQL's driver has for the parameters. */
		MARIADB_AS_MYSQL(Protocol.MYSQL) {

			@Override
			Map<String, String> parameters(Path folder, String password) {
				return Map.of("clientCertificateKeyStoreUrl", folder.resolve("client.p12").toString(),
						"clientCertificateKeyStorePassword", password);
			}

			@Override
			String encode(String value) {
				return value;
			}

		},

		POSTGRESQL(Protocol.POSTGRESQL) {

			@Override
			Map<String, String> parameters(Path folder, String password) {
				return Map.of("sslkey", folder.resolve("client.p12").toString(), "sslpassword", password);
			}

		},

		MYSQL(Protocol.MYSQL) {

			@Override
			Map<String, String> parameters(Path folder, String password) {
				return Map.of("clientCertificateKeyStoreUrl", "file:" + folder.resolve("client.p12"),
						"clientCertificateKeyStoreType", "PKCS12", "clientCertificateKeyStorePassword", password);
			}

		},

		MARIADB(Protocol.MYSQL) {

			@Override
			Map<String, String> parameters(Path folder, String password) {
				return Map.of("keyStore", folder.resolve("client.p12").toString(), "keyStorePassword", password);
			}

			@Override
			String encode(String value) {
				return value;
			}

		};

		private final Protocol protocol;

		Driver(Protocol protocol) {
			this.protocol = protocol;
		}

		abstract Map<String, String> parameters(Path folder, String password);

		String encode(String value) {
			return URLEncoder.encode(value, StandardCharsets.UTF_8);
		}

		String url(int port, Map<String, String> parameters) {
			String query = parameters.entrySet()
				.stream()
				.map((parameter) -> parameter.getKey() + "=" + encode(parameter.getValue()))
				.collect(Collectors.joining("&"));
			return "jdbc:" + name().toLowerCase(Locale.ROOT).replace("_as_mysql", "") + "://" + OrdersDatabase.HOSTNAME
					+ ":" + port + "/orders?" + query;
		}

	}

}

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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.integration.TlsListener.Protocol;
import io.github.iamdatasource.integration.TlsListener.Visit;
import io.github.iamdatasource.integration.TwoHosts.Logins;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Spring Boot's SSL bundles say whom to trust. Two hosts have certificates of different
 * authorities, so that the one that is logged in at tells which of them is trusted.
 */
class TlsBundleTests {

	private static final String PASSWORD = "NeverLogThis/store";

	private static final String PEM = "spring.ssl.bundle.pem.rds.truststore.certificate";

	private static final String JKS = "spring.ssl.bundle.jks.rds.truststore.";

	@RegisterExtension
	private static final TwoHostsExtension both = new TwoHostsExtension(Engine.POSTGRESQL);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@TempDir
	private Path folder;

	/** Not before the application has started, as that sets up logging anew. */
	private void listen() {
		this.log.start();
		logger().addAppender(this.log);
	}

	@AfterEach
	void end() {
		logger().detachAppender(this.log);
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger("io.github.iamdatasource.autoconfigure.TlsSettingsFactory");
	}

	@Test
	void signsInWithAPemBundle() throws IOException, SQLException {
		try (ConfigurableApplicationContext context = application().with(PEM, pem(hosts().first())).run()) {
			MultiHostTests.logIn(MultiHostTests.dataSource(context));
			assertThat(logins()).isEqualTo(new Logins(1, 0, 0, 0));
		}
	}

	@Test
	void trustsTheBundleAlone() throws IOException, SQLException {
		try (ConfigurableApplicationContext context = application().with(PEM, pem(hosts().second())).run()) {
			MultiHostTests.logIn(MultiHostTests.dataSource(context));
			assertThat(logins()).isEqualTo(new Logins(0, 0, 1, 0));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "JKS", "PKCS12" })
	void signsInWithAKeyStoreBundle(String type) throws Exception {
		try (ConfigurableApplicationContext context = keyStore(trustStore(type, hosts().first()), type, PASSWORD)
			.run()) {
			MultiHostTests.logIn(MultiHostTests.dataSource(context));
			assertThat(logins()).isEqualTo(new Logins(1, 0, 0, 0));
		}
	}

	@Test
	void bundleWithoutATrustStoreLeavesTheDefaultInForce() throws Exception {
		FileAuthority authority = new FileAuthority();
		authority.writeClient("orders-service", this.folder.resolve("client.crt"), this.folder.resolve("client.pk8"));
		Path key = FileAuthority.pem(this.folder.resolve("client.pk8"), this.folder.resolve("client.key"));
		try (ConfigurableApplicationContext context = application()
			.with("spring.ssl.bundle.pem.rds.keystore.certificate", "file:" + this.folder.resolve("client.crt"))
			.with("spring.ssl.bundle.pem.rds.keystore.private-key", "file:" + key)
			.run()) {
			assertThat(MultiHostTests.failure(MultiHostTests.dataSource(context))).isInstanceOf(IamLoginException.class)
				.hasMessageContaining("no trusted certificate authority");
			assertThat(logins().all()).isZero();
		}
	}

	@Test
	void optionsOfTheBundleAreInForce() throws Exception {
		FileAuthority authority = new FileAuthority();
		Path caFile = this.folder.resolve("ca.pem");
		authority.writeCertificate(caFile);
		try (TlsListener listener = TlsListener.refusing(Protocol.POSTGRESQL,
				authority.serverContext(OrdersDatabase.HOSTNAME), "refused by the test");
				ConfigurableApplicationContext context = application()
					.with("iam.datasource.url",
							"jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":" + listener.port() + "/orders")
					.with(PEM, "file:" + caFile)
					.with("spring.ssl.bundle.pem.rds.options.enabled-protocols", "TLSv1.2")
					.with("spring.ssl.bundle.pem.rds.options.ciphers", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
					.run()) {
			MultiHostTests.failure(MultiHostTests.dataSource(context));
			Visit visit = listener.visit();
			assertThat(visit.failure()).isNull();
			assertThat(visit.session().getProtocol()).isEqualTo("TLSv1.2");
			assertThat(visit.session().getCipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
		}
	}

	@Test
	void newConnectionsFollowTheBundleWhenItIsReloaded() throws IOException, SQLException {
		try (ConfigurableApplicationContext context = reloading().run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			MultiHostTests.logIn(dataSource);
			assertThat(logins()).isEqualTo(new Logins(1, 0, 0, 0));
			listen();
			replace(hosts().second().caCertificatePem());
			awaitLog(Level.INFO, "New connections are verified with the reloaded SSL bundle 'rds'");
			MultiHostTests.logIn(dataSource);
			assertThat(logins()).isEqualTo(new Logins(1, 0, 1, 0));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "NeverLogThis, and no certificate either",
			"-----BEGIN CERTIFICATE-----\nTmV2ZXJMb2dUaGlz\n-----END CERTIFICATE-----\n" })
	void bundleThatIsCorruptWhenItIsReloadedLeavesTheOldOneInForce(String content) throws IOException, SQLException {
		try (ConfigurableApplicationContext context = reloading().run()) {
			IamDataSource dataSource = MultiHostTests.dataSource(context);
			listen();
			replace(content);
			awaitLog(Level.ERROR, "SSL bundle 'rds' was reloaded but cannot be used");
			MultiHostTests.logIn(dataSource);
			assertThat(logins()).isEqualTo(new Logins(1, 0, 0, 0));
			// And is followed again when it is whole.
			replace(hosts().second().caCertificatePem());
			awaitLog(Level.INFO, "New connections are verified with the reloaded SSL bundle 'rds'");
			MultiHostTests.logIn(dataSource);
			assertThat(logins()).isEqualTo(new Logins(1, 0, 1, 0));
		}
	}

	private Application reloading() throws IOException {
		return application().with(PEM, pem(hosts().first()))
			.with("spring.ssl.bundle.pem.rds.reload-on-update", "true")
			.with("spring.ssl.bundle.watch.file.quiet-period", "50ms");
	}

	/** At once, as whoever renews certificates should do it. */
	private void replace(String content) throws IOException {
		Path written = Files.writeString(this.folder.resolve("ca.pem.new"), content);
		Files.move(written, this.folder.resolve("ca.pem"), StandardCopyOption.ATOMIC_MOVE);
	}

	private void awaitLog(Level level, String message) {
		Awaitility.await()
			.until(() -> List.copyOf(this.log.list)
				.stream()
				.anyMatch((event) -> event.getLevel() == level && event.getFormattedMessage().contains(message)));
	}

	@Test
	void bundleThatThereIsNot() throws IOException {
		assertFails(application().with("iam.datasource.tls.bundle", "rsd").with(PEM, pem(hosts().first())), "rsd",
				"There is no SSL bundle of this name", "spring.ssl.bundle.pem.rsd.truststore.certificate",
				"name one of those that there are: rds");
	}

	@Test
	void noBundleAtAll() {
		assertFails(application(), "rds", "There is no SSL bundle of this name",
				"spring.ssl.bundle.pem.rds.truststore.certificate");
	}

	@Test
	void bundleTogetherWithCertificateAuthorities() throws IOException {
		assertFails(
				application().with(PEM, pem(hosts().first()))
					.with("iam.datasource.tls.ca-certificates", hosts().caFile().toString()),
				"rds", "named by iam.datasource.tls.ca-certificates as well", "Keep one of the two");
	}

	@Test
	void bundleTogetherWithCertificateAuthoritiesInTheUrl() throws IOException {
		Throwable failure = catchThrowable(application().with(PEM, pem(hosts().first()))
			.with("iam.datasource.url", hosts().url("postgresql", "sslrootcert=" + hosts().caFile()))::run);
		assertThat(Outsider.sees(failure)).isNotNull();
		FailureAnalysis analysis = Objects.requireNonNull(ReportedAnalyses.take());
		assertThat(analysis.getDescription()).contains("Property: iam.datasource.url", "parameter 'sslrootcert'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "NeverLogThis, and no certificate either",
			"-----BEGIN CERTIFICATE-----\nTmV2ZXJMb2dUaGlz\n-----END CERTIFICATE-----\n" })
	void corruptPem(String content) throws IOException {
		Path file = Files.writeString(this.folder.resolve("ca.pem"), content);
		assertFails(application().with(PEM, "file:" + file), "rds", "The SSL bundle cannot be used",
				"Check spring.ssl.bundle.*");
	}

	@Test
	void missingPem() {
		assertFails(application().with(PEM, "file:" + this.folder.resolve("none.pem")), "rds",
				"The SSL bundle cannot be used", "Check spring.ssl.bundle.*");
	}

	@Test
	void corruptKeyStore() throws IOException {
		Path file = Files.writeString(this.folder.resolve("trust.p12"), "NeverLogThis, and no key store either");
		assertFails(keyStore(file, "PKCS12", PASSWORD), "rds", "The SSL bundle cannot be used",
				"Check spring.ssl.bundle.*");
	}

	@Test
	void wrongPasswordOfTheKeyStore() throws Exception {
		assertFails(keyStore(trustStore("PKCS12", hosts().first()), "PKCS12", "NeverLogThis/other"), "rds",
				"The SSL bundle cannot be used", "their passwords");
	}

	@Test
	void emptyTrustStore() throws Exception {
		assertFails(keyStore(trustStore("PKCS12"), "PKCS12", PASSWORD), "rds", "Its trust store holds no certificates.",
				"leave it out to trust those of the JDK");
	}

	@Test
	void protocolThatTheJdkDoesNotKnow() throws IOException {
		assertFails(
				application().with(PEM, pem(hosts().first()))
					.with("spring.ssl.bundle.pem.rds.options.enabled-protocols", "TLSv9"),
				"rds", "version of TLS 'TLSv9'", "TLSv1.3");
	}

	private static Application application() {
		return hosts().application(hosts().url("postgresql", "hostRecheckSeconds=0"))
			.without("iam.datasource.tls.ca-certificates")
			.with("iam.datasource.tls.bundle", "rds");
	}

	private static Application keyStore(Path file, String type, String password) {
		return application().with(JKS + "location", "file:" + file)
			.with(JKS + "type", type)
			.with(JKS + "password", password);
	}

	private String pem(RdsIamEmulator rds) throws IOException {
		return "file:" + rds.writeCaCertificate(this.folder.resolve("ca.pem"));
	}

	private Path trustStore(String type, RdsIamEmulator... trusted) throws IOException, GeneralSecurityException {
		KeyStore keyStore = KeyStore.getInstance(type);
		keyStore.load(null, null);
		for (RdsIamEmulator rds : trusted) {
			keyStore.setCertificateEntry(rds.hostname(),
					CertificateFactory.getInstance("X.509")
						.generateCertificate(
								new ByteArrayInputStream(rds.caCertificatePem().getBytes(StandardCharsets.US_ASCII))));
		}
		Path file = this.folder.resolve("trust-store");
		try (OutputStream out = Files.newOutputStream(file)) {
			keyStore.store(out, PASSWORD.toCharArray());
		}
		return file;
	}

	private static void assertFails(Application application, String bundle, String... told) {
		Throwable failure = catchThrowable(() -> application.run().close());
		assertThat(failure).isNotNull();
		Outsider.sees(failure);
		FailureAnalysis analysis = ReportedAnalyses.take();
		assertThat(analysis).as("explanation of " + failure).isNotNull();
		assertThat(analysis.getDescription()).contains("Property: iam.datasource.tls.bundle", "Value: " + bundle);
		assertThat(analysis.getDescription() + System.lineSeparator() + analysis.getAction()).contains(told);
	}

	private static TwoHosts hosts() {
		return both.hosts();
	}

	private static Logins logins() {
		return both.logins();
	}

}

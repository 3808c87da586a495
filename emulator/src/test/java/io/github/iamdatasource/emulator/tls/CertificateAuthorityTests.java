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
package io.github.iamdatasource.emulator.tls;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CertificateAuthorityTests {

	private static final String LONG_NAME = "a".repeat(63)
			+ ".cluster-ro-c1a2b3c4d5e6.ap-southeast-1.rds.amazonaws.com";

	private final CertificateAuthority authority;

	CertificateAuthorityTests() throws Exception {
		this.authority = new CertificateAuthority();
	}

	@Test
	void authorityMayOnlyIssueCertificates() throws Exception {
		X509Certificate certificate = parse(this.authority.certificatePem());
		certificate.verify(certificate.getPublicKey());
		certificate.checkValidity();
		assertThat(certificate.getBasicConstraints()).isZero();
		assertThat(certificate.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false,
				false);
		assertThat(certificate.getExtensionValue("2.5.29.14")).isNotNull();
		assertThat(certificate.getNotAfter()).isBefore(Instant.now().plus(Duration.ofDays(31)));
	}

	@Test
	void authoritiesAreNotMistakenForEachOther() throws Exception {
		X509Certificate certificate = parse(this.authority.certificatePem());
		X509Certificate other = parse(new CertificateAuthority().certificatePem());
		assertThat(certificate.getSubjectX500Principal()).isNotEqualTo(other.getSubjectX500Principal());
	}

	@ParameterizedTest
	@CsvSource({ "localhost,2", "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com,2", "127.0.0.1,7" })
	void serverCertificateHasTheHostNameAsAlternativeName(String hostname, int kind) throws Exception {
		X509Certificate certificate = handshake(this.authority, hostname, hostname);
		assertThat(List.copyOf(certificate.getSubjectAlternativeNames())).isEqualTo(List.of(List.of(kind, hostname)));
		assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
		assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
		assertThat(certificate.getKeyUsage()).startsWith(true, false);
		assertThat(certificate.getExtensionValue("2.5.29.35")).isNotNull();
	}

	@Test
	void longHostNamesArePossible() throws Exception {
		assertThat(handshake(this.authority, LONG_NAME, LONG_NAME)).isNotNull();
	}

	@Test
	void clientRefusesAnotherName() {
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> handshake(this.authority, "localhost", "127.0.0.1"));
	}

	@Test
	void clientRefusesAnotherAuthority() {
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> handshake(new CertificateAuthority(), "localhost", "localhost"));
	}

	/** What the server shows to a client that trusts this test's authority only. */
	private X509Certificate handshake(CertificateAuthority issuer, String hostname, String expected) throws Exception {
		SSLContext server = issuer.serverContext(hostname);
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("ca", parse(this.authority.certificatePem()));
		TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
		trustManagers.init(trusted);
		SSLContext client = SSLContext.getInstance("TLS");
		client.init(null, trustManagers.getTrustManagers(), null);
		InetAddress loopback = InetAddress.getByName("127.0.0.1");
		try (ServerSocket listener = server.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
			CompletableFuture.runAsync(() -> {
				try (SSLSocket accepted = (SSLSocket) listener.accept()) {
					accepted.startHandshake();
				}
				catch (Exception ex) {
					// The client tells what is wrong.
				}
			});
			try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
				.createSocket(new Socket(loopback, listener.getLocalPort()), expected, listener.getLocalPort(), true)) {
				SSLParameters parameters = socket.getSSLParameters();
				parameters.setEndpointIdentificationAlgorithm("HTTPS");
				socket.setSSLParameters(parameters);
				socket.startHandshake();
				return (X509Certificate) socket.getSession().getPeerCertificates()[0];
			}
		}
	}

	private static X509Certificate parse(String pem) throws Exception {
		return (X509Certificate) CertificateFactory.getInstance("X.509")
			.generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
	}

}

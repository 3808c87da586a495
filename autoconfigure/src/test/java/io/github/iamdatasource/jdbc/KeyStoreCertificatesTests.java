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
package io.github.iamdatasource.jdbc;

import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link KeyStoreCertificates}, and for the parameters of URLs that name a key
 * store.
 */
class KeyStoreCertificatesTests {

	private static final char[] PASSWORD = "changeit".toCharArray();

	private final KeyPair issuerKeys = newKeys();

	private final X509Certificate issuer = issue("CN=Issuer", this.issuerKeys);

	private final KeyPair ownKeys = newKeys();

	private final X509Certificate own = issue("CN=Own", this.ownKeys);

	private final X509Certificate trusted = issue("CN=Trusted", newKeys());

	private final KeyStore keyStore = KeyStore.getInstance("PKCS12");

	@TempDir
	private Path folder;

	KeyStoreCertificatesTests() throws Exception {
		this.keyStore.load(null, null);
	}

	@Test
	void takesTrustedCertificatesAndTheFirstOfEachChainAsTheJdkDoes() throws Exception {
		trustOne();
		addKey();
		this.keyStore.setEntry("secret", new KeyStore.SecretKeyEntry(new SecretKeySpec(new byte[16], "AES")),
				new KeyStore.PasswordProtection(PASSWORD));
		List<X509Certificate> certificates = KeyStoreCertificates.trusted(this.keyStore);
		assertThat(certificates).containsExactlyInAnyOrder(this.trusted, this.own);
		TrustManagerFactory jdk = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		jdk.init(this.keyStore);
		assertThat(((X509TrustManager) jdk.getTrustManagers()[0]).getAcceptedIssuers())
			.containsExactlyInAnyOrderElementsOf(certificates);
	}

	@Test
	void emptyKeyStoreHasNone() throws Exception {
		assertThat(KeyStoreCertificates.trusted(this.keyStore)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql://h/db?trustCertificateKeyStorePassword=changeit&trustCertificateKeyStoreUrl=",
			"mariadb://h/db?trustStorePassword=changeit&trustStore=" })
	void parameterMeansWhatItMeansToTheDriver(String url) throws Exception {
		trustOne();
		addKey();
		assertThat(profile("jdbc:" + url + stored()).tls().trustedCertificates())
			.containsExactlyInAnyOrder(this.trusted, this.own);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql://h/db?trustCertificateKeyStorePassword=changeit&trustCertificateKeyStoreUrl=",
			"mariadb://h/db?trustStorePassword=changeit&trustStore=" })
	void refusesAKeyStoreWithoutCertificates(String url) throws Exception {
		Path location = stored();
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> profile("jdbc:" + url + location))
			.withMessageContaining("holds no certificates");
	}

	private void trustOne() throws Exception {
		this.keyStore.setCertificateEntry("trusted", this.trusted);
	}

	private void addKey() throws Exception {
		this.keyStore.setKeyEntry("own", this.ownKeys.getPrivate(), PASSWORD,
				new Certificate[] { this.own, this.issuer });
	}

	private Path stored() throws Exception {
		Path file = this.folder.resolve("store.p12");
		try (OutputStream out = Files.newOutputStream(file)) {
			this.keyStore.store(out, PASSWORD);
		}
		return file;
	}

	private static DriverProfile profile(String url) {
		return DriverUrl.parse(url).profile(new TlsSettings(TlsMode.VERIFY_FULL, List.of()));
	}

	private static KeyPair newKeys() throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(256);
		return generator.generateKeyPair();
	}

	private X509Certificate issue(String subject, KeyPair keys) throws Exception {
		Instant now = Instant.now();
		return new JcaX509CertificateConverter()
			.getCertificate(new JcaX509v3CertificateBuilder(new X500Name("CN=Issuer"), BigInteger.ONE, Date.from(now),
					Date.from(now.plus(Duration.ofDays(1))), new X500Name(subject), keys.getPublic())
				.build(new JcaContentSignerBuilder("SHA256withECDSA").build(this.issuerKeys.getPrivate())));
	}

}

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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PemCertificates}.
 */
class PemCertificatesTests {

	private final List<X509Certificate> amazonRds = PemCertificates.amazonRds();

	@Test
	void shipsCertificateAuthoritiesOfAmazonOnly() {
		assertThat(this.amazonRds).hasSize(92).allSatisfy((certificate) -> {
			String subject = certificate.getSubjectX500Principal().getName();
			assertThat(subject).matches(".*(CN=Amazon RDS [a-zA-Z0-9 -]+ Root CA (RSA2048|RSA4096|ECC384) G1"
					+ "|CN=Amazon Root CA [1-4]|CN=Starfield Services Root Certificate Authority - G2).*");
			assertThat(certificate.getBasicConstraints()).as("certificate authority").isNotNegative();
			assertThat(certificate.getIssuerX500Principal()).isEqualTo(certificate.getSubjectX500Principal());
			certificate.verify(certificate.getPublicKey());
		});
	}

	@Test
	void knowsThoseThatVouchForDatabasesAlone() {
		assertThat(PemCertificates.amazonRdsOnly()).hasSize(this.amazonRds.size() - 5)
			.allSatisfy((certificate) -> assertThat(certificate.getSubjectX500Principal().getName())
				.contains("CN=Amazon RDS "));
	}

	@Test
	void shipsNoneThatHadExpiredWhenTheyWereCollected() {
		assertThat(this.amazonRds).allSatisfy((certificate) -> assertThat(certificate.getNotAfter().toInstant())
			.isAfter(Instant.parse("2037-01-01T00:00:00Z")));
	}

	@Test
	void shipsEachOnceAndForEveryKeyTypeOfARegion() {
		Set<String> fingerprints = this.amazonRds.stream()
			.map(PemCertificatesTests::sha256)
			.collect(Collectors.toSet());
		assertThat(fingerprints).hasSameSizeAs(this.amazonRds);
		assertThat(this.amazonRds.stream().map((certificate) -> certificate.getSubjectX500Principal().getName()))
			.filteredOn((subject) -> subject.contains("Amazon RDS eu-west-1 "))
			.hasSize(3);
	}

	@Test
	void shipsWhatAmazonPublishesAsTheRootsOfRdsProxy() {
		// As listed by Amazon Trust Services.
		assertThat(this.amazonRds.stream().map(PemCertificatesTests::sha256)).contains(
				"8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
				"1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
				"18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
				"e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092");
	}

	@Test
	void readsAFileOfSeveral(@TempDir Path folder) throws IOException {
		Path file = folder.resolve("ca.pem");
		try (var resource = PemCertificates.class.getResourceAsStream("rds-root-certificates.pem")) {
			Files.copy(resource, file);
		}
		assertThat(PemCertificates.read(file.toString())).isEqualTo(this.amazonRds);
	}

	@Test
	void saysThatAFileIsMissing(@TempDir Path folder) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> PemCertificates.read(folder.resolve("missing.pem").toString()))
			.withMessageContaining("missing.pem' cannot be read")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("Check the path"));
	}

	@Test
	void saysThatAFileHoldsNoCertificates(@TempDir Path folder) throws IOException {
		for (String content : List.of("", "hello\n",
				"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")) {
			Path file = Files.writeString(folder.resolve("not.pem"), content);
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(() -> PemCertificates.read(file.toString()))
				.withMessageContaining("holds no X.509 certificates in PEM form");
		}
	}

	private static String sha256(X509Certificate certificate) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
		}
		catch (java.security.GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

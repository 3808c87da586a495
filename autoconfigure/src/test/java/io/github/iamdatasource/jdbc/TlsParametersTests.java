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

import java.util.List;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for which TLS settings each driver's URL may have. How a server is verified is
 * shown against the emulator.
 */
class TlsParametersTests {

	private static final String POSTGRESQL = "jdbc:postgresql://db.example.com/orders?";

	private static final String MYSQL = "jdbc:mysql://db.example.com/orders?";

	private static final String MARIADB = "jdbc:mariadb://db.example.com/orders?";

	@ParameterizedTest
	@CsvSource({ "VERIFY_FULL, sslmode=verify-ca", "VERIFY_FULL, sslmode=require", "VERIFY_FULL, sslmode=prefer",
			"VERIFY_FULL, sslmode=allow", "VERIFY_FULL, sslmode=disable", "VERIFY_FULL, sslmode=nonsense",
			"VERIFY_FULL, sslmode=", "VERIFY_FULL, ssl=false", "VERIFY_CA, sslmode=require",
			"VERIFY_CA, sslmode=disable", "REQUIRE, sslmode=prefer", "REQUIRE, sslmode=disable", "REQUIRE, ssl=false" })
	void postgreSqlRefusesAUrlThatIsNotAsStrict(TlsMode mode, String parameter) {
		assertNotAsStrict(POSTGRESQL, mode, parameter);
	}

	@ParameterizedTest
	@CsvSource({ "VERIFY_FULL, sslMode=VERIFY_CA", "VERIFY_FULL, sslMode=REQUIRED", "VERIFY_FULL, sslMode=PREFERRED",
			"VERIFY_FULL, sslMode=DISABLED", "VERIFY_FULL, sslMode=nonsense", "VERIFY_FULL, useSSL=false",
			"VERIFY_FULL, requireSSL=false", "VERIFY_FULL, verifyServerCertificate=false",
			"VERIFY_CA, sslMode=required", "VERIFY_CA, verifyServerCertificate=false", "REQUIRE, sslMode=PREFERRED",
			"REQUIRE, sslMode=DISABLED", "REQUIRE, useSSL=false" })
	void mySqlRefusesAUrlThatIsNotAsStrict(TlsMode mode, String parameter) {
		assertNotAsStrict(MYSQL, mode, parameter);
	}

	@ParameterizedTest
	@CsvSource({ "VERIFY_FULL, sslMode=verify-ca", "VERIFY_FULL, sslMode=trust", "VERIFY_FULL, sslMode=disable",
			"VERIFY_FULL, sslMode=REQUIRED", "VERIFY_FULL, sslMode=0", "VERIFY_FULL, useSsl=false",
			"VERIFY_FULL, trustServerCertificate=true", "VERIFY_FULL, disableSslHostnameVerification=true",
			"VERIFY_CA, trustServerCertificate=1", "VERIFY_CA, sslMode=trust", "REQUIRE, sslMode=disable",
			"REQUIRE, useSsl=false" })
	void mariaDbRefusesAUrlThatIsNotAsStrict(TlsMode mode, String parameter) {
		assertNotAsStrict(MARIADB, mode, parameter);
	}

	@ParameterizedTest
	@CsvSource({ "VERIFY_FULL, sslmode=verify-full, VERIFY_FULL", "VERIFY_FULL, sslmode=VERIFY-FULL, VERIFY_FULL",
			"VERIFY_CA, sslmode=verify-ca, VERIFY_CA", "VERIFY_FULL, ssl=true, VERIFY_FULL",
			"VERIFY_FULL, ssl=, VERIFY_FULL", "VERIFY_FULL, gssEncMode=disable, VERIFY_FULL",
			"VERIFY_FULL, sslNegotiation=direct, VERIFY_FULL", "VERIFY_CA, sslmode=verify-full, VERIFY_FULL",
			"REQUIRE, sslmode=require, REQUIRE", "REQUIRE, sslmode=verify-ca, VERIFY_CA",
			"REQUIRE, ssl=true, VERIFY_FULL", "REQUIRE, ssl=, VERIFY_FULL", "REQUIRE, ApplicationName=a, REQUIRE",
			"REQUIRE, ssl=true&sslmode=require, REQUIRE" })
	void postgreSqlUrlMayAskForMore(TlsMode mode, String parameter, TlsMode effective) {
		assertThat(tls(POSTGRESQL + parameter, mode).mode()).isEqualTo(effective);
	}

	@ParameterizedTest
	@CsvSource({ "VERIFY_FULL, sslMode=VERIFY_IDENTITY, VERIFY_FULL", "VERIFY_FULL, useSSL=true, VERIFY_FULL",
			"VERIFY_FULL, useSSL=true&requireSSL=true&verifyServerCertificate=true, VERIFY_FULL",
			"VERIFY_CA, sslMode=verify_ca, VERIFY_CA", "VERIFY_CA, sslMode=VERIFY_IDENTITY, VERIFY_FULL",
			"REQUIRE, sslMode=VERIFY_CA, VERIFY_CA", "REQUIRE, sslMode=REQUIRED, REQUIRE",
			"REQUIRE, verifyServerCertificate=false, REQUIRE", "REQUIRE, connectTimeout=1, REQUIRE" })
	void mySqlUrlMayAskForMore(TlsMode mode, String parameter, TlsMode effective) {
		assertThat(tls(MYSQL + parameter, mode).mode()).isEqualTo(effective);
	}

	@ParameterizedTest
	@CsvSource({ "VERIFY_FULL, sslMode=verify-full, VERIFY_FULL", "VERIFY_FULL, sslMode=VERIFY_IDENTITY, VERIFY_FULL",
			"VERIFY_FULL, sslMode=true, VERIFY_FULL", "VERIFY_FULL, useSsl=true, VERIFY_FULL",
			"VERIFY_FULL, useSsl, VERIFY_FULL", "VERIFY_FULL, trustServerCertificate=false, VERIFY_FULL",
			"VERIFY_CA, disableSslHostnameVerification=true, VERIFY_CA", "VERIFY_CA, sslMode=verify-full, VERIFY_FULL",
			"REQUIRE, sslMode=trust, REQUIRE", "REQUIRE, sslMode=verify-ca, VERIFY_CA",
			"REQUIRE, connectTimeout=1, REQUIRE" })
	void mariaDbUrlMayAskForMore(TlsMode mode, String parameter, TlsMode effective) {
		assertThat(tls(MARIADB + parameter, mode).mode()).isEqualTo(effective);
	}

	@ParameterizedTest
	@ValueSource(strings = { POSTGRESQL, MYSQL, MARIADB })
	void refusesCertificateAuthoritiesThatNobodyWouldLookAt(String url) {
		TlsSettings tls = new TlsSettings(TlsMode.REQUIRE, List.of(PemCertificates.amazonRds().get(0)));
		assertRefused(url, tls).withMessageContaining("none would be looked at");
	}

	@ParameterizedTest
	@CsvSource({ POSTGRESQL + "sslrootcert=/does/not/exist.pem", MARIADB + "serverSslCert=/does/not/exist.pem",
			MARIADB + "serverSslCert=file:/does/not/exist.pem",
			MYSQL + "trustCertificateKeyStoreUrl=/does/not/exist.pem",
			MYSQL + "trustCertificateKeyStoreUrl=file:/does/not/exist.pem", MARIADB + "trustStore=/does/not/exist.pem",
			MARIADB + "trustCertificateKeyStoreUrl=/does/not/exist.pem",
			MYSQL + "clientCertificateKeyStoreUrl=/does/not/exist.pem", MARIADB + "keyStore=/does/not/exist.pem",
			POSTGRESQL + "sslcert=/a&sslkey=/does/not/exist.pem", POSTGRESQL + "sslkey=/does/not/exist.pem.p12" })
	void refusesAFileThatIsNotThere(String url) {
		assertRefused(url, new TlsSettings(TlsMode.VERIFY_FULL, List.of())).withMessageContaining("cannot be read")
			.withMessageContaining("/does/not/exist.pem");
	}

	@ParameterizedTest
	@CsvSource({ "sslcert=/some.crt, sslcert without sslkey", "sslkey=/some.key, sslkey without sslcert" })
	void refusesHalfOfAClientCertificate(String parameter, String problem) {
		assertRefused(POSTGRESQL + parameter, new TlsSettings(TlsMode.VERIFY_FULL, List.of()))
			.withMessageContaining(problem);
	}

	@Test
	void refusesARootCertificateThatIsNoPath() {
		assertRefused(POSTGRESQL + "sslrootcert=%00", new TlsSettings(TlsMode.VERIFY_FULL, List.of()))
			.withMessageContaining("cannot be read");
	}

	@ParameterizedTest
	@ValueSource(strings = { "prefer", "require" })
	void refusesEncryptionByGss(String gssEncMode) {
		assertRefused(POSTGRESQL + "gssEncMode=" + gssEncMode, new TlsSettings(TlsMode.VERIFY_FULL, List.of()))
			.withMessageContaining("without TLS");
	}

	@ParameterizedTest
	@CsvSource({ POSTGRESQL + "sslrootcert=/some.pem", MYSQL + "trustCertificateKeyStoreUrl=/some.p12",
			MARIADB + "serverSslCert=/some.pem", MARIADB + "trustStore=/some.p12",
			MARIADB + "trustCertificateKeyStoreUrl=/some.p12" })
	void refusesTwoSourcesOfTrust(String url) {
		TlsSettings tls = new TlsSettings(TlsMode.VERIFY_FULL, List.of(PemCertificates.amazonRds().get(0)));
		assertRefused(url, tls).withMessageContaining("iam.datasource.tls");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:mariadb://address=(host=h)(port=3306)(sslMode=disable)/db",
			"jdbc:mysql://(host=h,port=3306,sslMode=DISABLED)/db", "jdbc:mysql://address=(host=h)(useSSL=false)/db" })
	void refusesATlsSettingOfOneHost(String url) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> JdbcUrl.parse(url))
			.withMessageContaining("for one of its hosts alone");
	}

	@ParameterizedTest
	@ValueSource(strings = { MYSQL, MARIADB })
	void refusesToTrustNobody(String url) {
		assertRefused(url + "fallbackToSystemTrustStore=false", new TlsSettings(TlsMode.VERIFY_FULL, List.of()))
			.withMessageContaining("names no certificate authorities");
	}

	@Test
	void driversOwnVersionsAndCipherSuitesAreKept() {
		TlsSettings tls = tls(MYSQL + "tlsVersions=TLSv1.2,%20TLSv1.3&tlsCiphersuites=TLS_AES_256_GCM_SHA384",
				TlsMode.VERIFY_FULL);
		assertThat(tls.protocols()).containsExactly("TLSv1.2", "TLSv1.3");
		assertThat(tls.cipherSuites()).containsExactly("TLS_AES_256_GCM_SHA384");
	}

	private static void assertNotAsStrict(String url, TlsMode mode, String parameter) {
		assertRefused(url + parameter, new TlsSettings(mode, List.of()))
			.withMessageContaining("It has " + parameter + ", which is not as strict as " + mode)
			.satisfies((ex) -> assertThat(ex.getAction()).contains("iam.datasource.tls.mode"));
	}

	private static org.assertj.core.api.ThrowableAssertAlternative<InvalidSettingException> assertRefused(String url,
			TlsSettings tls) {
		return assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> DriverUrl.parse(url).profile(tls))
			.satisfies((ex) -> assertThat(ex.getAction()).isNotBlank());
	}

	private static TlsSettings tls(String url, TlsMode mode) {
		return DriverUrl.parse(url).profile(new TlsSettings(mode, List.of())).tls();
	}

}

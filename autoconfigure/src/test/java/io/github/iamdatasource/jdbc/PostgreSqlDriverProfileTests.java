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

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for which TLS settings {@link PostgreSqlDriverProfile} lets a URL have. How it
 * verifies a server is shown against the emulator.
 */
class PostgreSqlDriverProfileTests {

	@ParameterizedTest
	@CsvSource({ "VERIFY_FULL, sslmode=verify-ca", "VERIFY_FULL, sslmode=require", "VERIFY_FULL, sslmode=prefer",
			"VERIFY_FULL, sslmode=allow", "VERIFY_FULL, sslmode=disable", "VERIFY_FULL, sslmode=nonsense",
			"VERIFY_FULL, sslmode=", "VERIFY_FULL, ssl=false", "VERIFY_CA, sslmode=require",
			"VERIFY_CA, sslmode=disable", "REQUIRE, sslmode=prefer", "REQUIRE, sslmode=disable", "REQUIRE, ssl=false" })
	void refusesAUrlThatIsNotAsStrict(TlsMode mode, String parameter) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> profile(mode, parameter))
			.withMessageContaining("It has " + parameter + ", which is not as strict as " + mode)
			.satisfies((ex) -> assertThat(ex.getAction()).contains("iam.datasource.tls.mode"));
	}

	@ParameterizedTest
	@CsvSource({ "VERIFY_FULL, sslmode=verify-full", "VERIFY_FULL, sslmode=VERIFY-FULL", "VERIFY_CA, sslmode=verify-ca",
			"VERIFY_CA, sslmode=verify-full", "REQUIRE, sslmode=require", "REQUIRE, sslmode=verify-full",
			"VERIFY_FULL, ssl=true", "VERIFY_FULL, ssl=", "VERIFY_FULL, gssEncMode=disable",
			"VERIFY_FULL, sslNegotiation=direct" })
	void takesAUrlThatIsAsStrictOrStricter(TlsMode mode, String parameter) {
		assertThatNoException().isThrownBy(() -> profile(mode, parameter));
	}

	@ParameterizedTest
	@CsvSource({ "VERIFY_CA, sslmode=verify-full, VERIFY_FULL", "REQUIRE, sslmode=verify-ca, VERIFY_CA",
			"REQUIRE, ssl=true, VERIFY_FULL", "REQUIRE, ssl=, VERIFY_FULL", "REQUIRE, ApplicationName=a, REQUIRE",
			"REQUIRE, ssl=true&sslmode=require, REQUIRE" })
	void urlMayAskForMore(TlsMode mode, String parameter, TlsMode effective) {
		assertThat(profile(mode, parameter).tlsMode()).isEqualTo(effective);
	}

	@Test
	void refusesCertificateAuthoritiesThatNobodyWouldLookAt() {
		TlsSettings tls = new TlsSettings(TlsMode.REQUIRE, List.of(PemCertificates.amazonRds().get(0)));
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new PostgreSqlDriverProfile(url("ApplicationName=a"), endpoint(), tls))
			.withMessageContaining("none would be looked at");
	}

	@Test
	void refusesARootCertificateThatIsNoPath() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> profile(TlsMode.VERIFY_FULL, "sslrootcert=%00"))
			.withMessageContaining("cannot be read");
	}

	@ParameterizedTest
	@CsvSource({ "prefer", "require" })
	void refusesEncryptionByGss(String gssEncMode) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> profile(TlsMode.VERIFY_FULL, "gssEncMode=" + gssEncMode))
			.withMessageContaining("without TLS");
	}

	@Test
	void refusesARootCertificateThatIsNotThere() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> profile(TlsMode.VERIFY_FULL, "sslrootcert=/does/not/exist.pem"))
			.withMessageContaining("/does/not/exist.pem");
	}

	@Test
	void refusesTwoSourcesOfTrust() {
		TlsSettings tls = new TlsSettings(TlsMode.VERIFY_FULL, List.of(PemCertificates.amazonRds().get(0)));
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new PostgreSqlDriverProfile(url("sslrootcert=/some.pem"), endpoint(), tls))
			.withMessageContaining("iam.datasource.tls.ca-certificates");
	}

	private static PostgreSqlDriverProfile profile(TlsMode mode, String parameter) {
		return new PostgreSqlDriverProfile(url(parameter), endpoint(), new TlsSettings(mode, List.of()));
	}

	private static PostgreSqlUrl url(String parameter) {
		return PostgreSqlUrl.parse("jdbc:postgresql://db.example.com/orders?" + parameter);
	}

	private static DatabaseEndpoint endpoint() {
		return new DatabaseEndpoint("db.example.com", 5432, "eu-west-1", "app");
	}

}

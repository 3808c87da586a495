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

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;

import javax.net.ssl.KeyManager;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * Merges what a URL says of TLS, in the words of its driver, with what the properties
 * say. A URL may ask for more than they do, never for less.
 */
final class TlsParameters {

	private final TlsSettings configured;

	private @Nullable TlsMode mode;

	private List<X509Certificate> trusted;

	private List<KeyManager> keyManagers;

	private List<String> protocols;

	private List<String> cipherSuites;

	TlsParameters(TlsSettings configured) {
		this.configured = configured;
		this.trusted = configured.trustedCertificates();
		this.keyManagers = configured.keyManagers();
		this.protocols = configured.protocols();
		this.cipherSuites = configured.cipherSuites();
	}

	/**
	 * The URL has a parameter that names a mode.
	 * @param parameter the parameter as it stands there
	 * @param mode what it means, or {@code null} if it allows connections without TLS or
	 * is no mode
	 */
	TlsParameters mode(String parameter, @Nullable TlsMode mode) {
		if (mode == null || !mode.isAtLeast(this.configured.mode())) {
			throw new InvalidSettingException(
					"It has " + parameter + ", which is not as strict as " + this.configured.mode()
							+ ": the token could be sent to a server that did not prove who it is.",
					"Remove the parameter from the URL. What is verified is set by iam.datasource.tls.mode (verify-full by "
							+ "default, verify-ca or require); for a certificate authority of your own set "
							+ "iam.datasource.tls.ca-certificates.");
		}
		this.mode = mode;
		return this;
	}

	/**
	 * The URL has a parameter that names certificate authorities.
	 * @param parameter the parameter's name
	 * @param certificates reads them
	 */
	TlsParameters trusted(String parameter, Supplier<List<X509Certificate>> certificates) {
		if (!this.configured.trustedCertificates().isEmpty()) {
			throw twice(parameter, "authorities are set by iam.datasource.tls.*");
		}
		this.trusted = certificates.get();
		return this;
	}

	/**
	 * The URL has a parameter that names this side's certificate.
	 * @param parameter the parameter's name
	 * @param keyManagers reads it
	 */
	TlsParameters keys(String parameter, Supplier<List<KeyManager>> keyManagers) {
		if (!this.configured.keyManagers().isEmpty()) {
			throw twice(parameter, "a client certificate is set by iam.datasource.tls.bundle");
		}
		this.keyManagers = keyManagers.get();
		return this;
	}

	private static InvalidSettingException twice(String parameter, String otherwise) {
		return new InvalidSettingException("It has the parameter '" + parameter + "' while " + otherwise + ", too.",
				"Keep one of the two.");
	}

	TlsParameters protocols(List<String> protocols) {
		this.protocols = protocols;
		return this;
	}

	TlsParameters cipherSuites(List<String> cipherSuites) {
		this.cipherSuites = cipherSuites;
		return this;
	}

	/**
	 * The URL says whether the JDK's authorities are trusted if it names no others.
	 * @param value the value, or {@code null} if it does not
	 */
	TlsParameters fallback(@Nullable String value) {
		if (value != null && !UrlParameters.isTrue(value) && this.trusted.isEmpty()) {
			throw new InvalidSettingException(
					"It has fallbackToSystemTrustStore=" + value + " but names no certificate authorities.",
					"Name those to trust in iam.datasource.tls.ca-certificates, or remove the parameter.");
		}
		return this;
	}

	TlsSettings merge() {
		TlsMode mode = (this.mode != null) ? this.mode : this.configured.mode();
		if (mode == TlsMode.REQUIRE && !this.trusted.isEmpty()) {
			throw new InvalidSettingException(
					"Certificate authorities are named, but by the TLS mode 'require' none would be looked at.",
					"Set iam.datasource.tls.mode to verify-full or verify-ca, or name no certificate authorities.");
		}
		return new TlsSettings(mode, this.trusted, this.keyManagers, this.protocols, this.cipherSuites);
	}

}

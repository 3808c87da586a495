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

import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import io.github.iamdatasource.endpoint.InvalidSettingException;

/**
 * How connections are encrypted and the server is verified.
 *
 * @param mode what the server has to prove
 * @param trustedCertificates the certificate authorities to trust. If there are none
 * those of Amazon RDS are trusted and, with {@link TlsMode#VERIFY_FULL}, the JDK's
 * @param keyManagers have this side's certificates, for a server that asks for one
 * @param protocols the versions of TLS to offer, all that the JDK enables if empty
 * @param cipherSuites the cipher suites to offer, all that the JDK enables if empty
 */
public record TlsSettings(TlsMode mode, List<X509Certificate> trustedCertificates, List<KeyManager> keyManagers,
		List<String> protocols, List<String> cipherSuites) {

	public TlsSettings {
		trustedCertificates = List.copyOf(trustedCertificates);
		keyManagers = List.copyOf(keyManagers);
		protocols = List.copyOf(protocols);
		cipherSuites = List.copyOf(cipherSuites);
		if (!protocols.isEmpty() || !cipherSuites.isEmpty()) {
			SSLParameters supported = supported();
			requireSupported("version of TLS", protocols, supported.getProtocols());
			requireSupported("cipher suite", cipherSuites, supported.getCipherSuites());
		}
	}

	private static SSLParameters supported() {
		try {
			return SSLContext.getDefault().getSupportedSSLParameters();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This JVM cannot set up TLS", ex);
		}
	}

	private static void requireSupported(String what, List<String> named, String[] supported) {
		for (String name : named) {
			if (!Arrays.asList(supported).contains(name)) {
				throw new InvalidSettingException("The " + what + " '" + name + "' is none that this JVM knows.",
						"Name one or more of: " + String.join(", ", supported) + ".");
			}
		}
	}

	/**
	 * Create settings for a server that asks for no certificate of this side.
	 * @param mode what the server has to prove
	 * @param trustedCertificates the certificate authorities to trust
	 */
	public TlsSettings(TlsMode mode, List<X509Certificate> trustedCertificates) {
		this(mode, trustedCertificates, List.of(), List.of(), List.of());
	}

}

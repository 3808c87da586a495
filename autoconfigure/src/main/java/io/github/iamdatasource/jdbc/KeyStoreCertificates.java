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

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Certificate authorities in a key store.
 */
public final class KeyStoreCertificates {

	private KeyStoreCertificates() {
	}

	/**
	 * Return the certificates that a key store has its user trust: those of its entries
	 * for trusted certificates, and the first one of each private key's chain.
	 * @param keyStore the key store, after it was loaded
	 * @return the certificates, perhaps none
	 * @throws KeyStoreException if it was not loaded
	 */
	public static List<X509Certificate> trusted(KeyStore keyStore) throws KeyStoreException {
		List<X509Certificate> trusted = new ArrayList<>();
		for (String alias : Collections.list(keyStore.aliases())) {
			// The keys' as well, as the JDK's trust managers take them from there, with
			// which drivers and SSL bundles trust: the same file means the same here.
			if (keyStore.getCertificate(alias) instanceof X509Certificate certificate) {
				trusted.add(certificate);
			}
		}
		return trusted;
	}

}

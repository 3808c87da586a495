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

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * A key store that a parameter of a URL names.
 */
final class KeyStoreFile {

	private static final String CLASS_PATH = "classpath:";

	private final KeyStore keyStore;

	private final String parameter;

	private KeyStoreFile(KeyStore keyStore, String parameter) {
		this.keyStore = keyStore;
		this.parameter = parameter;
	}

	/**
	 * Read a key store.
	 * @param parameter the parameter that names it
	 * @param location a path, a {@code file:} URL or a {@code classpath:} location
	 * @param type such as {@code PKCS12}, or {@code null} to find it out
	 * @param password the password, or {@code null} for none
	 * @return the key store
	 * @throws InvalidSettingException if it cannot be read
	 */
	static KeyStoreFile read(String parameter, String location, @Nullable String type, @Nullable String password) {
		try (InputStream content = open(location)) {
			KeyStore keyStore = KeyStore
				.getInstance((type == null || type.isBlank()) ? KeyStore.getDefaultType() : type);
			keyStore.load(content, chars(password));
			return new KeyStoreFile(keyStore, parameter);
		}
		catch (IOException | GeneralSecurityException | IllegalArgumentException ex) {
			throw new InvalidSettingException(
					"The key store '" + location + "' of its parameter '" + parameter + "' cannot be read ("
							+ ex.getClass().getSimpleName() + ").",
					"Check the path, the type of the key store and its password, and that the user who runs the "
							+ "application may read the file.",
					ex);
		}
	}

	private static InputStream open(String location) throws IOException {
		if (location.startsWith(CLASS_PATH)) {
			String resource = location.substring(CLASS_PATH.length());
			InputStream content = Thread.currentThread()
				.getContextClassLoader()
				.getResourceAsStream(resource.startsWith("/") ? resource.substring(1) : resource);
			if (content == null) {
				throw new FileNotFoundException(location);
			}
			return content;
		}
		return Files.newInputStream(location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location));
	}

	/**
	 * Return the certificate authorities in it.
	 */
	List<X509Certificate> certificates() {
		try {
			List<X509Certificate> certificates = KeyStoreCertificates.trusted(this.keyStore);
			if (certificates.isEmpty()) {
				throw new InvalidSettingException(
						"The key store of its parameter '" + this.parameter + "' holds no certificates.",
						"Name a key store with the certificate authorities to trust, or remove the parameter.");
			}
			return certificates;
		}
		catch (GeneralSecurityException ex) {
			throw unusable(ex);
		}
	}

	/**
	 * Return what proves this side's identity with the keys in it.
	 */
	List<KeyManager> keyManagers(@Nullable String keyPassword) {
		try {
			KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			factory.init(this.keyStore, chars(keyPassword));
			return Arrays.asList(factory.getKeyManagers());
		}
		catch (GeneralSecurityException ex) {
			throw unusable(ex);
		}
	}

	private InvalidSettingException unusable(GeneralSecurityException ex) {
		return new InvalidSettingException(
				"The key store of its parameter '" + this.parameter + "' cannot be used ("
						+ ex.getClass().getSimpleName() + ").",
				"Check that it holds what is expected of it, and the password of the keys.", ex);
	}

	private static char @Nullable [] chars(@Nullable String password) {
		return (password != null) ? password.toCharArray() : null;
	}

}

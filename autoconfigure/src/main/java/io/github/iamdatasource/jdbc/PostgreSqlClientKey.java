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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.LazyKeyManager;
import org.postgresql.ssl.PEMKeyManager;
import org.postgresql.ssl.PKCS12KeyManager;
import org.postgresql.util.PSQLException;

/**
 * The client's certificate as pgjdbc's parameters {@code sslcert}, {@code sslkey} and
 * {@code sslpassword} name it, read by pgjdbc's own key managers.
 */
final class PostgreSqlClientKey {

	/** What the driver's key managers call the only key that they have. */
	private static final String ALIAS = "user";

	private PostgreSqlClientKey() {
	}

	/**
	 * Read a certificate and its key.
	 * @param certificate the file of the certificate; none for a PKCS #12 key file
	 * @param key the file of the key, in one of the forms that the driver knows
	 * @param password the key's password, if it has one
	 * @return one key manager
	 * @throws InvalidSettingException if they cannot be read
	 */
	static List<KeyManager> read(@Nullable String certificate, @Nullable String key, @Nullable String password) {
		boolean archive = key != null && hasExtension(key, ".p12", ".pfx");
		if (key == null || (certificate == null && !archive)) {
			throw new InvalidSettingException(
					"It has " + ((key == null) ? "sslcert without sslkey" : "sslkey without sslcert") + ".",
					"Name the client's certificate in sslcert and its key in sslkey, or both in one PKCS #12 file (.p12) "
							+ "in sslkey.");
		}
		X509KeyManager keys = archive ? archive(key, password) : files(String.valueOf(certificate), key, password);
		try {
			boolean complete = keys.getCertificateChain(ALIAS) != null && keys.getPrivateKey(ALIAS) != null;
			throwFailure(keys);
			if (!complete) {
				throw unreadable(key, null);
			}
		}
		catch (PSQLException | RuntimeException ex) {
			throw unreadable(key, ex);
		}
		return List.of(keys);
	}

	private static X509KeyManager archive(String key, @Nullable String password) {
		try {
			return new PKCS12KeyManager(key, (callbacks) -> answer(callbacks, password));
		}
		catch (PSQLException ex) {
			throw unreadable(key, ex);
		}
	}

	private static X509KeyManager files(String certificate, String key, @Nullable String password) {
		return isPem(key) ? new PEMKeyManager(key, certificate, "RSA")
				: new LazyKeyManager(certificate, key, (callbacks) -> answer(callbacks, password), false);
	}

	private static void answer(Callback[] callbacks, @Nullable String password) {
		for (Callback callback : callbacks) {
			if (callback instanceof PasswordCallback question && password != null) {
				question.setPassword(password.toCharArray());
			}
		}
	}

	private static boolean isPem(String key) {
		if (hasExtension(key, ".der", ".pk8")) {
			return false;
		}
		try (InputStream content = Files.newInputStream(Path.of(key))) {
			return new String(content.readNBytes(11), StandardCharsets.US_ASCII).equals("-----BEGIN ");
		}
		catch (IOException ex) {
			throw unreadable(key, ex);
		}
	}

	private static void throwFailure(X509KeyManager keys) throws PSQLException {
		if (keys instanceof LazyKeyManager lazy) {
			lazy.throwKeyManagerException();
		}
		else if (keys instanceof PEMKeyManager pem) {
			pem.throwKeyManagerException();
		}
		else if (keys instanceof PKCS12KeyManager archive) {
			archive.throwKeyManagerException();
		}
	}

	private static boolean hasExtension(String file, String... extensions) {
		String name = file.toLowerCase(Locale.ROOT);
		return List.of(extensions).stream().anyMatch(name::endsWith);
	}

	private static InvalidSettingException unreadable(String key, @Nullable Exception cause) {
		String problem = "The client's key '" + key + "' or its certificate cannot be read"
				+ ((cause != null) ? " (" + cause.getClass().getSimpleName() + ")." : ".");
		String action = "Check sslcert, sslkey and sslpassword in the URL: the key has to be PKCS #8 (DER or PEM) or PKCS "
				+ "#12 with the alias 'user', and only the user who runs the application may be allowed to read it.";
		return (cause != null) ? new InvalidSettingException(problem, action, cause)
				: new InvalidSettingException(problem, action);
	}

}

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
package io.github.iamdatasource.emulator.mysql;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

import javax.crypto.Cipher;

import io.github.iamdatasource.emulator.front.ProtocolException;

/**
 * The plugin {@code caching_sha2_password}, MySQL's default since 8.0.
 */
final class CachingSha2Password {

	static final String PLUGIN = "caching_sha2_password";

	/** The server knows the user already; what it says next is the outcome. */
	static final int FAST = 3;

	/** The server wants the password itself. */
	static final int FULL = 4;

	/** Asks the server for the key to encrypt the password with. */
	static final byte[] KEY_REQUEST = { 2 };

	private static final String SHA256 = "SHA-256";

	private CachingSha2Password() {
	}

	/**
	 * The proof for a server that knows the user already.
	 */
	static byte[] proof(String password, byte[] seed) {
		byte[] once = Digests.digest(SHA256, password.getBytes(StandardCharsets.UTF_8));
		return Digests.xor(once, Digests.digest(SHA256, Digests.digest(SHA256, once), seed));
	}

	/**
	 * The password, for a server whose public key is given.
	 */
	static byte[] encrypt(String password, byte[] seed, String publicKeyPem) throws ProtocolException {
		try {
			byte[] encoded = Base64.getMimeDecoder().decode(publicKeyPem.replaceAll("-----[A-Z ]+-----", ""));
			PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
			Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
			cipher.init(Cipher.ENCRYPT_MODE, key);
			return cipher.doFinal(Digests.xor((password + "\0").getBytes(StandardCharsets.UTF_8), seed));
		}
		catch (GeneralSecurityException | IllegalArgumentException ex) {
			throw new ProtocolException("The public key of the server behind is of no use");
		}
	}

}

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

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What the proofs of passwords are made of.
 */
final class Digests {

	private Digests() {
	}

	static byte[] digest(String algorithm, byte[]... parts) {
		try {
			MessageDigest digest = MessageDigest.getInstance(algorithm);
			for (byte[] part : parts) {
				digest.update(part);
			}
			return digest.digest();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has " + algorithm, ex);
		}
	}

	/** The second is repeated for as long as the first lasts. */
	static byte[] xor(byte[] bytes, byte[] with) {
		byte[] result = new byte[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			result[i] = (byte) (bytes[i] ^ with[i % with.length]);
		}
		return result;
	}

}

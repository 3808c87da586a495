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
import java.util.HexFormat;

/**
 * The plugin {@code mysql_native_password}, which MariaDB has, and MySQL up to 8.4.
 */
public final class NativePassword {

	/** Its name. */
	public static final String PLUGIN = "mysql_native_password";

	private static final String SHA1 = "SHA-1";

	private NativePassword() {
	}

	/**
	 * What a server keeps of a password.
	 * @param password the password
	 * @return an asterisk and hexadecimal digits
	 */
	public static String hash(String password) {
		byte[] twice = Digests.digest(SHA1, Digests.digest(SHA1, password.getBytes(StandardCharsets.UTF_8)));
		return "*" + HexFormat.of().withUpperCase().formatHex(twice);
	}

	/**
	 * The proof that a client knows the password.
	 * @param password the password
	 * @param seed the server's random bytes
	 * @return 20 bytes
	 */
	static byte[] proof(String password, byte[] seed) {
		byte[] once = Digests.digest(SHA1, password.getBytes(StandardCharsets.UTF_8));
		return Digests.xor(once, Digests.digest(SHA1, seed, Digests.digest(SHA1, once)));
	}

}

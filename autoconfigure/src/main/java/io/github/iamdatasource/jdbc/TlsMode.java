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

import java.util.Locale;

/**
 * How the server has to prove who it is before it is sent a token. The order is from lax
 * to strict. There is no mode without encryption: a token travels as a cleartext
 * password.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html">Using
 * SSL/TLS to encrypt a connection</a>
 */
public enum TlsMode {

	/**
	 * Encrypts, but takes any certificate: whoever can redirect the connection gets the
	 * token.
	 */
	REQUIRE,

	/**
	 * The certificate has to come from a trusted authority, but may be another server's.
	 */
	VERIFY_CA,

	/**
	 * The certificate has to come from a trusted authority and to name the server.
	 */
	VERIFY_FULL;

	/**
	 * Return whether this mode lets through nothing that the other mode refuses.
	 * @param other the mode to compare with
	 * @return {@code true} if it is as strict or stricter
	 */
	public boolean isAtLeast(TlsMode other) {
		return compareTo(other) >= 0;
	}

	/**
	 * Return the mode as it is written in configuration and in PostgreSQL's
	 * {@code sslmode}.
	 * @return such as {@code verify-full}
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}

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

/**
 * What client and server may agree upon, as far as the front has to know it.
 */
final class Capabilities {

	static final int LONG_PASSWORD = 1;

	static final int CONNECT_WITH_DATABASE = 1 << 3;

	static final int COMPRESS = 1 << 5;

	static final int PROTOCOL_41 = 1 << 9;

	static final int TLS = 1 << 11;

	static final int TRANSACTIONS = 1 << 13;

	static final int SECURE_CONNECTION = 1 << 15;

	static final int PLUGIN_AUTHENTICATION = 1 << 19;

	static final int ATTRIBUTES = 1 << 20;

	static final int LONG_AUTHENTICATION = 1 << 21;

	static final int COMPRESS_ZSTD = 1 << 26;

	private Capabilities() {
	}

	static boolean includes(int capabilities, int capability) {
		return (capabilities & capability) != 0;
	}

	/**
	 * TLS is the front's, and compression would hide from it what is said.
	 */
	static int toClient(int ofServer) {
		return (ofServer | TLS) & ~COMPRESS & ~COMPRESS_ZSTD;
	}

	/**
	 * The front logs in without TLS, with a plugin's short answer.
	 */
	static int toServer(int ofClient) {
		return (ofClient | SECURE_CONNECTION) & ~TLS & ~COMPRESS & ~COMPRESS_ZSTD;
	}

}

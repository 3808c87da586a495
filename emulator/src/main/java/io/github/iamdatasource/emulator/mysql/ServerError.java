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
import java.util.Arrays;

/**
 * An error as servers tell it.
 *
 * @param code its number
 * @param sqlState five characters
 * @param message what it says
 */
record ServerError(int code, String sqlState, String message) {

	/** Whether a password was given is all that a client learns. */
	static ServerError accessDenied(String user, String host, boolean passwordGiven) {
		return new ServerError(1045, "28000", "Access denied for user '" + user + "'@'" + host + "' (using password: "
				+ (passwordGiven ? "YES" : "NO") + ")");
	}

	static ServerError insecureTransport() {
		return new ServerError(3159, "HY000",
				"Connections using insecure transport are prohibited while --require_secure_transport=ON.");
	}

	static ServerError oldClient() {
		return new ServerError(1251, "08004",
				"Client does not support authentication protocol requested by server; consider upgrading MySQL client");
	}

	static ServerError ofTheEmulator(String explanation) {
		return new ServerError(1105, "08S01", explanation);
	}

	static ServerError of(byte[] payload) {
		byte[] text = Arrays.copyOfRange(payload, 3, payload.length);
		int code = Byte.toUnsignedInt(payload[1]) | Byte.toUnsignedInt(payload[2]) << 8;
		String message = PayloadReader.text(text);
		return message.startsWith("#") ? new ServerError(code, message.substring(1, 6), message.substring(6))
				: new ServerError(code, "HY000", message);
	}

	byte[] toPayload() {
		return new PayloadWriter().int1(Packet.ERROR)
			.int2(this.code)
			.bytes(("#" + this.sqlState + this.message).getBytes(StandardCharsets.UTF_8))
			.toBytes();
	}

}

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

import io.github.iamdatasource.emulator.front.ProtocolException;

/**
 * What a server says first: its version, the connection's id, and what it can do.
 *
 * @param payload the whole of it
 * @param capabilities what the server can do
 * @param capabilitiesAt where the lower half of them is in the payload
 */
record ServerGreeting(byte[] payload, int capabilities, int capabilitiesAt) {

	private static final int VERSION = 10;

	/** The connection's id, the first random bytes and a zero. */
	private static final int BEFORE_CAPABILITIES = 4 + 8 + 1;

	/** Character set and status. */
	private static final int BETWEEN_CAPABILITIES = 1 + 2;

	static ServerGreeting of(byte[] payload) throws ProtocolException {
		PayloadReader reader = new PayloadReader(payload);
		if (reader.int1() != VERSION) {
			throw new ProtocolException("The server behind does not greet as MySQL and MariaDB do");
		}
		int versionLength = reader.zeroTerminated().length;
		reader.bytes(BEFORE_CAPABILITIES);
		int capabilities = reader.int2();
		reader.bytes(BETWEEN_CAPABILITIES);
		capabilities |= reader.int2() << 16;
		if (!Capabilities.includes(capabilities, Capabilities.PLUGIN_AUTHENTICATION)) {
			throw new ProtocolException("The server behind is too old: it knows no authentication plugins");
		}
		return new ServerGreeting(payload, capabilities, 1 + versionLength + 1 + BEFORE_CAPABILITIES);
	}

	/**
	 * The server's own words, but for what the front does itself.
	 */
	byte[] toClient() {
		int offered = Capabilities.toClient(this.capabilities);
		byte[] changed = this.payload.clone();
		changed[this.capabilitiesAt] = (byte) offered;
		changed[this.capabilitiesAt + 1] = (byte) (offered >> 8);
		int upper = this.capabilitiesAt + 2 + BETWEEN_CAPABILITIES;
		changed[upper] = (byte) (offered >> 16);
		changed[upper + 1] = (byte) (offered >> 24);
		return changed;
	}

}

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
 * The command by which a client that has logged in becomes another user.
 *
 * @param user who it wants to be
 * @param authentication what it sends as a proof
 * @param database the database, or nothing
 * @param characterSet the character set
 * @param plugin how the proof was made
 * @param attributes the connection's attributes, with their length
 */
record ChangeUserRequest(byte[] user, byte[] authentication, byte[] database, byte[] characterSet, String plugin,
		byte[] attributes) {

	static final int COMMAND = 0x11;

	private static final int CHARACTER_SET = 2;

	/** For a client that names none. */
	private static final byte[] UTF8 = { 45, 0 };

	static ChangeUserRequest of(byte[] payload, int capabilities) throws ProtocolException {
		PayloadReader reader = new PayloadReader(payload);
		reader.int1();
		byte[] user = reader.zeroTerminated();
		byte[] authentication = Capabilities.includes(capabilities, Capabilities.SECURE_CONNECTION)
				? reader.bytes(reader.int1()) : reader.zeroTerminated();
		byte[] database = reader.zeroTerminated();
		byte[] characterSet = reader.hasMore() ? reader.bytes(CHARACTER_SET) : UTF8;
		String plugin = PayloadReader.text(reader.zeroTerminated());
		return new ChangeUserRequest(user, authentication, database, characterSet, plugin,
				LoginRequest.readAttributes(reader, capabilities));
	}

	/**
	 * The same request without a proof, and by a method that makes the server ask for
	 * one.
	 */
	byte[] toServer() {
		PayloadWriter writer = new PayloadWriter().int1(COMMAND)
			.zeroTerminated(this.user)
			.int1(0)
			.zeroTerminated(this.database);
		writer.bytes(this.characterSet).zeroTerminated(TokenChallenge.PLUGIN).bytes(this.attributes);
		return writer.toBytes();
	}

	@Override
	public String toString() {
		// What was sent as a proof may be a token.
		return "ChangeUserRequest[" + PayloadReader.text(this.user) + "]";
	}

}

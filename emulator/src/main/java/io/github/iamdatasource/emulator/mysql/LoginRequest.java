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
 * What a client answers to the greeting: what it can do, who it wants to be, in which
 * database, and its attributes.
 *
 * @param capabilities what both can do
 * @param session the longest packet, the character set, and MariaDB's capabilities
 * @param user who it wants to be
 * @param authentication what it sends as a proof
 * @param database the database, if it named one
 * @param plugin how the proof was made
 * @param attributes the connection's attributes, with their length
 */
record LoginRequest(int capabilities, byte[] session, byte[] user, byte[] authentication, byte[] database,
		String plugin, byte[] attributes) {

	private static final int SESSION = 28;

	/** All that precedes the user, and all that there is of a request for TLS. */
	private static final int TLS_REQUEST = 4 + SESSION;

	/**
	 * Whether the client asks for TLS before it says who it wants to be.
	 */
	static boolean isForTls(byte[] payload) throws ProtocolException {
		return payload.length == TLS_REQUEST
				&& Capabilities.includes(new PayloadReader(payload).int4(), Capabilities.TLS);
	}

	static LoginRequest of(byte[] payload) throws ProtocolException {
		PayloadReader reader = new PayloadReader(payload);
		int capabilities = reader.int4();
		if (!Capabilities.includes(capabilities, Capabilities.PROTOCOL_41)) {
			throw new ProtocolException("The client speaks the protocol of MySQL 4.0");
		}
		byte[] session = reader.bytes(SESSION);
		byte[] user = reader.zeroTerminated();
		byte[] authentication = readAuthentication(reader, capabilities);
		byte[] database = Capabilities.includes(capabilities, Capabilities.CONNECT_WITH_DATABASE)
				? reader.zeroTerminated() : new byte[0];
		String plugin = Capabilities.includes(capabilities, Capabilities.PLUGIN_AUTHENTICATION)
				? PayloadReader.text(reader.zeroTerminated()) : "";
		byte[] attributes = readAttributes(reader, capabilities);
		return new LoginRequest(capabilities, session, user, authentication, database, plugin, attributes);
	}

	private static byte[] readAuthentication(PayloadReader reader, int capabilities) throws ProtocolException {
		if (Capabilities.includes(capabilities, Capabilities.LONG_AUTHENTICATION)) {
			return reader.lengthEncoded();
		}
		return Capabilities.includes(capabilities, Capabilities.SECURE_CONNECTION) ? reader.bytes(reader.int1())
				: reader.zeroTerminated();
	}

	/**
	 * As they are. What may follow them is about a compression that was not offered.
	 */
	static byte[] readAttributes(PayloadReader reader, int capabilities) {
		return Capabilities.includes(capabilities, Capabilities.ATTRIBUTES) ? reader.remaining() : new byte[0];
	}

	/**
	 * The same request without a proof, and by a method that makes the server ask for
	 * one.
	 */
	byte[] toServer() {
		PayloadWriter writer = new PayloadWriter().int4(Capabilities.toServer(this.capabilities))
			.bytes(this.session)
			.zeroTerminated(this.user)
			.int1(0);
		if (Capabilities.includes(this.capabilities, Capabilities.CONNECT_WITH_DATABASE)) {
			writer.zeroTerminated(this.database);
		}
		return writer.zeroTerminated(TokenChallenge.PLUGIN).bytes(this.attributes).toBytes();
	}

	@Override
	public String toString() {
		// What was sent as a proof may be a token.
		return "LoginRequest[" + PayloadReader.text(this.user) + "]";
	}

}

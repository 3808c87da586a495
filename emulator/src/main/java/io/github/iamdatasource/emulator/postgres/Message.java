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
package io.github.iamdatasource.emulator.postgres;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.github.iamdatasource.emulator.front.ProtocolException;

/**
 * A message with a type, as all are after the first.
 *
 * @param type its type
 * @param body what follows type and length
 */
record Message(char type, byte[] body) {

	static final char AUTHENTICATION = 'R';

	static final char ERROR = 'E';

	static final char PASSWORD = 'p';

	static final int AUTHENTICATION_OK = 0;

	static final int AUTHENTICATION_CLEARTEXT = 3;

	static final int AUTHENTICATION_MD5 = 5;

	static final int AUTHENTICATION_SASL = 10;

	static final int AUTHENTICATION_SASL_CONTINUE = 11;

	static final int AUTHENTICATION_SASL_FINAL = 12;

	static Message read(InputStream in, int longestBody) throws IOException {
		int type = in.read();
		if (type < 0) {
			throw new EOFException("Closed before a message");
		}
		DataInputStream data = new DataInputStream(in);
		int length = data.readInt() - Integer.BYTES;
		if (length < 0 || length > longestBody) {
			throw new ProtocolException("Invalid length of a message of type " + type);
		}
		byte[] body = new byte[length];
		data.readFully(body);
		return new Message((char) type, body);
	}

	static Message authenticationCleartextPassword() {
		return new Message(AUTHENTICATION, ByteBuffer.allocate(4).putInt(AUTHENTICATION_CLEARTEXT).array());
	}

	static Message authenticationScram() {
		byte[] mechanisms = "SCRAM-SHA-256\0\0".getBytes(StandardCharsets.US_ASCII);
		return new Message(AUTHENTICATION,
				ByteBuffer.allocate(4 + mechanisms.length).putInt(AUTHENTICATION_SASL).put(mechanisms).array());
	}

	static Message password(String password) {
		return new Message(PASSWORD, (password + "\0").getBytes(StandardCharsets.UTF_8));
	}

	static Message fatal(String sqlState, String text) {
		String fields = "SFATAL\0VFATAL\0C" + sqlState + "\0M" + text + "\0\0";
		return new Message(ERROR, fields.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * The number at the beginning of an authentication message.
	 */
	int authenticationCode() throws ProtocolException {
		if (this.body.length < Integer.BYTES) {
			throw new ProtocolException("An authentication message without its code");
		}
		return ByteBuffer.wrap(this.body).getInt();
	}

	byte[] toBytes() {
		return ByteBuffer.allocate(5 + this.body.length)
			.put((byte) this.type)
			.putInt(this.body.length + Integer.BYTES)
			.put(this.body)
			.array();
	}

}

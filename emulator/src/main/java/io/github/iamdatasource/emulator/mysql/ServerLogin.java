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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

import io.github.iamdatasource.emulator.front.ProtocolException;

/**
 * Proves to a server that a password is known, by whatever method the server asks for.
 * That it has to ask is brought about by a request that names another method: so the
 * proof is always made with random bytes that the server has just told.
 */
final class ServerLogin {

	private static final int LONGEST_PACKET = 1 << 20;

	private final String password;

	private final OutputStream toServer;

	private byte[] seed = new byte[0];

	ServerLogin(String password, OutputStream toServer) {
		this.password = password;
		this.toServer = toServer;
	}

	/**
	 * Answers until the server has made up its mind.
	 * @return the server's OK, or its error
	 */
	Packet finish(InputStream fromServer) throws IOException {
		while (true) {
			Packet packet = Packet.read(fromServer, LONGEST_PACKET);
			switch (packet.type()) {
				case Packet.OK, Packet.ERROR -> {
					return packet;
				}
				case Packet.AUTH_SWITCH -> packet.answer(proof(packet.body())).write(this.toServer);
				case Packet.AUTH_MORE_DATA -> answerMore(packet);
				default -> throw unexpected();
			}
		}
	}

	private byte[] proof(byte[] request) throws ProtocolException {
		PayloadReader reader = new PayloadReader(request);
		String plugin = PayloadReader.text(reader.zeroTerminated());
		this.seed = withoutZero(reader.remaining());
		boolean none = this.password.isEmpty();
		return switch (plugin) {
			case NativePassword.PLUGIN -> none ? new byte[0] : NativePassword.proof(this.password, this.seed);
			case CachingSha2Password.PLUGIN -> none ? new byte[1] : CachingSha2Password.proof(this.password, this.seed);
			default -> throw new ProtocolException("The server behind asks for the authentication plugin " + plugin
					+ ", which the emulator does not know");
		};
	}

	/** Of the known methods only one says more. */
	private void answerMore(Packet packet) throws IOException {
		byte[] body = packet.body();
		if (body.length > 1) {
			packet.answer(CachingSha2Password.encrypt(this.password, this.seed, PayloadReader.text(body)))
				.write(this.toServer);
		}
		else if (body.length == 1 && body[0] == CachingSha2Password.FULL) {
			packet.answer(CachingSha2Password.KEY_REQUEST).write(this.toServer);
		}
		else if (body.length == 0 || body[0] != CachingSha2Password.FAST) {
			throw unexpected();
		}
	}

	private static ProtocolException unexpected() {
		return new ProtocolException("The server behind does not answer a login as it should");
	}

	private static byte[] withoutZero(byte[] bytes) {
		boolean terminated = bytes.length > 0 && bytes[bytes.length - 1] == 0;
		return terminated ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
	}

}

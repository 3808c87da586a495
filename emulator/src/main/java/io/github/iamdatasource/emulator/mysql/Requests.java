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
 * Copies what the client says to the server, but for the command that changes the user.
 */
final class Requests {

	private static final int BUFFER = 1 << 14;

	/** User, database and attributes; each has a limit of its own that is far lower. */
	private static final int LONGEST_USER_CHANGE = 1 << 18;

	private final UserChanger userChanger;

	private final byte[] buffer = new byte[BUFFER];

	/** Whether the last packet goes on in the next. */
	private boolean continued;

	/** Whether the client sends a file, for LOAD DATA LOCAL. */
	private boolean file;

	Requests(UserChanger userChanger) {
		this.userChanger = userChanger;
	}

	void copy(InputStream fromClient, OutputStream toServer) throws IOException {
		// A change of the user reads where this has stopped: nothing is read ahead.
		while (true) {
			int read = fromClient.readNBytes(this.buffer, 0, Packet.HEADER);
			int length = (read == Packet.HEADER) ? Packet.lengthIn(this.buffer) : 0;
			int first = Math.min(length, BUFFER - Packet.HEADER);
			read += fromClient.readNBytes(this.buffer, Packet.HEADER, first);
			if (read < Packet.HEADER + first) {
				toServer.write(this.buffer, 0, read);
				return;
			}
			if (beginsCommand(length) && this.buffer[Packet.HEADER] == ChangeUserRequest.COMMAND) {
				if (!this.userChanger.change(packet(length, first, fromClient), toServer)) {
					return;
				}
			}
			else {
				toServer.write(this.buffer, 0, read);
				copy(fromClient, toServer, length - first);
			}
		}
	}

	/**
	 * A command's packets are numbered from 0, and a file's go on from the server's
	 * request for it. A long file's come by 0 again, hence the state; an empty one ends
	 * it.
	 */
	private boolean beginsCommand(int length) {
		boolean continues = this.continued;
		this.continued = length == Packet.LONGEST_PAYLOAD;
		if (continues) {
			return false;
		}
		this.file = this.file || this.buffer[Packet.HEADER - 1] != 0;
		if (this.file) {
			this.file = length > 0;
			return false;
		}
		return length > 0;
	}

	private void copy(InputStream fromClient, OutputStream toServer, int count) throws IOException {
		int remaining = count;
		while (remaining > 0) {
			int read = fromClient.read(this.buffer, 0, Math.min(BUFFER, remaining));
			if (read < 0) {
				return;
			}
			toServer.write(this.buffer, 0, read);
			remaining -= read;
		}
	}

	private Packet packet(int length, int first, InputStream fromClient) throws IOException {
		if (length > LONGEST_USER_CHANGE) {
			throw new ProtocolException("No change of the user is as long");
		}
		byte[] payload = Arrays.copyOf(Arrays.copyOfRange(this.buffer, Packet.HEADER, Packet.HEADER + first), length);
		fromClient.readNBytes(payload, first, length - first);
		return new Packet(0, payload);
	}

	/**
	 * Changes the user.
	 */
	@FunctionalInterface
	interface UserChanger {

		/**
		 * Takes the command, and whatever else the client says for it.
		 * @return whether to go on
		 */
		boolean change(Packet packet, OutputStream toServer) throws IOException;

	}

}

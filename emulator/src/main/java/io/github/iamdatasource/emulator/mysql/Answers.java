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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.concurrent.CountDownLatch;

import io.github.iamdatasource.emulator.front.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Copies what the server says to the client, but for the conversation of a login, which
 * is between the front and the server.
 */
final class Answers {

	private static final int BUFFER = 1 << 14;

	private volatile @Nullable Login login;

	private volatile boolean over;

	void copy(InputStream fromServer, OutputStream toClient) throws IOException {
		byte[] buffer = new byte[BUFFER];
		try {
			for (int read = fromServer.read(buffer); read >= 0; read = fromServer.read(buffer)) {
				Login current = this.login;
				if (current == null) {
					toClient.write(buffer, 0, read);
				}
				else {
					InputStream begun = new ByteArrayInputStream(buffer, 0, read);
					finish(current, new SequenceInputStream(begun, fromServer), toClient);
				}
			}
		}
		finally {
			this.over = true;
			Login current = this.login;
			if (current != null) {
				current.finished().countDown();
			}
		}
	}

	private void finish(Login current, InputStream fromServer, OutputStream toClient) throws IOException {
		Packet outcome;
		try {
			outcome = current.server().finish(fromServer);
		}
		catch (ProtocolException ex) {
			current.last().answer(ServerError.ofTheEmulator(ex.explanation()).toPayload()).write(toClient);
			throw ex;
		}
		this.login = null;
		current.last().answer(outcome.payload()).write(toClient);
		current.finished().countDown();
	}

	/**
	 * From now on the server's answers belong to a login. It must have nothing else to
	 * say, as is so when a client waits for its next command to be answered.
	 * @param server the login
	 * @param last the client's packet that its outcome answers
	 * @return what to wait for
	 */
	CountDownLatch expect(ServerLogin server, Packet last) {
		CountDownLatch finished = new CountDownLatch(1);
		this.login = new Login(server, last, finished);
		if (this.over) {
			finished.countDown();
		}
		return finished;
	}

	private record Login(ServerLogin server, Packet last, CountDownLatch finished) {
	}

}

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
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/**
 * Makes a client that has logged in another user, for that user's token only.
 */
final class UserChange {

	private final int capabilities;

	private final TokenChallenge challenge;

	private final Answers answers;

	UserChange(int capabilities, TokenChallenge challenge, Answers answers) {
		this.capabilities = capabilities;
		this.challenge = challenge;
		this.answers = answers;
	}

	/**
	 * Changes the user.
	 * @param packet the client's command
	 * @param toServer the server behind, whose answers go to the client
	 * @return whether to go on: servers hang up on whom they refuse
	 */
	boolean change(Packet packet, OutputStream toServer) throws IOException {
		ChangeUserRequest request = ChangeUserRequest.of(packet.payload(), this.capabilities);
		if (this.challenge.refusesWithoutToken(request.user(), packet)) {
			return false;
		}
		Packet token = this.challenge.token(packet, request.plugin(), request.authentication());
		if (!this.challenge.accepts(request.user(), token)) {
			return false;
		}
		CountDownLatch finished = this.answers
			.expect(new ServerLogin(this.challenge.passwordBehind(request.user()), toServer), token);
		new Packet(0, request.toServer()).write(toServer);
		try {
			finished.await();
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException();
		}
	}

}

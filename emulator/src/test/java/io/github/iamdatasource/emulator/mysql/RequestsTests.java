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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What only looks like a change of the user goes to the server as it is.
 */
class RequestsTests {

	private static final int QUERY = 3;

	private final ByteArrayOutputStream said = new ByteArrayOutputStream();

	private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();

	private final List<Integer> changes = new ArrayList<>();

	@BeforeEach
	void query() throws Exception {
		say(0, QUERY, 20);
	}

	@Test
	void fileWhoseNumbersComeByZeroAgain() throws Exception {
		say(0, QUERY, 100);
		for (int number = 2; number < 600; number++) {
			say(number, ChangeUserRequest.COMMAND, 50);
		}
		say(600, 0, 0);
		say(0, QUERY, 100);
		assertAllArrives();
	}

	@Test
	void commandOfSeveralPackets() throws Exception {
		say(0, QUERY, Packet.LONGEST_PAYLOAD);
		say(1, ChangeUserRequest.COMMAND, Packet.LONGEST_PAYLOAD);
		say(2, ChangeUserRequest.COMMAND, 17);
		say(0, QUERY, Packet.LONGEST_PAYLOAD);
		say(1, 0, 0);
		say(0, QUERY, 5);
		assertAllArrives();
	}

	@Test
	void fileOfLongPackets() throws Exception {
		say(0, QUERY, 100);
		say(2, ChangeUserRequest.COMMAND, Packet.LONGEST_PAYLOAD);
		// Ends the packet and not the file.
		say(3, 0, 0);
		say(256, ChangeUserRequest.COMMAND, 100);
		say(257, 0, 0);
		say(0, QUERY, 5);
		assertAllArrives();
	}

	@Test
	void fileThatIsNotSent() throws Exception {
		say(0, QUERY, 100);
		say(2, 0, 0);
		say(0, QUERY, 5);
		assertAllArrives();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 45, 46, 49 })
	void whatIsCutOff(int missing) throws Exception {
		say(0, QUERY, 46);
		byte[] all = this.said.toByteArray();
		this.said.reset();
		this.said.write(all, 0, all.length - missing);
		assertAllArrives();
	}

	@Test
	void realChangesDoNotArrive() throws Exception {
		say(2, QUERY, 100);
		say(3, 0, 0);
		int before = this.said.size();
		say(0, ChangeUserRequest.COMMAND, 1);
		say(0, ChangeUserRequest.COMMAND, 100_000);
		copy();
		assertThat(this.arrived.size()).isEqualTo(before);
		assertThat(this.changes).containsExactly(1, 100_000);
	}

	private void say(int number, int first, int length) throws Exception {
		byte[] payload = new byte[length];
		Arrays.fill(payload, (byte) first);
		new Packet(number, payload).write(this.said);
	}

	private void assertAllArrives() throws Exception {
		copy();
		assertThat(this.changes).isEmpty();
		assertThat(Arrays.equals(this.arrived.toByteArray(), this.said.toByteArray())).isTrue();
	}

	private void copy() throws IOException {
		new Requests(this::changeUser).copy(new ByteArrayInputStream(this.said.toByteArray()), this.arrived);
	}

	private boolean changeUser(Packet packet, OutputStream toServer) {
		this.changes.add(packet.payload().length);
		return true;
	}

}

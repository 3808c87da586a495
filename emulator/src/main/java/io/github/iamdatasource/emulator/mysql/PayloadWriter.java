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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes the fields of a payload, one after the other.
 */
final class PayloadWriter {

	private final ByteArrayOutputStream payload = new ByteArrayOutputStream();

	PayloadWriter int1(int number) {
		this.payload.write(number);
		return this;
	}

	PayloadWriter int2(int number) {
		return int1(number).int1(number >> 8);
	}

	PayloadWriter int4(int number) {
		return int2(number).int2(number >> 16);
	}

	PayloadWriter bytes(byte[] bytes) {
		this.payload.writeBytes(bytes);
		return this;
	}

	PayloadWriter zeroTerminated(byte[] bytes) {
		return bytes(bytes).int1(0);
	}

	PayloadWriter zeroTerminated(String text) {
		return zeroTerminated(text.getBytes(StandardCharsets.UTF_8));
	}

	byte[] toBytes() {
		return this.payload.toByteArray();
	}

}

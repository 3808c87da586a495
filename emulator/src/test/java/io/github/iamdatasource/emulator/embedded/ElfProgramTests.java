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
package io.github.iamdatasource.emulator.embedded;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

class ElfProgramTests {

	private static final int LOADED_UNTIL = 64 + 56 + 100;

	private final ByteArrayOutputStream copy = new ByteArrayOutputStream();

	@Test
	void whatIsLoadedIsKeptAndTheRestIsNot() throws Exception {
		byte[] program = program();
		ElfProgram.copy(new ByteArrayInputStream(program), this.copy);
		byte[] expected = Arrays.copyOf(program, LOADED_UNTIL);
		// Where the sections are, which are no longer there.
		Arrays.fill(expected, 0x28, 0x30, (byte) 0);
		Arrays.fill(expected, 0x3C, 0x40, (byte) 0);
		assertThat(this.copy.toByteArray()).isEqualTo(expected);
	}

	@Test
	void otherFilesAreRefused() {
		assertThatIOException().isThrownBy(() -> copy(new byte[200]))
			.withMessage("The program is not of the kind that Linux runs");
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> copy(new byte[10]));
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> copy(Arrays.copyOf(program(), 200)));
	}

	private void copy(byte[] program) throws IOException {
		ElfProgram.copy(new ByteArrayInputStream(program), this.copy);
	}

	/** With one segment, which begins with the file, and sections after it. */
	private static byte[] program() {
		byte[] bytes = new byte[1000];
		Arrays.fill(bytes, (byte) 0x55);
		ByteBuffer program = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		program.put(0, new byte[] { 0x7F, 'E', 'L', 'F' }).putLong(0x20, 64).putLong(0x28, 900);
		program.putShort(0x36, (short) 56).putShort(0x38, (short) 1);
		program.putInt(64, 1).putLong(64 + 0x08, 0).putLong(64 + 0x20, LOADED_UNTIL);
		return bytes;
	}

}

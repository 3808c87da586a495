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

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * Unpacks PostgreSQL once for all servers of this process that run at the same time,
 * because that takes two seconds and more. The last server to stop removes it.
 */
final class SharedBinaries {

	private static @Nullable PrivateFolder folder;

	private static @Nullable Programs programs;

	private static int users;

	private SharedBinaries() {
	}

	/**
	 * Everybody who gets the programs has to {@link #release()} them.
	 * @return PostgreSQL's programs
	 */
	static synchronized Programs acquire() throws IOException {
		Programs current = programs;
		if (current == null) {
			PrivateFolder fresh = PrivateFolder.create();
			try {
				PostgresBinaries.unpack(fresh.path());
				current = Programs.in(fresh);
			}
			catch (IOException | RuntimeException | Error ex) {
				deleteAfter(ex, fresh);
				throw ex;
			}
			folder = fresh;
			programs = current;
		}
		users++;
		return current;
	}

	private static void deleteAfter(Throwable failure, PrivateFolder fresh) {
		try {
			fresh.delete();
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

	static synchronized void release() throws IOException {
		users--;
		PrivateFolder current = folder;
		if (users == 0 && current != null) {
			folder = null;
			programs = null;
			current.delete();
		}
	}

}

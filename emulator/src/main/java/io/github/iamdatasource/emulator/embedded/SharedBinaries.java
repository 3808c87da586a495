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
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Unpacks a server's programs once for all servers of this process that run at the same
 * time, because that takes a second and more. The last server to stop removes them.
 */
final class SharedBinaries {

	private final String server;

	private final List<String> trial;

	private final Unpacker unpacker;

	private @Nullable PrivateFolder folder;

	private @Nullable Programs programs;

	private int users;

	/**
	 * Unpacks nothing yet.
	 * @param server the server's program
	 * @param trial arguments with which it does nothing
	 * @param unpacker unpacks it and all that it needs
	 */
	SharedBinaries(String server, List<String> trial, Unpacker unpacker) {
		this.server = server;
		this.trial = trial;
		this.unpacker = unpacker;
	}

	/**
	 * Everybody who gets the programs has to {@link #release()} them.
	 * @return the server's programs
	 */
	synchronized Programs acquire() throws IOException {
		Programs current = this.programs;
		if (current == null) {
			PrivateFolder fresh = PrivateFolder.create();
			try {
				this.unpacker.unpack(fresh.path());
				current = Programs.in(fresh, this.server, this.trial);
			}
			catch (IOException | RuntimeException | Error ex) {
				deleteAfter(ex, fresh);
				throw ex;
			}
			this.folder = fresh;
			this.programs = current;
		}
		this.users++;
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

	synchronized void release() throws IOException {
		this.users--;
		PrivateFolder current = this.folder;
		if (this.users == 0 && current != null) {
			this.folder = null;
			this.programs = null;
			current.delete();
		}
	}

	/**
	 * Unpacks into a folder: programs into its {@code bin}.
	 */
	interface Unpacker {

		void unpack(Path folder) throws IOException;

	}

}

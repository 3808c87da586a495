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

/**
 * A server's programs, and how they are run here.
 *
 * @param folder where they are
 * @param server which one is the server
 * @param runAs who runs them
 */
record Programs(Path folder, String server, RunAs runAs) {

	/**
	 * Servers refuse to run as root. In a user namespace of its own a server is nobody
	 * there, yet owns what root's files are. Many containers do not allow such
	 * namespaces: there it becomes nobody, and is given its folders. This is decided
	 * before any server runs, from which the files must not be taken.
	 */
	static Programs in(PrivateFolder unpacked, String server, List<String> trial) throws IOException {
		Path folder = unpacked.path().resolve("bin");
		if (!unpacked.belongsToRoot()) {
			return new Programs(folder, server, RunAs.MYSELF);
		}
		Path log = unpacked.path().resolve("trial.log");
		Programs asNobodyInside = new Programs(folder, server, RunAs.NOBODY_INSIDE);
		if (new Commands(asNobodyInside, log).work(trial)) {
			return asNobodyInside;
		}
		Programs asNobody = new Programs(folder, server, RunAs.NOBODY);
		asNobody.admitTo(unpacked);
		Commands commands = new Commands(asNobody, log);
		if (commands.work(trial)) {
			return asNobody;
		}
		if (commands.output().contains("loading shared libraries")) {
			throw new IOException(server + " needs a library that this machine does not have: install it, or use a "
					+ "server of your own with backend(…). It wrote:\n" + commands.output());
		}
		throw new IOException(server + " does not run as root, and neither 'unshare --user' nor 'setpriv --reuid' "
				+ "makes it run here: run as an ordinary user, or use a server of your own with backend(…). "
				+ "They wrote:\n" + commands.output());
	}

	/**
	 * Lets the programs read and write what is in a folder now.
	 */
	void admitTo(PrivateFolder privateFolder) throws IOException {
		if (this.runAs == RunAs.NOBODY) {
			privateFolder.giveToNobody();
		}
	}

	List<String> command(String program) {
		List<String> command = this.runAs.command();
		command.add(this.folder.resolve(program).toString());
		return command;
	}

}

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

import java.util.ArrayList;
import java.util.List;

/**
 * Who runs a server's programs.
 */
enum RunAs {

	/** The user of this process. */
	MYSELF,

	/** Nobody, in a user namespace; outside of it, the user of this process. */
	NOBODY_INSIDE("unshare", "--user"),

	/** Nobody, who owns no file unless it is given to it. */
	NOBODY("setpriv", "--reuid=" + PrivateFolder.NOBODY, "--regid=" + PrivateFolder.NOBODY, "--clear-groups");

	private final List<String> prefix;

	RunAs(String... prefix) {
		this.prefix = List.of(prefix);
	}

	/**
	 * What the program and its arguments are appended to.
	 */
	List<String> command() {
		return new ArrayList<>(this.prefix);
	}

}

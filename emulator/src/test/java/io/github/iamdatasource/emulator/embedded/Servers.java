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
import java.util.regex.Pattern;

import org.junit.jupiter.api.Assumptions;

/**
 * Starts servers for tests. One that the machine cannot run is no failure, but is told.
 */
public final class Servers {

	private static final Pattern UNAVAILABLE = Pattern.compile("on Linux on x86-64 only|loading shared libraries");

	private Servers() {
	}

	public static <S extends EmbeddedServer> S startOrSkip(Starter<S> starter) throws IOException {
		try {
			return starter.start();
		}
		catch (IOException ex) {
			skipIfUnavailable(ex);
			throw ex;
		}
	}

	public static void skipIfUnavailable(Exception failure) {
		if (UNAVAILABLE.matcher(failure.getMessage()).find()) {
			System.out.println("Skipped: " + failure.getMessage());
			Assumptions.abort(failure.getMessage());
		}
	}

	/**
	 * Starts a server.
	 *
	 * @param <S> which one
	 */
	public interface Starter<S> {

		S start() throws IOException;

	}

}

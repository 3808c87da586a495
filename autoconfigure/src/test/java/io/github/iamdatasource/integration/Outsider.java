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
package io.github.iamdatasource.integration;

import java.io.PrintWriter;
import java.io.StringWriter;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Sees whatever the library shows to somebody, and puts it where the build searches for
 * secrets.
 */
final class Outsider {

	private static final Log logger = LogFactory.getLog(Outsider.class);

	private Outsider() {
	}

	static <T extends Throwable> T sees(T failure) {
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		logger.trace("Seen from outside: " + trace);
		return failure;
	}

	static String sees(Object answer) {
		logger.trace("Seen from outside: " + answer);
		return String.valueOf(answer);
	}

}

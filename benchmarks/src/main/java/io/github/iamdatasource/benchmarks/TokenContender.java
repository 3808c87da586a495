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
package io.github.iamdatasource.benchmarks;

import java.sql.SQLException;
import java.util.concurrent.Callable;

/**
 * A contender that has tokens.
 */
interface TokenContender extends Contender {

	/**
	 * Reads the token as a login does, and waits for it where a login would.
	 * @return a reader for one thread
	 * @throws SQLException if the contender does not like what it is given
	 */
	Callable<String> reader() throws SQLException;

}

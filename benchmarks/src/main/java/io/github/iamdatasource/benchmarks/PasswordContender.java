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

import com.zaxxer.hikari.HikariConfig;

/**
 * Plain pgjdbc, to which no moment matters.
 */
final class PasswordContender implements Contender {

	private final DatabaseAccess database;

	private final CountingCredentials unused = new CountingCredentials();

	PasswordContender(DatabaseAccess database) {
		this.database = database;
	}

	@Override
	public String title() {
		return "pgjdbc with a password";
	}

	@Override
	public Login unpooled() {
		// Signed anew each time: an experiment may last longer than a token.
		return new Logins(this.database).password();
	}

	@Override
	public void configure(HikariConfig pool) {
		pool.setJdbcUrl(this.database.jdbcUrl() + "?" + this.database.tlsParameters());
		pool.setUsername(DatabaseAccess.USERNAME);
		pool.setPassword(this.database.fixedPassword());
	}

	@Override
	public void reach(Moment moment) {
	}

	@Override
	public CountingCredentials credentials() {
		return this.unused;
	}

	@Override
	public int signatures() {
		return 0;
	}

}

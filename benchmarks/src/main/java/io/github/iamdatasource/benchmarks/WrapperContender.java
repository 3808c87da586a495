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

import com.zaxxer.hikari.HikariConfig;
import software.amazon.jdbc.plugin.TokenInfo;
import software.amazon.jdbc.util.CoreServicesContainer;

/**
 * The AWS Advanced JDBC Wrapper with the plugin {@code iam}.
 */
final class WrapperContender implements TokenContender {

	private final DatabaseAccess database;

	private final CountingCredentials credentials = new CountingCredentials();

	private final Logins logins;

	private final Login login;

	WrapperContender(DatabaseAccess database) {
		this.database = database;
		this.logins = new Logins(database);
		this.login = this.logins.wrapper(this.credentials);
	}

	@Override
	public String title() {
		return "AWS Advanced JDBC Wrapper";
	}

	@Override
	public Login unpooled() {
		return this.login;
	}

	@Override
	public void configure(HikariConfig pool) {
		pool.setJdbcUrl(this.logins.wrapperUrl());
		pool.setUsername(DatabaseAccess.USERNAME);
	}

	@Override
	public Callable<String> reader() throws SQLException {
		return new WrapperTokenCache(this.database, this.credentials)::read;
	}

	@Override
	public void reach(Moment moment) {
		if (moment != Moment.FRESH) {
			// To the plugin a token that is not there is the same as one that expired.
			// To wait for iamExpiration instead would do it an injustice: it counts from
			// before the credentials are resolved, so that a short one never lasts.
			CoreServicesContainer.getInstance().getStorageService().clear(TokenInfo.class);
		}
	}

	@Override
	public CountingCredentials credentials() {
		return this.credentials;
	}

	@Override
	public int signatures() {
		// The plugin resolves the credentials exactly once for each token.
		return this.credentials.lookUps();
	}

}

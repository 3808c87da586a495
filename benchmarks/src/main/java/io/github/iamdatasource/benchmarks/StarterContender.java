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

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariConfig;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.TokenSource;

/**
 * This project's data source.
 */
final class StarterContender implements Contender {

	private final CountingCredentials credentials = new CountingCredentials();

	private final AtomicInteger signatures = new AtomicInteger();

	private final ShiftedClock clock = new ShiftedClock();

	private final RdsTokenSigner signer;

	private final IamDataSource dataSource;

	StarterContender(DatabaseAccess database) {
		Logins logins = new Logins(database);
		this.signer = new RdsTokenSigner(logins.endpoint(), this.credentials, this.clock);
		this.dataSource = logins.starter(new TokenSource(this::sign, this.clock));
	}

	/** The server sees true times; the token source sees those of the shifted clock. */
	private AuthenticationToken sign() {
		this.signatures.incrementAndGet();
		Instant now = this.clock.instant();
		return new AuthenticationToken(this.signer.sign().value(), now, now.plus(AuthenticationToken.LIFETIME));
	}

	@Override
	public String title() {
		return "iam-datasource";
	}

	@Override
	public Login unpooled() {
		return this.dataSource::getConnection;
	}

	@Override
	public void configure(HikariConfig pool) {
		pool.setDataSource(this.dataSource);
	}

	@Override
	public void reach(Moment moment) {
		if (moment != Moment.FRESH) {
			this.clock.advance(AuthenticationToken.LIFETIME);
		}
	}

	@Override
	public CountingCredentials credentials() {
		return this.credentials;
	}

	@Override
	public int signatures() {
		return this.signatures.get();
	}

}

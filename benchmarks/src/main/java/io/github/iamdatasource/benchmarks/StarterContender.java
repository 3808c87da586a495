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

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;

import com.zaxxer.hikari.HikariConfig;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.TokenSource;

/**
 * This project's data source.
 */
final class StarterContender implements TokenContender {

	/** By then every token is due: the longest that chance makes of ten minutes. */
	private static final Duration REFRESH_AGE = Duration.ofMinutes(11);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final CountingCredentials credentials = new CountingCredentials();

	private final ShiftedClock clock = new ShiftedClock(Clock.systemUTC());

	private final RetimedSigner signer;

	private final TokenSource tokens;

	private final IamDataSource dataSource;

	StarterContender(DatabaseAccess database) {
		Logins logins = new Logins(database);
		this.signer = new RetimedSigner(new RdsTokenSigner(logins.endpoint(), CredentialsSource.of(this.credentials),
				RefreshPolicy.DEFAULT, Clock.systemUTC()), this.clock);
		this.tokens = new TokenSource("benchmark", this.signer, RefreshPolicy.DEFAULT, Refresher.shared(), this.clock);
		this.dataSource = logins.starter(this.tokens);
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
	public Callable<String> reader() {
		return () -> this.tokens.getToken(PATIENCE).value();
	}

	@Override
	public void reach(Moment moment) throws InterruptedException {
		switch (moment) {
			case FRESH -> {
			}
			case REFRESH -> {
				int before = this.credentials.lookUps();
				this.clock.advance(REFRESH_AGE);
				Refresher.shared().wakeUp();
				Waiting.until("the refresh begins", () -> this.credentials.lookUps() > before);
			}
			case EXPIRY -> this.clock.advance(AuthenticationToken.LIFETIME);
		}
	}

	@Override
	public void logInsBegin(Moment moment) {
		if (moment == Moment.REFRESH) {
			// Longer than this machine takes, be it as slow as it may.
			this.credentials.hold();
		}
	}

	@Override
	public void logInsAreOver(Moment moment) {
		if (moment == Moment.REFRESH) {
			if (!this.credentials.areLookedUp()) {
				throw new IllegalStateException("A login has waited for the credentials of a refresh");
			}
			this.credentials.release();
		}
	}

	@Override
	public void settle() throws InterruptedException {
		Waiting.until("every signature that was begun is there",
				() -> this.tokens.snapshot().counts().signatures() == this.signer.signatures());
	}

	@Override
	public CountingCredentials credentials() {
		return this.credentials;
	}

	@Override
	public int signatures() {
		return this.signer.signatures();
	}

	@Override
	public boolean claimsOneSignature() {
		return true;
	}

	@Override
	public void close() {
		this.tokens.close();
	}

}

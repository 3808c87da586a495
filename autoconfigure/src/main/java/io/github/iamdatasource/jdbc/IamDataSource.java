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
package io.github.iamdatasource.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.logging.Logger;

import javax.sql.DataSource;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.TokenSigningException;
import io.github.iamdatasource.token.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens a physical connection, signed in with the current token, each time it is asked.
 * <p>
 * It does not pool: put it under a connection pool. A connection outlives the token that
 * opened it, so the pool's maximum lifetime need not follow the token's.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM
 * database authentication</a>
 */
public final class IamDataSource implements DataSource {

	/**
	 * A token as young as this would not be signed differently now. Without this limit, a
	 * missing grant would cost a signature for each attempt to log in.
	 */
	private static final Duration FRESH = Duration.ofSeconds(10);

	private final DatabaseEndpoint endpoint;

	private final TokenSource tokenSource;

	private final Clock clock;

	private final DriverProfile driver;

	private final LoginFailures failures;

	private volatile int loginTimeout;

	private volatile @Nullable PrintWriter logWriter;

	private volatile @Nullable LoginAttempt lastLogin;

	/**
	 * Create a data source. Nothing is signed and no connection is opened yet.
	 * @param url where to connect to
	 * @param endpoint what the tokens are signed for
	 * @param tls how the server is verified
	 * @param tokenSource has the tokens for this endpoint
	 * @param clock tells when a login happened
	 * @throws InvalidSettingException if the URL and the TLS settings contradict each
	 * other
	 */
	public IamDataSource(JdbcUrl url, DatabaseEndpoint endpoint, TlsSettings tls, TokenSource tokenSource,
			Clock clock) {
		this.endpoint = endpoint;
		this.tokenSource = tokenSource;
		this.clock = clock;
		this.driver = new PostgreSqlDriverProfile((PostgreSqlUrl) url, endpoint, tls);
		this.failures = new LoginFailures(endpoint);
	}

	/**
	 * Open a physical connection.
	 * @return a new connection
	 * @throws SQLException as the driver threw it, or an {@link IamLoginException} if
	 * more can be said about it
	 */
	@Override
	public Connection getConnection() throws SQLException {
		AuthenticationToken token;
		try {
			token = this.tokenSource.getToken();
		}
		catch (TokenSigningException ex) {
			throw ended(Outcome.NO_TOKEN, this.failures.explain(ex));
		}
		try {
			Connection connection = this.driver.connect(token, this.loginTimeout);
			this.lastLogin = new LoginAttempt(this.clock.instant(), Outcome.SUCCEEDED, null);
			return connection;
		}
		catch (SQLException ex) {
			Instant now = this.clock.instant();
			if (!LoginFailures.isRejection(ex)) {
				throw ended(Outcome.FAILED, this.failures.explain(ex, token, now));
			}
			if (token.age(now).compareTo(FRESH) > 0) {
				// Perhaps the credentials were replaced since: the next login finds out.
				this.tokenSource.discard(token);
			}
			throw ended(Outcome.REJECTED, this.failures.explain(ex, token, now));
		}
		catch (RuntimeException ex) {
			// So the driver says that it was interrupted.
			throw ended(Outcome.FAILED, new SQLException(ex.getMessage(), "08001", ex));
		}
	}

	private SQLException ended(Outcome outcome, SQLException failure) {
		this.lastLogin = new LoginAttempt(this.clock.instant(), outcome, failure);
		return failure;
	}

	/**
	 * Open a physical connection. Pools call this method with the user name they were
	 * configured with.
	 * @param username the database user that the tokens are for, or {@code null}
	 * @param password not used: the token takes its place
	 * @return a new connection
	 * @throws SQLException if the user is another one, or as {@link #getConnection()}
	 * does
	 */
	@Override
	public Connection getConnection(@Nullable String username, @Nullable String password) throws SQLException {
		if (username != null && !username.equals(this.endpoint.username())) {
			throw new SQLException(
					"This data source signs in as '" + this.endpoint.username() + "' and cannot sign in as '" + username
							+ "'. Set iam.datasource.username, and no user on the connection pool",
					"28000");
		}
		return getConnection();
	}

	/**
	 * Return what the tokens are signed for.
	 * @return the endpoint
	 */
	public DatabaseEndpoint getEndpoint() {
		return this.endpoint;
	}

	/**
	 * Return what is verified of the server: the URL may ask for more than the settings.
	 * @return the mode
	 */
	public TlsMode getTlsMode() {
		return this.driver.tlsMode();
	}

	/**
	 * Return where the tokens come from.
	 * @return the token source
	 */
	public TokenSource getTokenSource() {
		return this.tokenSource;
	}

	/**
	 * Return the newest attempt to open a physical connection.
	 * @return the attempt, or {@code null} before the first
	 */
	public @Nullable LoginAttempt getLastLogin() {
		return this.lastLogin;
	}

	/**
	 * Return what to check when the database rejects the token.
	 * @return several sentences
	 */
	public String getLoginAdvice() {
		return this.failures.whatToCheck();
	}

	@Override
	public int getLoginTimeout() {
		return this.loginTimeout;
	}

	@Override
	public void setLoginTimeout(int seconds) {
		this.loginTimeout = seconds;
	}

	@Override
	public @Nullable PrintWriter getLogWriter() {
		return this.logWriter;
	}

	@Override
	public void setLogWriter(@Nullable PrintWriter out) {
		// Kept only because a pool may set one; nothing is ever written to it.
		this.logWriter = out;
	}

	@Override
	public Logger getParentLogger() throws SQLFeatureNotSupportedException {
		throw new SQLFeatureNotSupportedException("Logs through no java.util.logging.Logger");
	}

	@Override
	public <T> T unwrap(Class<T> type) throws SQLException {
		if (type.isInstance(this)) {
			return type.cast(this);
		}
		throw new SQLException("This data source is no " + type.getName());
	}

	@Override
	public boolean isWrapperFor(Class<?> type) {
		return type.isInstance(this);
	}

	@Override
	public String toString() {
		return "IamDataSource[" + this.endpoint.username() + " at " + this.endpoint.hostAndPort() + "]";
	}

}

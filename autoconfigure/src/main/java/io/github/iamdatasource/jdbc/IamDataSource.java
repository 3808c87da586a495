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
public final class IamDataSource implements DataSource, AutoCloseable {

	private final DatabaseEndpoint endpoint;

	private final TokenSource tokenSource;

	private final Clock clock;

	private final DriverProfile driver;

	private final LoginFailures failures;

	private final LoginLog logins;

	private volatile int loginTimeout;

	private volatile @Nullable PrintWriter logWriter;

	/**
	 * Create a data source. Nothing is signed and no connection is opened yet.
	 * @param url where to connect to
	 * @param endpoint what the tokens are signed for
	 * @param tls how the server is verified
	 * @param tokenSource has the tokens for this endpoint; whoever has created it closes
	 * it
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
		this.logins = new LoginLog(clock);
	}

	/**
	 * Open a physical connection. If the server rejects a token that was not signed for
	 * this very login, it is tried once more with a new one.
	 * @return a new connection
	 * @throws SQLException as the driver threw it, or an {@link IamLoginException} if
	 * more can be said about it
	 */
	@Override
	public Connection getConnection() throws SQLException {
		Deadline deadline = Deadline.in(this.loginTimeout);
		AuthenticationToken atHand = this.tokenSource.current();
		AuthenticationToken token = (atHand != null) ? atHand : requireToken(deadline);
		try {
			return connect(token, deadline);
		}
		catch (RejectedException ex) {
			if (atHand == null && !hasEnded(token)) {
				// As new as can be: another would be rejected as well.
				this.tokenSource.rejected(token);
				throw ex.failure;
			}
			return connectAgain(token, deadline, ex);
		}
	}

	private Connection connectAgain(AuthenticationToken rejected, Deadline deadline, RejectedException rejection)
			throws SQLException {
		AuthenticationToken token = replacement(rejected, deadline, rejection);
		if (token == null) {
			throw rejection.failure;
		}
		try {
			return connect(token, deadline);
		}
		catch (RejectedException ex) {
			this.tokenSource.rejected(token);
			throw ex.failure;
		}
	}

	/** While the login was under way, with credentials that ended. */
	private boolean hasEnded(AuthenticationToken token) {
		return token.remaining(this.clock.instant()).compareTo(Duration.ZERO) <= 0;
	}

	private AuthenticationToken requireToken(Deadline deadline) throws SQLException {
		try {
			return this.tokenSource.getToken(deadline.remaining());
		}
		catch (TokenSigningException ex) {
			throw ended(Outcome.NO_TOKEN, this.failures.explain(ex));
		}
	}

	private @Nullable AuthenticationToken replacement(AuthenticationToken rejected, Deadline deadline,
			RejectedException rejection) {
		try {
			return this.tokenSource.replace(rejected, deadline.remaining());
		}
		catch (TokenSigningException ex) {
			rejection.failure.addSuppressed(ex);
			return null;
		}
	}

	private Connection connect(AuthenticationToken token, Deadline deadline) throws SQLException, RejectedException {
		try {
			Connection connection = this.driver.connect(token, deadline.remainingSeconds());
			this.tokenSource.accepted();
			this.logins.add(Outcome.SUCCEEDED, null);
			return connection;
		}
		catch (SQLException ex) {
			SQLException explained = this.failures.explain(ex, token, this.clock.instant());
			if (LoginFailures.isRejection(ex)) {
				throw new RejectedException(ended(Outcome.REJECTED, explained));
			}
			throw ended(Outcome.FAILED, explained);
		}
		catch (RuntimeException ex) {
			// No driver should, but a pool knows how to go on only after an SQLException.
			throw ended(Outcome.FAILED, new SQLException(ex.getMessage(), "08001", ex));
		}
	}

	private SQLException ended(Outcome outcome, SQLException failure) {
		this.logins.add(outcome, failure);
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
	 * Wait until there is a token for the next login.
	 * @param patience how long to wait
	 * @throws TokenSigningException if there is none by then
	 */
	public void awaitToken(Duration patience) {
		this.tokenSource.getToken(patience);
	}

	/**
	 * Sign nothing any more, and let nobody wait for a token. Open connections stay open.
	 */
	@Override
	public void close() {
		this.tokenSource.close();
	}

	/**
	 * Return where the tokens come from.
	 * @return the token source
	 */
	public TokenSource getTokenSource() {
		return this.tokenSource;
	}

	/**
	 * Tell how the token and the logins are, without signing or connecting.
	 * @return the present state
	 */
	public IamDataSourceSnapshot snapshot() {
		return new IamDataSourceSnapshot(this.tokenSource.snapshot(), this.logins.last(), this.logins.counts());
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

	/**
	 * The server did not take the token.
	 */
	private static final class RejectedException extends Exception {

		private static final long serialVersionUID = 1L;

		private final SQLException failure;

		RejectedException(SQLException failure) {
			super(null, failure, false, false);
			this.failure = failure;
		}

	}

}

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
import java.util.List;
import java.util.Objects;
import java.util.logging.Logger;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.EndpointResolver;
import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.endpoint.PropertyNames;
import io.github.iamdatasource.jdbc.Login.End;
import io.github.iamdatasource.jdbc.Login.HandedOut;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CallerIdentities;
import io.github.iamdatasource.token.CallerIdentity;
import io.github.iamdatasource.token.TokenSigningException;
import io.github.iamdatasource.token.TokenSource;
import io.github.iamdatasource.token.TokenSources;
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

	/** How long a login that was rejected waits to be told whose token it was. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final DriverUrl url;

	private final String username;

	private final CallerIdentities callers;

	private final PropertyNames names;

	private final Clock clock;

	private final EndpointTokens tokens;

	private final VerifyingSocketFactory socketFactory;

	private final DriverCallbacks callbacks;

	private final DriverProfile driver;

	private final LoginFailures failures;

	private final LoginLog logins;

	private final LoginStateLog stateLog = new LoginStateLog();

	/** What answered the newest login, or is to answer the first. */
	private volatile DatabaseEndpoint endpoint;

	/** How the connection of the newest login that succeeded is encrypted. */
	private volatile @Nullable NegotiatedTls tls;

	private volatile int loginTimeout;

	private volatile @Nullable PrintWriter logWriter;

	/**
	 * Create a data source for one endpoint. Nothing is signed and no connection is
	 * opened yet.
	 * @param url where to connect to
	 * @param endpoint what the tokens are signed for
	 * @param tls how the server is verified
	 * @param tokenSource has the tokens for this endpoint, and is closed with this data
	 * source
	 * @param clock tells when a login happened
	 * @throws InvalidSettingException if the URL and the TLS settings contradict each
	 * other
	 */
	public IamDataSource(JdbcUrl url, DatabaseEndpoint endpoint, TlsSettings tls, TokenSource tokenSource,
			Clock clock) {
		this(url, (address) -> endpoint, tls, (it) -> tokenSource, CallerIdentities.UNKNOWN, clock);
	}

	/**
	 * Create a data source for all the hosts that a URL names, and those that the driver
	 * connects to besides. Nothing is signed and no connection is opened yet.
	 * @param url where to connect to
	 * @param endpoints tells what to sign for; for the same user everywhere
	 * @param tls how the server is verified
	 * @param tokenSources has the token source for an endpoint, is asked once for each,
	 * and gets them back when this data source is closed
	 * @param callers tells whose token was rejected
	 * @param clock tells when a login happened
	 * @throws InvalidSettingException if the URL and the TLS settings contradict each
	 * other, or one of its hosts is no endpoint
	 */
	public IamDataSource(JdbcUrl url, EndpointResolver endpoints, TlsSettings tls, TokenSources tokenSources,
			CallerIdentities callers, Clock clock) {
		this(url, endpoints, tls, tokenSources, callers, clock, PropertyNames.PRIMARY);
	}

	/**
	 * Create a data source for all the hosts that a URL names, and those that the driver
	 * connects to besides, whose failures name properties of its own.
	 * @param url where to connect to
	 * @param endpoints tells what to sign for; for the same user everywhere
	 * @param tls how the server is verified
	 * @param tokenSources has the token source for an endpoint, is asked once for each,
	 * and gets them back when this data source is closed
	 * @param callers tells whose token was rejected
	 * @param clock tells when a login happened
	 * @param names what the properties are called that it was configured with
	 * @throws InvalidSettingException if the URL and the TLS settings contradict each
	 * other, or one of its hosts is no endpoint
	 */
	public IamDataSource(JdbcUrl url, EndpointResolver endpoints, TlsSettings tls, TokenSources tokenSources,
			CallerIdentities callers, Clock clock, PropertyNames names) {
		List<DatabaseEndpoint> resolved = url.hosts().stream().map(endpoints::resolve).toList();
		// It permits no other.
		this.url = (DriverUrl) url;
		this.endpoint = resolved.get(0);
		this.username = this.endpoint.username();
		this.callers = callers;
		this.names = names;
		this.clock = clock;
		this.driver = this.url.profile(tls);
		this.socketFactory = new VerifyingSocketFactory(this.driver.tls(), endpoints);
		this.tokens = new EndpointTokens(tokenSources);
		this.callbacks = new DriverCallbacks(this.socketFactory, this.tokens);
		this.failures = new LoginFailures(this.url, this.driver, names);
		this.logins = new LoginLog();
		resolved.forEach(this.tokens::of);
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
		return logIn(Deadline.in(this.loginTimeout));
	}

	/**
	 * Open a physical connection and close it, to find out whether that works. It takes
	 * no longer than the {@link #setLoginTimeout(int) login timeout}, or half a minute if
	 * there is none, as far as the driver keeps to that.
	 * @throws SQLException as {@link #getConnection()} does
	 */
	public void probe() throws SQLException {
		Connection connection = logIn(Deadline.limited(this.loginTimeout));
		try {
			connection.close();
		}
		catch (SQLException ex) {
			// The login is what was asked for.
		}
	}

	private Connection logIn(Deadline deadline) throws SQLException {
		Login login = new Login(deadline);
		try {
			if (this.tokens.isClosed()) {
				// Another data source may go on with the same tokens.
				throw TokenSource.closedFailure();
			}
			if (this.url.hosts().size() == 1) {
				// Before a connection is opened, which would have to wait for it as well.
				login.prepare(this.endpoint, this.tokens.of(this.endpoint));
			}
			return connect(login);
		}
		catch (TokenSigningException ex) {
			throw ended(login, Outcome.NO_TOKEN, this.failures.explain(ex));
		}
		catch (RejectedException ex) {
			return connectAgain(login.deadline(), ex);
		}
	}

	private Connection connectAgain(Deadline deadline, RejectedException rejection) throws SQLException {
		HandedOut rejected = rejection.sent;
		if (rejected == null) {
			throw rejectedForGood(rejection, deadline);
		}
		TokenSource source = this.tokens.of(rejected.endpoint());
		if (rejected.signedForThis() && !hasEnded(rejected.token())) {
			// As new as can be: another would be rejected as well.
			source.rejected(rejected.token());
			throw rejectedForGood(rejection, deadline);
		}
		AuthenticationToken token;
		try {
			token = source.replace(rejected.token(), deadline.remaining());
		}
		catch (TokenSigningException ex) {
			SQLException failure = rejectedForGood(rejection, deadline);
			failure.addSuppressed(ex);
			throw failure;
		}
		if (token == null) {
			throw rejectedForGood(rejection, deadline);
		}
		remember(rejection.login, Outcome.REJECTED, explain(rejection, null));
		Login login = new Login(deadline);
		login.prepare(rejected.endpoint(), token);
		try {
			return connect(login);
		}
		catch (RejectedException ex) {
			HandedOut again = ex.sent;
			if (again != null) {
				this.tokens.of(again.endpoint()).rejected(again.token());
			}
			throw rejectedForGood(ex, deadline);
		}
	}

	/** Nothing more is tried, so there is time to find out whose token it was. */
	private SQLException rejectedForGood(RejectedException rejection, Deadline deadline) {
		Duration remaining = deadline.remaining();
		CallerIdentity caller = (rejection.sent == null) ? null : this.callers.find(rejection.sent.token().signedBy(),
				(remaining.compareTo(PATIENCE) < 0) ? remaining : PATIENCE);
		return ended(rejection.login, Outcome.REJECTED, explain(rejection, caller));
	}

	private SQLException explain(RejectedException rejection, @Nullable CallerIdentity caller) {
		return this.failures.explain(rejection.failure, circumstances(rejection.login).withCaller(caller));
	}

	private LoginCircumstances circumstances(Login login) {
		HostAndPort reached = login.address();
		List<HostAndPort> hosts = (reached != null) ? List.of(reached) : this.url.hosts();
		HandedOut sent = login.sent();
		return new LoginCircumstances(hosts.get(0),
				hosts.stream().map(HostAndPort::toString).collect(Collectors.joining(", ")), reached(login),
				(sent != null) ? sent.token() : null, null, login.tls(), getTlsMode(), this.driver.description(),
				login.deadline().isOver(), this.clock.instant());
	}

	/** Of several hosts, it is the last one's failure that the driver tells of. */
	private DatabaseEndpoint reached(Login login) {
		DatabaseEndpoint reached = login.reached();
		return (reached != null) ? reached : this.endpoint;
	}

	/** While the login was under way, with credentials that ended. */
	private boolean hasEnded(AuthenticationToken token) {
		return token.remaining(this.clock.instant()).compareTo(Duration.ZERO) <= 0;
	}

	private Connection connect(Login login) throws SQLException, RejectedException {
		String key = this.callbacks.begin(login);
		try {
			Connection connection = this.driver.connect(this.username, key, login.deadline());
			login.ended(this.clock.instant());
			HandedOut accepted = login.last();
			if (accepted == null) {
				connection.close();
				throw this.failures.letIn(circumstances(login));
			}
			accepted(login, accepted);
			return connection;
		}
		catch (SQLException | RuntimeException thrown) {
			login.ended(this.clock.instant());
			// No driver should throw anything else, but a pool knows how to go on only
			// after an SQLException.
			SQLException ex = (thrown instanceof SQLException expected) ? expected
					: new SQLException(thrown.getMessage(), "08001", thrown);
			TokenSigningException noToken = login.failure();
			if (noToken != null) {
				throw ended(login, Outcome.NO_TOKEN, this.failures.explain(noToken));
			}
			if (this.failures.isRejection(ex)) {
				throw new RejectedException(login, ex);
			}
			replaceSuspects(login);
			throw ended(login, Outcome.FAILED, this.failures.explain(ex, circumstances(login)));
		}
		finally {
			this.callbacks.end(key);
		}
	}

	/**
	 * A driver with several hosts goes on to the next after a rejection, and tells of the
	 * last one's failure only.
	 */
	private void replaceSuspects(Login login) {
		if (this.url.hosts().size() > 1) {
			for (HandedOut suspect : login.handedOut()) {
				try {
					this.tokens.of(suspect.endpoint()).replace(suspect.token(), Duration.ZERO);
				}
				catch (TokenSigningException ex) {
					// Is signed in the background, or is known not to be for now.
				}
			}
		}
	}

	private void accepted(Login login, HandedOut handedOut) {
		this.endpoint = handedOut.endpoint();
		this.tls = login.tls();
		this.tokens.of(handedOut.endpoint()).accepted();
		this.stateLog.succeeded(remember(login, Outcome.SUCCEEDED, null), handedOut.endpoint());
	}

	private SQLException ended(Login login, Outcome outcome, SQLException failure) {
		this.stateLog.failed(remember(login, outcome, failure), reached(login));
		return failure;
	}

	private LoginAttempt remember(Login login, Outcome outcome, @Nullable SQLException failure) {
		if (login.end() == null) {
			login.ended(this.clock.instant());
		}
		End end = Objects.requireNonNull(login.end());
		LoginAttempt attempt = new LoginAttempt(end.at(), outcome, failure);
		this.logins.add(attempt, end.took());
		return attempt;
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
		if (username != null && !username.equals(this.username)) {
			throw new SQLException(
					"This data source signs in as '" + this.username + "' and cannot sign in as '" + username + "'. "
							+ this.names.in("Set iam.datasource.username, and no user on the connection pool"),
					"28000");
		}
		return getConnection();
	}

	/**
	 * Return where it connects to.
	 * @return the JDBC URL without its parameters, which are for the driver alone
	 */
	public String getUrl() {
		return this.url.toString();
	}

	/**
	 * Return what the tokens are signed for.
	 * @return the endpoint that answered the newest login, before the first the one that
	 * the URL names first
	 */
	public DatabaseEndpoint getEndpoint() {
		return this.endpoint;
	}

	/**
	 * Return what is verified of the server: the URL may ask for more than the settings.
	 * @return the mode
	 */
	public TlsMode getTlsMode() {
		return this.driver.tls().mode();
	}

	/**
	 * Encrypt and verify new connections in another way from now on. What the URL says of
	 * it stays in force.
	 * @param tls how the server is verified
	 * @throws InvalidSettingException if the URL contradicts the settings
	 */
	public void use(TlsSettings tls) {
		this.socketFactory.use(this.url.profile(tls).tls());
	}

	/**
	 * Wait until there is a token for the next login.
	 * @param patience how long to wait
	 * @throws TokenSigningException if there is none by then
	 */
	public void awaitToken(Duration patience) {
		getTokenSource().getToken(patience);
	}

	/**
	 * Begin to sign tokens for all hosts of the URL, without waiting for them.
	 */
	public void warmUp() {
		this.tokens.warmUp();
	}

	/**
	 * Sign nothing any more, and let nobody wait for a token. Open connections stay open.
	 */
	@Override
	public void close() {
		this.callbacks.close();
		this.tokens.close();
	}

	/**
	 * Return where the tokens come from.
	 * @return the token source of {@link #getEndpoint()}
	 */
	public TokenSource getTokenSource() {
		return this.tokens.of(this.endpoint);
	}

	/**
	 * Tell how the tokens and the logins are, without signing or connecting.
	 * @return the present state
	 */
	public IamDataSourceSnapshot snapshot() {
		return new IamDataSourceSnapshot(this.endpoint, this.tokens.snapshots(), this.tls, this.callers.known(),
				this.logins.last(), this.logins.rejection(), this.logins.failures(), this.logins.counts());
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
		return "IamDataSource[" + this.username + " at " + this.url.hosts() + "]";
	}

	/**
	 * The server did not take the token.
	 */
	private static final class RejectedException extends Exception {

		private static final long serialVersionUID = 1L;

		private final transient Login login;

		private final transient SQLException failure;

		private final transient @Nullable HandedOut sent;

		RejectedException(Login login, SQLException failure) {
			super(null, failure, false, false);
			this.login = login;
			this.failure = failure;
			this.sent = login.sent();
		}

	}

}

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
package io.github.iamdatasource.emulator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLContext;

import io.github.iamdatasource.emulator.front.Front;
import io.github.iamdatasource.emulator.tls.CertificateAuthority;

/**
 * Describes an emulator. At least one {@link #user(String) database user} and one
 * {@link #principal(IamPrincipal) principal} are needed; all else has a default.
 */
public final class RdsIamEmulatorBuilder {

	private final Engine engine;

	private String hostname = "localhost";

	private int port;

	private String region = "us-east-1";

	private String account = "123456789012";

	private String resourceId = "db-ABCDEFGHIJKL01234";

	private String database = "app";

	private final Set<String> users = new LinkedHashSet<>();

	private final List<IamPrincipal> principals = new ArrayList<>();

	private Clock clock = Clock.systemUTC();

	private Backend backend;

	private Duration loginTimeout = Duration.ofSeconds(60);

	private Duration tokenLifetime = TokenVerifier.LONGEST_LIFETIME;

	RdsIamEmulatorBuilder(Engine engine) {
		this.engine = engine;
		this.backend = engine.embedded();
	}

	/**
	 * What tokens must be signed for, and the name on the server's certificate. The
	 * emulator listens on the loopback whatever its name.
	 * @param hostname a name in lower case, {@code localhost} by default
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder hostname(String hostname) {
		this.hostname = hostname;
		return this;
	}

	/**
	 * The port to listen on, and that tokens must be signed for.
	 * @param port the port; 0, the default, takes a free one
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder port(int port) {
		this.port = port;
		return this;
	}

	/**
	 * The region that tokens must be signed for.
	 * @param region the region, {@code us-east-1} by default
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder region(String region) {
		this.region = region;
		return this;
	}

	/**
	 * The account, which policies name.
	 * @param account 12 digits, {@code 123456789012} by default
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder account(String account) {
		this.account = account;
		return this;
	}

	/**
	 * The resource id, which policies name.
	 * @param resourceId such as the default, {@code db-ABCDEFGHIJKL01234}
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder resourceId(String resourceId) {
		this.resourceId = resourceId;
		return this;
	}

	/**
	 * The database, which is created if it does not exist. In PostgreSQL it then belongs
	 * to the first database user; in MySQL and MariaDB each has all privileges on it.
	 * @param database its name, {@code app} by default
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder database(String database) {
		this.database = database;
		return this;
	}

	/**
	 * Adds a database user who may sign in with IAM.
	 * @param user the name of a user who is created; in PostgreSQL with {@code rds_iam},
	 * and may create objects in the schema {@code public}
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder user(String user) {
		this.users.add(user);
		return this;
	}

	/**
	 * Adds somebody who may sign tokens.
	 * @param principal credentials and permissions
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder principal(IamPrincipal principal) {
		this.principals.add(principal);
		return this;
	}

	/**
	 * The clock that tokens are checked against. Certificates follow the real time.
	 * @param clock the clock, the system's by default
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder clock(Clock clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * The real server.
	 * @param backend where it comes from, by default an embedded one of the engine:
	 * {@link PostgresBackend#embedded()}, {@link MySqlBackend#embeddedMariaDb()} or
	 * {@link MySqlBackend#embeddedMySql()}
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder backend(Backend backend) {
		this.backend = backend;
		return this;
	}

	/**
	 * How long a client may take to log in before the emulator hangs up.
	 * @param loginTimeout a positive duration, one minute by default
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder loginTimeout(Duration loginTimeout) {
		this.loginTimeout = loginTimeout;
		return this;
	}

	/**
	 * How long a token is accepted, if it does not itself claim to be valid for less. A
	 * test with a real clock need not wait for a quarter of an hour then.
	 * @param tokenLifetime a positive duration, RDS's 15 minutes by default and at most;
	 * it counts from the second in which the token was signed, so that less than a second
	 * may refuse a token that has just been signed
	 * @return this builder
	 */
	public RdsIamEmulatorBuilder tokenLifetime(Duration tokenLifetime) {
		this.tokenLifetime = tokenLifetime;
		return this;
	}

	/**
	 * Starts the emulator.
	 * @return an emulator that takes logins
	 * @throws IllegalArgumentException if something was described wrongly
	 * @throws EmulatorException if it cannot start; nothing is left running
	 */
	public RdsIamEmulator start() {
		RdsEndpoint endpoint = new RdsEndpoint(this.hostname, this.port, this.region, this.account, this.resourceId);
		validate(endpoint);
		ServerSocket listener = bind();
		try {
			return start(listener, endpoint.withPort(listener.getLocalPort()));
		}
		catch (RuntimeException | Error ex) {
			FrontDoor.closeQuietly(listener);
			throw ex;
		}
	}

	private RdsIamEmulator start(ServerSocket listener, RdsEndpoint endpoint) {
		TokenVerifier verifier = verifier(endpoint);
		BackendServer server = this.backend.start();
		try {
			List<String> databaseUsers = List.copyOf(this.users);
			requireOtherThanAdmin(databaseUsers, server);
			LoginDesk desk = new LoginDesk(verifier,
					this.engine.provisioner(server, databaseUsers, this.database).provision());
			CertificateAuthority authority = new CertificateAuthority();
			SSLContext tls = authority.serverContext(endpoint.hostname());
			InetSocketAddress behind = new InetSocketAddress(server.host(), server.port());
			Duration timeout = this.loginTimeout;
			FrontDoor door = new FrontDoor(listener,
					(socket) -> Front.open(socket, this.engine.protocol(), tls, behind, desk, timeout));
			return new RdsIamEmulator(this.engine, endpoint, this.database, authority.certificatePem(), verifier, desk,
					door, server);
		}
		catch (SQLException ex) {
			server.stop().run();
			throw new EmulatorException("The emulator could not create its users and its database on " + server
					+ ": check that the server runs, and that the user may create users and databases (SQLSTATE "
					+ ex.getSQLState() + ")", ex);
		}
		catch (GeneralSecurityException ex) {
			server.stop().run();
			throw new EmulatorException("This JDK could not make the emulator's certificates", ex);
		}
		catch (RuntimeException | Error ex) {
			server.stop().run();
			throw ex;
		}
	}

	private void validate(RdsEndpoint endpoint) {
		this.engine.requireBackend(this.backend);
		this.engine.requireDatabase(this.database);
		require(!this.users.isEmpty(), "No database user: name at least one who may sign in, with user(\"app\")");
		this.users.forEach(this.engine::requireUser);
		require(!this.principals.isEmpty(), "No principal: add whoever signs the tokens, with "
				+ "principal(IamPrincipal.withKeys(…).allowedToConnectAs(\"app\"))");
		require(this.loginTimeout.toMillis() > 0 && this.loginTimeout.toMillis() < Integer.MAX_VALUE,
				"The login timeout is not a positive duration");
		// Explains two principals with one access key, or a wrong lifetime, before
		// anything is started.
		verifier(endpoint);
	}

	private TokenVerifier verifier(RdsEndpoint endpoint) {
		return new TokenVerifier(endpoint, this.principals, this.clock, this.tokenLifetime);
	}

	private static void requireOtherThanAdmin(List<String> users, BackendServer server) {
		require(!users.contains(server.adminUser()), "The database user '" + server.adminUser()
				+ "' administers the server behind the emulator: choose another name");
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	private ServerSocket bind() {
		try {
			return FrontDoor.listen(this.port);
		}
		catch (IOException ex) {
			throw new EmulatorException("The emulator could not listen on port " + this.port
					+ ": something else may be listening there; port 0 takes a free one", ex);
		}
	}

}

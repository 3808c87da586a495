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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands where Amazon RDS stands: a real PostgreSQL, MySQL or MariaDB that lets clients
 * in over TLS with IAM authentication tokens, and with nothing else. It listens on the
 * loopback only. <pre class="code">
 * try (RdsIamEmulator rds = RdsIamEmulator.postgresql()
 *         .database("orders").user("app")
 *         .principal(IamPrincipal.withKeys("AKIDEXAMPLE", "secret").allowedToConnectAs("app"))
 *         .start()) {
 *     rds.jdbcUrl(); // jdbc:postgresql://localhost:PORT/orders
 * }
 * </pre>
 */
public final class RdsIamEmulator implements AutoCloseable {

	private final Engine engine;

	private final RdsEndpoint endpoint;

	private final String database;

	private final String caCertificatePem;

	private final TokenVerifier verifier;

	private final LoginDesk desk;

	private final FrontDoor door;

	private final BackendServer server;

	private final AtomicBoolean closed = new AtomicBoolean();

	RdsIamEmulator(Engine engine, RdsEndpoint endpoint, String database, String caCertificatePem,
			TokenVerifier verifier, LoginDesk desk, FrontDoor door, BackendServer server) {
		this.engine = engine;
		this.endpoint = endpoint;
		this.database = database;
		this.caCertificatePem = caCertificatePem;
		this.verifier = verifier;
		this.desk = desk;
		this.door = door;
		this.server = server;
	}

	/**
	 * Begins to describe an emulated RDS for PostgreSQL.
	 * @return a builder
	 */
	public static RdsIamEmulatorBuilder postgresql() {
		return of(Engine.POSTGRESQL);
	}

	/**
	 * Begins to describe an emulated RDS for MariaDB, whose clients may be MySQL's too.
	 * @return a builder
	 */
	public static RdsIamEmulatorBuilder mariadb() {
		return of(Engine.MARIADB);
	}

	/**
	 * Begins to describe an emulated RDS for MySQL.
	 * @return a builder
	 */
	public static RdsIamEmulatorBuilder mysql() {
		return of(Engine.MYSQL);
	}

	/**
	 * Begins to describe an emulated RDS.
	 * @param engine for which engine
	 * @return a builder
	 */
	public static RdsIamEmulatorBuilder of(Engine engine) {
		return new RdsIamEmulatorBuilder(engine);
	}

	/**
	 * Which engine it stands for.
	 * @return the engine
	 */
	public Engine engine() {
		return this.engine;
	}

	/**
	 * What tokens must be signed for, and the name on the server's certificate.
	 * @return the signing host
	 */
	public String hostname() {
		return this.endpoint.hostname();
	}

	/**
	 * The port that it listens on, and that tokens must be signed for.
	 * @return the port really bound
	 */
	public int port() {
		return this.endpoint.port();
	}

	/**
	 * The region that tokens must be signed for.
	 * @return the region
	 */
	public String region() {
		return this.endpoint.region();
	}

	/**
	 * The database.
	 * @return its name
	 */
	public String database() {
		return this.database;
	}

	/**
	 * The URL for the engine's own JDBC driver, without user, password and anything about
	 * TLS.
	 * @return {@code jdbc:postgresql://hostname:port/database}, say
	 */
	public String jdbcUrl() {
		return jdbcUrl(this.engine.subprotocol());
	}

	/**
	 * The URL for another JDBC driver, without user, password and anything about TLS.
	 * @param subprotocol such as {@code mysql}, for MySQL Connector/J with MariaDB
	 * @return {@code jdbc:subprotocol://hostname:port/database}
	 */
	public String jdbcUrl(String subprotocol) {
		return "jdbc:" + subprotocol + "://" + hostname() + ":" + port() + "/"
				+ URLEncoder.encode(this.database, StandardCharsets.UTF_8).replace("+", "%20");
	}

	/**
	 * The certificate of the authority that issued the server's.
	 * @return PEM
	 */
	public String caCertificatePem() {
		return this.caCertificatePem;
	}

	/**
	 * Writes {@link #caCertificatePem()} into a file, for {@code sslrootcert} or
	 * {@code serverSslCert}, say.
	 * @param file the file, which is replaced if it exists
	 * @return the file
	 * @throws IOException if it cannot be written
	 */
	public Path writeCaCertificate(Path file) throws IOException {
		return Files.writeString(file, this.caCertificatePem);
	}

	/**
	 * How many logins were let through.
	 * @return a count since the start
	 */
	public long accepted() {
		return this.desk.accepted();
	}

	/**
	 * How many logins were refused.
	 * @return a count since the start
	 */
	public long rejected() {
		return rejections().values().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * How many logins were refused for one reason.
	 * @param rejection the reason
	 * @return a count since the start
	 */
	public long rejected(Rejection rejection) {
		return this.desk.rejected(rejection);
	}

	/**
	 * How many logins were refused, by reason.
	 * @return the reasons that occurred, with their counts since the start
	 */
	public Map<Rejection, Long> rejections() {
		Map<Rejection, Long> rejections = new EnumMap<>(Rejection.class);
		for (Rejection rejection : Rejection.values()) {
			long count = rejected(rejection);
			if (count > 0) {
				rejections.put(rejection, count);
			}
		}
		return Collections.unmodifiableMap(rejections);
	}

	/**
	 * Adds somebody who may sign tokens from now on.
	 * @param principal credentials and permissions
	 * @throws IllegalArgumentException if there is one with this access key id
	 */
	public void addPrincipal(IamPrincipal principal) {
		this.verifier.addPrincipal(principal);
	}

	/**
	 * Removes somebody who may sign tokens. Logins from now on are refused as
	 * {@link Rejection#UNKNOWN_ACCESS_KEY}, even with a token that was signed before;
	 * sessions that are open stay. Nobody need remain.
	 * @param accessKeyId whose access key id
	 * @return whether there was one
	 */
	public boolean removePrincipal(String accessKeyId) {
		return this.verifier.removePrincipal(accessKeyId);
	}

	/**
	 * Rejects all logins, or no longer does. A login that would be accepted otherwise is
	 * answered as any rejected one and counted as {@link Rejection#OUTAGE}; one that is
	 * wrong by itself keeps its own reason. Sessions that are open stay.
	 * @param on whether to reject all logins from now on
	 */
	public void rejectLogins(boolean on) {
		this.desk.rejectAll(on);
	}

	/**
	 * Does as a server that goes down does to its clients: no longer listens, so that
	 * connecting is refused, and cuts all connections. The server behind keeps running,
	 * and its data. Does nothing if it does not serve.
	 * <p>
	 * The connections are cut without a word, as by a crash. What they were executing may
	 * go on behind until it has an answer to send.
	 */
	public void stopServing() {
		this.door.shut();
	}

	/**
	 * Serves again after {@link #stopServing()}: on the same port, with the same
	 * certificate and the same principals. Does nothing if it does serve.
	 * @throws EmulatorException if something else has taken the port meanwhile; once that
	 * has ended, it may be tried again
	 * @throws IllegalStateException if the emulator has been closed
	 */
	public void resumeServing() {
		this.door.open();
	}

	/**
	 * Closes all connections and, if it is the emulator's own, stops the server behind
	 * and removes its files. Closing twice does nothing.
	 */
	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			try {
				this.door.close();
			}
			finally {
				this.server.stop().run();
			}
		}
	}

	@Override
	public String toString() {
		return "RdsIamEmulator[" + jdbcUrl() + "]";
	}

}

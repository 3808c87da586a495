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
package io.github.iamdatasource.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

import org.springframework.util.FileSystemUtils;

/**
 * A running PostgreSQL that does what RDS does: who was granted {@code rds_iam} sends a
 * password in plain text, inside of TLS only, and another judges it.
 */
final class LdapPostgres implements AutoCloseable {

	private static final String HOST = "127.0.0.1";

	private static final String ADMIN = "postgres";

	private static final int MOST_ATTEMPTS = 3;

	private final InstalledPostgres programs;

	private final Path folder;

	private final String adminPassword;

	/** It is no child of this process, so it would outlive an interrupted build. */
	private final Thread shutdownHook = new Thread(this::closeQuietly, "ldap-postgres-shutdown");

	private int port;

	private LdapPostgres(InstalledPostgres programs, Path folder, String adminPassword) {
		this.programs = programs;
		this.folder = folder;
		this.adminPassword = adminPassword;
		Runtime.getRuntime().addShutdownHook(this.shutdownHook);
	}

	/**
	 * Starts a server with the database {@code orders}, and {@code vault} for those who
	 * have a certificate.
	 * @param hostname the name on its certificate
	 * @param ldapOptions the options of {@code ldap} in {@code pg_hba.conf}
	 */
	static LdapPostgres start(InstalledPostgres programs, FileAuthority authority, String hostname, String ldapOptions)
			throws IOException, GeneralSecurityException, SQLException {
		byte[] password = new byte[16];
		new SecureRandom().nextBytes(password);
		LdapPostgres postgres = new LdapPostgres(programs, Files.createTempDirectory("ldap-postgres-"),
				HexFormat.of().formatHex(password));
		try {
			postgres.initialise(authority, hostname, ldapOptions);
			postgres.run();
			postgres.createUsersAndDatabases();
			return postgres;
		}
		catch (Throwable ex) {
			try {
				postgres.close();
			}
			catch (IOException | RuntimeException closing) {
				ex.addSuppressed(closing);
			}
			throw ex;
		}
	}

	private void initialise(FileAuthority authority, String hostname, String ldapOptions)
			throws IOException, GeneralSecurityException {
		Path passwordFile = Files.writeString(this.folder.resolve("password"), this.adminPassword);
		authority.writeCertificate(this.folder.resolve("ca.crt"));
		authority.writeServer(hostname, this.folder.resolve("server.crt"), this.folder.resolve("server.key"));
		Files.createFile(commandLog());
		this.programs.admitTo(this.folder);
		this.programs.run(commandLog(), "initdb", List.of("-D", data().toString(), "-U", ADMIN, "--auth=scram-sha-256",
				"--pwfile=" + passwordFile, "--encoding=UTF8", "--locale=C", "--no-sync"));
		Files.delete(passwordFile);
		// Nobody else is let in, so an IAM user who is not inside of TLS is not asked for
		// a password.
		Files.writeString(data().resolve("pg_hba.conf"), """
				hostnossl all %s %s/32 scram-sha-256
				hostssl vault +rds_iam %2$s/32 ldap %3$s clientcert=verify-ca
				hostssl all +rds_iam %2$s/32 ldap %3$s
				""".formatted(ADMIN, HOST, ldapOptions));
		// As talkative as it can be, as its log is searched for tokens. The data need not
		// survive a crash.
		append("""
				listen_addresses = '%s'
				unix_socket_directories = ''
				ssl = on
				ssl_cert_file = '../server.crt'
				ssl_key_file = '../server.key'
				ssl_ca_file = '../ca.crt'
				log_min_messages = debug5
				log_error_verbosity = verbose
				log_statement = all
				log_connections = on
				logging_collector = off
				timezone = 'UTC'
				shared_buffers = 16MB
				dynamic_shared_memory_type = mmap
				fsync = off
				full_page_writes = off
				synchronous_commit = off
				""".formatted(HOST));
	}

	private void append(String settings) throws IOException {
		Files.writeString(data().resolve("postgresql.conf"), settings, StandardOpenOption.APPEND);
	}

	private void run() throws IOException {
		for (int attempt = 1; true; attempt++) {
			this.port = freePort();
			append("port = " + this.port + "\n");
			try {
				this.programs.run(commandLog(), "pg_ctl", List.of("start", "-D", data().toString(), "-l",
						this.folder.resolve("postgres.log").toString(), "--wait", "--silent"));
				return;
			}
			catch (IOException ex) {
				// Somebody may take the port before PostgreSQL does.
				if (attempt == MOST_ATTEMPTS || !log(0).contains("could not bind")) {
					throw new IOException(ex.getMessage() + "\nThe server wrote:\n" + log(0), ex);
				}
			}
		}
	}

	private void createUsersAndDatabases() throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", ADMIN);
		properties.setProperty("password", this.adminPassword);
		properties.setProperty("sslmode", "disable");
		try (Connection connection = DriverManager.getConnection("jdbc:postgresql://" + HOST + ":" + this.port + "/",
				properties); Statement statement = connection.createStatement()) {
			for (String sql : List.of("create role rds_iam", "create user app in role rds_iam",
					"create user auditor in role rds_iam", "create user outsider", "create database orders owner app",
					"create database vault owner app")) {
				statement.execute(sql);
			}
		}
	}

	int port() {
		return this.port;
	}

	Path caFile() {
		return this.folder.resolve("ca.crt");
	}

	/**
	 * How much it has logged so far.
	 */
	long logSize() throws IOException {
		return Files.size(serverLog());
	}

	/**
	 * What it has logged since.
	 * @param begin the size of the log then
	 */
	String log(long begin) throws IOException {
		if (!Files.exists(serverLog())) {
			return "";
		}
		byte[] bytes = Files.readAllBytes(serverLog());
		return new String(bytes, (int) begin, bytes.length - (int) begin, StandardCharsets.UTF_8);
	}

	private Path serverLog() {
		return this.folder.resolve("postgres.log");
	}

	private Path commandLog() {
		return this.folder.resolve("commands.log");
	}

	private Path data() {
		return this.folder.resolve("data");
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
			return socket.getLocalPort();
		}
	}

	@Override
	public void close() throws IOException {
		Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
		stopAndDelete();
	}

	private void closeQuietly() {
		try {
			stopAndDelete();
		}
		catch (IOException ex) {
			System.err.println("The PostgreSQL in " + this.folder + " could not be stopped: " + ex.getMessage());
		}
	}

	private void stopAndDelete() throws IOException {
		try {
			if (Files.exists(data().resolve("postmaster.pid"))) {
				this.programs.run(commandLog(), "pg_ctl",
						List.of("stop", "-D", data().toString(), "--mode=immediate", "--wait", "--silent"));
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(this.folder);
		}
	}

}

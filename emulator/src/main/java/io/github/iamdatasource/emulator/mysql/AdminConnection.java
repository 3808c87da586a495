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
package io.github.iamdatasource.emulator.mysql;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * A connection to the server behind for a few statements. It spares users of the emulator
 * a driver that they may want in another version.
 */
public final class AdminConnection implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 10_000;

	private static final int LONGEST_PACKET = 1 << 20;

	private static final int QUERY = 0x03;

	private static final int END_OF_ROWS = 0xFE;

	/** utf8mb4_general_ci, which all of them know. */
	private static final int UTF8 = 45;

	private static final int CAPABILITIES = Capabilities.LONG_PASSWORD | Capabilities.PROTOCOL_41
			| Capabilities.TRANSACTIONS | Capabilities.SECURE_CONNECTION | Capabilities.PLUGIN_AUTHENTICATION;

	private final Socket socket;

	private AdminConnection(Socket socket) {
		this.socket = socket;
	}

	/**
	 * Logs in.
	 * @param host the server's host
	 * @param port its port
	 * @param user who to be
	 * @param password the password, or {@code null} if the server asks for none
	 * @return an open connection
	 * @throws SQLException if the server does not answer, or refuses
	 */
	public static AdminConnection open(String host, int port, String user, @Nullable String password)
			throws SQLException {
		Socket socket = new Socket();
		try {
			socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
			socket.setSoTimeout(TIMEOUT_MILLIS);
			socket.setTcpNoDelay(true);
			AdminConnection connection = new AdminConnection(socket);
			connection.login(user, (password != null) ? password : "");
			return connection;
		}
		catch (IOException ex) {
			closeQuietly(socket);
			throw unreachable(ex);
		}
		catch (SQLException | RuntimeException | Error ex) {
			closeQuietly(socket);
			throw ex;
		}
	}

	private void login(String user, String password) throws IOException, SQLException {
		Packet greeting = requireNoError(read());
		ServerGreeting.of(greeting.payload());
		byte[] session = new PayloadWriter().int4(Packet.LONGEST_PAYLOAD).int1(UTF8).bytes(new byte[23]).toBytes();
		LoginRequest request = new LoginRequest(CAPABILITIES, session, user.getBytes(StandardCharsets.UTF_8),
				new byte[0], new byte[0], "", new byte[0]);
		greeting.answer(request.toServer()).write(this.socket.getOutputStream());
		requireNoError(new ServerLogin(password, this.socket.getOutputStream()).finish(this.socket.getInputStream()));
	}

	/**
	 * Executes a statement that returns no rows.
	 * @param sql the statement
	 * @throws SQLException if the server refuses it
	 */
	public void execute(String sql) throws SQLException {
		try {
			send(sql);
		}
		catch (IOException ex) {
			throw unreachable(ex);
		}
	}

	/**
	 * Executes a query.
	 * @param sql the query
	 * @return whether it returns any row
	 * @throws SQLException if the server refuses it
	 */
	public boolean returnsRows(String sql) throws SQLException {
		try {
			send(sql);
			skipToEnd();
			return skipToEnd() > 0;
		}
		catch (IOException ex) {
			throw unreachable(ex);
		}
	}

	private void send(String sql) throws IOException, SQLException {
		new Packet(0, new PayloadWriter().int1(QUERY).bytes(sql.getBytes(StandardCharsets.UTF_8)).toBytes())
			.write(this.socket.getOutputStream());
		requireNoError(read());
	}

	/** Reads columns, or rows. */
	private int skipToEnd() throws IOException, SQLException {
		int count = 0;
		while (requireNoError(read()).type() != END_OF_ROWS) {
			count++;
		}
		return count;
	}

	private Packet read() throws IOException {
		return Packet.read(this.socket.getInputStream(), LONGEST_PACKET);
	}

	private static Packet requireNoError(Packet packet) throws SQLException {
		if (packet.type() == Packet.ERROR) {
			ServerError error = ServerError.of(packet.payload());
			throw new SQLException(error.message(), error.sqlState(), error.code());
		}
		return packet;
	}

	private static SQLException unreachable(IOException ex) {
		return new SQLException("The server does not answer as it should: " + ex.getMessage(), "08001", ex);
	}

	@Override
	public void close() {
		closeQuietly(this.socket);
	}

	private static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// It is of no more use either way.
		}
	}

}

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

import java.sql.Connection;
import java.sql.SQLException;

import io.github.iamdatasource.token.AuthenticationToken;

/**
 * Opens one physical connection through one JDBC driver: knows how that driver is told to
 * verify the server and to send a token.
 */
interface DriverProfile {

	/**
	 * Open a physical connection.
	 * @param token the token to log in with
	 * @param loginTimeout how long it may take, in seconds; 0 leaves it to the driver
	 * @return a new connection
	 * @throws SQLException as the driver threw it
	 */
	Connection connect(AuthenticationToken token, int loginTimeout) throws SQLException;

	/**
	 * Return what is verified, after the URL has had its say.
	 * @return the mode
	 */
	TlsMode tlsMode();

}

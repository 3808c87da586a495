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

import java.util.Properties;

import io.github.iamdatasource.token.TokenSigningException;
import org.postgresql.PGProperty;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * Gives pgjdbc the token for the connection over which it has just put TLS, once the
 * server asks for a password in the clear. Nothing is derived from a token for any other
 * kind of authentication.
 * <p>
 * Public because pgjdbc creates it by its name; of no use to anybody else.
 */
public final class PostgreSqlTokenPlugin implements AuthenticationPlugin {

	private final String key;

	/**
	 * Called by pgjdbc for each login.
	 * @param properties the connection's properties
	 */
	public PostgreSqlTokenPlugin(Properties properties) {
		this.key = properties.getProperty(PGProperty.SSL_FACTORY_ARG.getName(), "");
	}

	@Override
	public char[] getPassword(AuthenticationRequestType type) throws PSQLException {
		if (type != AuthenticationRequestType.CLEARTEXT_PASSWORD) {
			PasswordRequestedException cause = new PasswordRequestedException(type.name());
			throw new PSQLException(cause.getMessage(), PSQLState.INVALID_AUTHORIZATION_SPECIFICATION, cause);
		}
		try {
			return DriverCallbacks.token(this.key, SecuredChannel.take()).toCharArray();
		}
		catch (TokenSigningException | IllegalStateException ex) {
			throw new PSQLException(ex.getMessage(), PSQLState.CONNECTION_UNABLE_TO_CONNECT, ex);
		}
	}

}

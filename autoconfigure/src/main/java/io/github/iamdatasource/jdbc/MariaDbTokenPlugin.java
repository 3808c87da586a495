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

import java.sql.SQLException;

import io.github.iamdatasource.token.TokenSigningException;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.plugin.Credential;
import org.mariadb.jdbc.plugin.CredentialPlugin;

/**
 * Gives MariaDB Connector/J the token for the connection over which it has just put TLS.
 * <p>
 * Public because the driver finds it as a service; of no use to anybody else.
 */
public final class MariaDbTokenPlugin implements CredentialPlugin {

	static final String TYPE = "iam-datasource";

	private @Nullable Credential credential;

	@Override
	public String type() {
		return TYPE;
	}

	@Override
	public boolean mustUseSsl() {
		return true;
	}

	@Override
	public String defaultAuthenticationPluginType() {
		return "mysql_clear_password";
	}

	/**
	 * Called by the driver for each login, when the connection is encrypted.
	 */
	@Override
	public CredentialPlugin initialize(Configuration configuration, String username, HostAddress address)
			throws SQLException {
		MariaDbTokenPlugin plugin = new MariaDbTokenPlugin();
		try {
			plugin.credential = new Credential(username,
					DriverCallbacks.token(key(configuration), SecuredChannel.take()));
		}
		catch (TokenSigningException | IllegalStateException ex) {
			throw new SQLException(ex.getMessage(), "08001", ex);
		}
		return plugin;
	}

	static String key(Configuration configuration) {
		return configuration.nonMappedOptions().getProperty(DriverCallbacks.KEY_PROPERTY, "");
	}

	@Override
	public Credential get() {
		if (this.credential == null) {
			throw new IllegalStateException("The driver has not told the connection that the token is for");
		}
		return this.credential;
	}

	@Override
	public String toString() {
		return TYPE;
	}

}

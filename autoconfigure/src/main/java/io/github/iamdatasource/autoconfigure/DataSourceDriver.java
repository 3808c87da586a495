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
package io.github.iamdatasource.autoconfigure;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;

import io.github.iamdatasource.jdbc.IamDataSource;
import org.jspecify.annotations.Nullable;

/**
 * An {@link IamDataSource} in the shape of a driver, for a pool that takes nothing else.
 * Where to connect to is the data source's business, whatever the URL.
 *
 * @param dataSource opens the connections
 */
record DataSourceDriver(IamDataSource dataSource) implements Driver {

	@Override
	public Connection connect(String url, @Nullable Properties info) throws SQLException {
		return this.dataSource.getConnection((info != null) ? info.getProperty("user") : null, null);
	}

	@Override
	public boolean acceptsURL(String url) {
		return true;
	}

	@Override
	public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties info) {
		return new DriverPropertyInfo[0];
	}

	@Override
	public int getMajorVersion() {
		return 0;
	}

	@Override
	public int getMinorVersion() {
		return 0;
	}

	@Override
	public boolean jdbcCompliant() {
		return false;
	}

	@Override
	public Logger getParentLogger() throws SQLFeatureNotSupportedException {
		throw new SQLFeatureNotSupportedException("Logs through no java.util.logging.Logger");
	}

}

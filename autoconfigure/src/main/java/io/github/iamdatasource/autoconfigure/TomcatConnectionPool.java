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

import java.time.Duration;
import java.util.List;

import io.github.iamdatasource.jdbc.IamDataSource;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's JDBC pool.
 *
 * @param pool the pool
 */
record TomcatConnectionPool(DataSource pool) implements ConnectionPool {

	@Override
	public String prefix() {
		return "spring.datasource.tomcat";
	}

	@Override
	public List<String> ignoredSettings() {
		return List.of("url", "username", "password", "driver-class-name", "data-source-jndi", "connection-properties",
				"db-properties");
	}

	@Override
	public void use(IamDataSource dataSource) {
		this.pool.setDataSource(dataSource);
	}

	@Override
	public @Nullable IamDataSource used() {
		return (this.pool.getDataSource() instanceof IamDataSource used) ? used : null;
	}

	@Override
	public @Nullable Duration maximumWait() {
		return (this.pool.getMaxWait() > 0) ? Duration.ofMillis(this.pool.getMaxWait()) : null;
	}

	@Override
	public void limitLifetime(Duration lifetime) {
		if (this.pool.getMaxAge() <= 0) {
			this.pool.setMaxAge(lifetime.toMillis());
		}
	}

	@Override
	public void replaceConnections() {
		this.pool.purge();
	}

}

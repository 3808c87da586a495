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
import org.apache.commons.dbcp2.BasicDataSource;
import org.jspecify.annotations.Nullable;

/**
 * Commons DBCP 2. It takes no data source, but a driver.
 *
 * @param pool the pool
 */
record Dbcp2ConnectionPool(BasicDataSource pool) implements ConnectionPool {

	private static final Duration FOR_EVER = Duration.ofDays(1);

	@Override
	public String prefix() {
		return "spring.datasource.dbcp2";
	}

	@Override
	public List<String> ignoredSettings() {
		return List.of("url", "username", "password", "driver-class-name", "connection-properties");
	}

	@Override
	public void use(IamDataSource dataSource) {
		this.pool.setDriver(new DataSourceDriver(dataSource));
	}

	@Override
	public @Nullable IamDataSource used() {
		return (this.pool.getDriver() instanceof DataSourceDriver driver) ? driver.dataSource() : null;
	}

	@Override
	public @Nullable Duration maximumWait() {
		Duration wait = this.pool.getMaxWaitDuration();
		return (wait.isNegative() || wait.compareTo(FOR_EVER) >= 0) ? null : wait;
	}

	@Override
	public void limitLifetime(Duration lifetime) {
		if (this.pool.getMaxConnDuration().compareTo(Duration.ZERO) <= 0) {
			this.pool.setMaxConn(lifetime);
		}
	}

	/**
	 * Closes those that nobody uses at this moment: it has no way to mark the others that
	 * does not refuse connections for a while.
	 */
	@Override
	public void replaceConnections() {
		Duration idle = this.pool.getMinEvictableIdleDuration();
		int tests = this.pool.getNumTestsPerEvictionRun();
		try {
			this.pool.setMinEvictableIdle(Duration.ofNanos(1));
			// All of them.
			this.pool.setNumTestsPerEvictionRun(-1);
			this.pool.evict();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The pool's connections could not be closed", ex);
		}
		finally {
			this.pool.setMinEvictableIdle(idle);
			this.pool.setNumTestsPerEvictionRun(tests);
		}
	}

}

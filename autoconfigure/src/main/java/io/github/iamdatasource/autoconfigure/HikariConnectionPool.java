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

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.jspecify.annotations.Nullable;

/**
 * HikariCP.
 *
 * @param pool the pool
 */
record HikariConnectionPool(HikariDataSource pool) implements ConnectionPool {

	@Override
	public String prefix() {
		return "spring.datasource.hikari";
	}

	@Override
	public List<String> ignoredSettings() {
		return List.of("jdbc-url", "username", "password", "credentials-provider-class-name", "driver-class-name",
				"data-source-class-name", "data-source-jndi", "data-source-properties");
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
	public Duration maximumWait() {
		return Duration.ofMillis(this.pool.getConnectionTimeout());
	}

	@Override
	public void limitLifetime(Duration lifetime) {
		long byDefault = new HikariConfig().getMaxLifetime();
		if (this.pool.getMaxLifetime() == byDefault && byDefault > lifetime.toMillis()) {
			this.pool.setMaxLifetime(lifetime.toMillis());
		}
	}

	@Override
	public void replaceConnections() {
		HikariPoolMXBean running = this.pool.getHikariPoolMXBean();
		if (running != null) {
			running.softEvictConnections();
		}
	}

}

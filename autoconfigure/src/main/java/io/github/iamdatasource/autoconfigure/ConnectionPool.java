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

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection pool that Spring Boot configures, as far as the {@link IamDataSource}
 * under it is concerned.
 */
interface ConnectionPool {

	String HIKARI = "com.zaxxer.hikari.HikariDataSource";

	String TOMCAT = "org.apache.tomcat.jdbc.pool.DataSource";

	String DBCP2 = "org.apache.commons.dbcp2.BasicDataSource";

	/** The supported pools by the names of their classes, in Spring Boot's order. */
	List<String> TYPES = List.of(HIKARI, TOMCAT, DBCP2);

	/**
	 * Find out which pool a data source is. By its name, as the classes of the other
	 * pools need not be there.
	 * @param dataSource any data source
	 * @return the pool, or {@code null} if it is none of the supported ones
	 */
	static @Nullable ConnectionPool of(DataSource dataSource) {
		for (Class<?> type = dataSource.getClass(); type != null; type = type.getSuperclass()) {
			switch (type.getName()) {
				case HIKARI -> {
					return new HikariConnectionPool((HikariDataSource) dataSource);
				}
				case TOMCAT -> {
					return new TomcatConnectionPool((org.apache.tomcat.jdbc.pool.DataSource) dataSource);
				}
				case DBCP2 -> {
					return new Dbcp2ConnectionPool((BasicDataSource) dataSource);
				}
				default -> {
				}
			}
		}
		return null;
	}

	/**
	 * Return where Spring Boot takes the pool's settings from.
	 * @return such as {@code spring.datasource.hikari}
	 */
	String prefix();

	/**
	 * Return which of the pool's settings say how to connect, and so have no effect.
	 * @return names that follow the prefix
	 */
	List<String> ignoredSettings();

	/**
	 * Have the physical connections opened by a data source.
	 * @param dataSource what opens them
	 */
	void use(IamDataSource dataSource);

	/**
	 * Return what opens the physical connections.
	 * @return the data source, or {@code null} if it is something else
	 */
	@Nullable IamDataSource used();

	/**
	 * Return how long a caller waits for a connection at most.
	 * @return the time, or {@code null} if it is not limited
	 */
	@Nullable Duration maximumWait();

	/**
	 * Close connections before the service does, unless the pool closes them earlier
	 * anyway or was told when to.
	 * @param lifetime how old a connection may become
	 */
	void limitLifetime(Duration lifetime);

	/**
	 * Have each connection closed when nobody uses it any more, without refusing any to
	 * those who ask meanwhile.
	 */
	void replaceConnections();

}

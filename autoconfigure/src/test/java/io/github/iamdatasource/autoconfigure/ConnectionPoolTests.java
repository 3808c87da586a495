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

import com.zaxxer.hikari.HikariDataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What differs from pool to pool.
 */
class ConnectionPoolTests {

	private static final Duration SESSION = Duration.ofMinutes(55);

	@Test
	void isFoundByTheClassOfTheDataSourceOrThatItExtends() {
		assertThat(ConnectionPool.of(new HikariDataSource())).isInstanceOf(HikariConnectionPool.class);
		assertThat(ConnectionPool.of(new DataSource())).isInstanceOf(TomcatConnectionPool.class);
		assertThat(ConnectionPool.of(new BasicDataSource())).isInstanceOf(Dbcp2ConnectionPool.class);
		assertThat(ConnectionPool.of(new HikariDataSource() {
		})).isInstanceOf(HikariConnectionPool.class);
		assertThat(ConnectionPool.of(new SimpleDriverDataSource())).isNull();
	}

	@Test
	void typesAreTheNamesOfTheClasses() {
		assertThat(ConnectionPool.TYPES).containsExactly(HikariDataSource.class.getName(), DataSource.class.getName(),
				BasicDataSource.class.getName());
	}

	@Test
	void usesNothingUntilItIsToldTo() {
		assertThat(ConnectionPool.of(new HikariDataSource()).used()).isNull();
		assertThat(ConnectionPool.of(new DataSource()).used()).isNull();
		assertThat(ConnectionPool.of(new BasicDataSource()).used()).isNull();
	}

	@Test
	void waitsAsLongAsThePoolWasToldTo() {
		HikariDataSource hikari = new HikariDataSource();
		hikari.setConnectionTimeout(4000);
		assertThat(ConnectionPool.of(hikari).maximumWait()).isEqualTo(Duration.ofSeconds(4));
		DataSource tomcat = new DataSource();
		tomcat.setMaxWait(5000);
		assertThat(ConnectionPool.of(tomcat).maximumWait()).isEqualTo(Duration.ofSeconds(5));
		BasicDataSource dbcp2 = new BasicDataSource();
		dbcp2.setMaxWait(Duration.ofSeconds(6));
		assertThat(ConnectionPool.of(dbcp2).maximumWait()).isEqualTo(Duration.ofSeconds(6));
	}

	@Test
	void waitOfTomcatAndDbcp2NeedNotBeLimited() {
		DataSource tomcat = new DataSource();
		tomcat.setMaxWait(-1);
		assertThat(ConnectionPool.of(tomcat).maximumWait()).isNull();
		BasicDataSource dbcp2 = new BasicDataSource();
		assertThat(ConnectionPool.of(dbcp2).maximumWait()).isNull();
		dbcp2.setMaxWait(Duration.ofMillis(Long.MAX_VALUE));
		assertThat(ConnectionPool.of(dbcp2).maximumWait()).isNull();
	}

	@Test
	void hikariKeepsItsDefaultLifetimeIfThatIsShorter() {
		HikariDataSource pool = new HikariDataSource();
		ConnectionPool.of(pool).limitLifetime(SESSION);
		assertThat(pool.getMaxLifetime()).isEqualTo(Duration.ofMinutes(30).toMillis());
		ConnectionPool.of(pool).limitLifetime(Duration.ofMinutes(20));
		assertThat(pool.getMaxLifetime()).isEqualTo(Duration.ofMinutes(20).toMillis());
	}

	@Test
	void otherPoolsHaveNoLifetimeByDefault() {
		DataSource tomcat = new DataSource();
		ConnectionPool.of(tomcat).limitLifetime(SESSION);
		assertThat(tomcat.getMaxAge()).isEqualTo(SESSION.toMillis());
		BasicDataSource dbcp2 = new BasicDataSource();
		ConnectionPool.of(dbcp2).limitLifetime(SESSION);
		assertThat(dbcp2.getMaxConnDuration()).isEqualTo(SESSION);
	}

	@Test
	void lifetimeThatTheUserHasSetStays() {
		HikariDataSource hikari = new HikariDataSource();
		hikari.setMaxLifetime(Duration.ofHours(2).toMillis());
		ConnectionPool.of(hikari).limitLifetime(SESSION);
		assertThat(hikari.getMaxLifetime()).isEqualTo(Duration.ofHours(2).toMillis());
		DataSource tomcat = new DataSource();
		tomcat.setMaxAge(Duration.ofHours(2).toMillis());
		ConnectionPool.of(tomcat).limitLifetime(SESSION);
		assertThat(tomcat.getMaxAge()).isEqualTo(Duration.ofHours(2).toMillis());
		BasicDataSource dbcp2 = new BasicDataSource();
		dbcp2.setMaxConn(Duration.ofHours(2));
		ConnectionPool.of(dbcp2).limitLifetime(SESSION);
		assertThat(dbcp2.getMaxConnDuration()).isEqualTo(Duration.ofHours(2));
	}

}

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
package io.github.iamdatasource.integration;

import java.util.Map;

/**
 * What {@code spring.datasource.type} may name, with the settings that the tests want:
 * few connections, no login but those that are asked for, and no long wait.
 */
enum Pool {

	HIKARI("com.zaxxer.hikari.HikariDataSource", "hikari",
			Map.of("maximum-pool-size", "3", "minimum-idle", "0", "connection-timeout", "2000"), "pool-of-pool-tests"),

	TOMCAT("org.apache.tomcat.jdbc.pool.DataSource", "tomcat",
			Map.of("max-active", "3", "initial-size", "0", "min-idle", "0", "max-wait", "2000"),
			"Tomcat JDBC Pool Cleaner"),

	DBCP2("org.apache.commons.dbcp2.BasicDataSource", "dbcp2",
			Map.of("max-total", "3", "max-wait", "2s", "duration-between-eviction-runs", "1s"), "commons-pool-evictor"),

	NONE("io.github.iamdatasource.jdbc.IamDataSource", "none", Map.of(), "");

	private final String type;

	private final String prefix;

	private final Map<String, String> settings;

	private final String threads;

	Pool(String type, String prefix, Map<String, String> settings, String threads) {
		this.type = type;
		this.prefix = "spring.datasource." + prefix + ".";
		this.settings = settings;
		this.threads = threads;
	}

	/**
	 * Return how the names of the threads begin that the pool starts.
	 */
	String threads() {
		return this.threads;
	}

	String type() {
		return this.type;
	}

	Application under(Application application) {
		application.with("spring.datasource.type", this.type).with("spring.datasource.name", "pool-of-pool-tests");
		this.settings.forEach((name, value) -> application.with(this.prefix + name, value));
		return application;
	}

}

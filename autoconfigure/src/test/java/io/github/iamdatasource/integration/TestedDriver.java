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

import java.util.List;

import io.github.iamdatasource.emulator.Engine;

/**
 * The drivers that are supported, and the ways to use them.
 */
enum TestedDriver {

	/** pgjdbc. */
	POSTGRESQL("PostgreSQL JDBC Driver", "postgresql", "", "org.postgresql.Driver"),

	/** MySQL Connector/J. */
	MYSQL("MySQL Connector/J", "mysql", "", "com.mysql.cj.jdbc.Driver"),

	/** MariaDB Connector/J, in the line that Spring Boot manages. */
	MARIADB("MariaDB Connector/J", "mariadb", "", "org.mariadb.jdbc.Driver"),

	/** The next line of it, which cannot be on the same class path. */
	MARIADB_4("MariaDB Connector/J", "mariadb", "", "org.mariadb.jdbc.Driver"),

	/** The AWS Advanced JDBC Wrapper with the plugins that it has by default. */
	WRAPPED_POSTGRESQL(POSTGRESQL, ""),

	/** With a plugin that opens connections of its own to watch the server. */
	WRAPPED_POSTGRESQL_WATCHED(POSTGRESQL, "efm2"),

	WRAPPED_MYSQL(MYSQL, ""),

	WRAPPED_MYSQL_WATCHED(MYSQL, "efm2"),

	WRAPPED_MARIADB(MARIADB, ""),

	WRAPPED_MARIADB_WATCHED(MARIADB, "efm2");

	private static final String WRAPPER = "AWS Advanced JDBC Wrapper";

	private final String product;

	private final String subprotocol;

	private final String parameters;

	private final List<String> classNames;

	TestedDriver(String product, String subprotocol, String parameters, String... classNames) {
		this.product = product;
		this.subprotocol = subprotocol;
		this.parameters = parameters;
		this.classNames = List.of(classNames);
	}

	TestedDriver(TestedDriver target, String plugins) {
		this(target.product, "aws-wrapper:" + target.subprotocol, plugins.isEmpty() ? "" : "?wrapperPlugins=" + plugins,
				"software.amazon.jdbc.Driver", target.classNames.get(0));
	}

	boolean isWrapped() {
		return this.classNames.size() > 1;
	}

	/**
	 * Return whether it connects again and again to a server that it cannot connect to,
	 * for half a minute, and then forgets why it could not: that is one of the wrapper's
	 * default plugins.
	 */
	boolean isPersistent() {
		return isWrapped() && this.parameters.isEmpty();
	}

	/** What the driver calls itself. */
	String product() {
		return isWrapped() ? WRAPPER : this.product;
	}

	List<Engine> engines() {
		return this.subprotocol.endsWith("postgresql") ? List.of(Engine.POSTGRESQL)
				: List.of(Engine.MARIADB, Engine.MYSQL);
	}

	String url(OrdersDatabase database) {
		return database.rds().jdbcUrl(this.subprotocol) + this.parameters;
	}

	/**
	 * Return whether its classes are those on the class path.
	 */
	boolean isHere() {
		return (this != MARIADB && this != MARIADB_4)
				|| (this == MARIADB_4) == Versions.of(this.classNames.get(0)).startsWith("4.");
	}

	/**
	 * Return its name with the versions of all that is involved.
	 */
	String title() {
		String driver = this.product + " "
				+ (isHere() ? Versions.of(this.classNames.get(this.classNames.size() - 1)) : MariaDb4Process.version());
		if (!isWrapped()) {
			return driver;
		}
		return WRAPPER + " " + Versions.of(this.classNames.get(0)) + " over " + driver
				+ (this.parameters.isEmpty() ? "" : ", `" + this.parameters.substring(1) + "`");
	}

}

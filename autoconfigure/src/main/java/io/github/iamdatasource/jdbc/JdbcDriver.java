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

import java.util.function.Supplier;

import io.github.iamdatasource.endpoint.InvalidSettingException;

/**
 * The drivers, each of which is there only if the application has it.
 */
enum JdbcDriver {

	/** pgjdbc. */
	POSTGRESQL("org.postgresql.Driver", "org.postgresql:postgresql"),

	/** MySQL Connector/J. */
	MYSQL("com.mysql.cj.jdbc.Driver", "com.mysql:mysql-connector-j"),

	/** MariaDB Connector/J. */
	MARIADB("org.mariadb.jdbc.Driver", "org.mariadb.jdbc:mariadb-java-client"),

	/** The AWS Advanced JDBC Wrapper, on top of one of the others. */
	AWS_WRAPPER("software.amazon.jdbc.Driver", "software.amazon.jdbc:aws-advanced-jdbc-wrapper");

	private final String className;

	private final String artifact;

	JdbcDriver(String className, String artifact) {
		this.className = className;
		this.artifact = artifact;
	}

	/**
	 * Do what needs the driver.
	 * @param <T> the type of the result
	 * @param action what refers to the driver's classes
	 * @return its result
	 * @throws InvalidSettingException if the driver is missing
	 */
	<T> T require(Supplier<T> action) {
		if (!isPresent()) {
			throw new InvalidSettingException("Its driver, " + this.className + ", is not on the class path.",
					"Add the dependency " + this.artifact + ", with scope runtime.");
		}
		return action.get();
	}

	boolean isPresent() {
		try {
			Class.forName(this.className, false, JdbcDriver.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

}

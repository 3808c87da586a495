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
package io.github.iamdatasource.benchmarks.startup;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import javax.management.JMException;
import javax.sql.DataSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A JDBC application that does nothing but start, connect once and tell what that took.
 * How it signs in is a matter of its class path and its environment.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class StartupApplication {

	/** By then the threads that only help with the start have ended. */
	private static final long SETTLING_MILLIS = 1000;

	/**
	 * Starts, connects, prints one line of measurements and ends.
	 * @param arguments Spring Boot's
	 * @throws SQLException if there is no connection
	 * @throws IOException if the measurements could not be read
	 * @throws JMException if the JVM does not tell its classes
	 * @throws InterruptedException if this thread was interrupted
	 */
	public static void main(String[] arguments) throws SQLException, IOException, JMException, InterruptedException {
		try (ConfigurableApplicationContext context = SpringApplication.run(StartupApplication.class, arguments)) {
			long ready = System.currentTimeMillis();
			connect(context.getBean(DataSource.class));
			long connected = System.currentTimeMillis();
			Thread.sleep(SETTLING_MILLIS);
			System.out.println(Footprint.line(ready, connected));
		}
	}

	private static void connect(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute("select 1");
		}
	}

}

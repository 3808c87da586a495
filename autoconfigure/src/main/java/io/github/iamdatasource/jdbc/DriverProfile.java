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

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * How to have a driver log in with tokens over verified TLS: the driver's own properties
 * for that, and whatever the user's URL has besides.
 *
 * @param driver the driver
 * @param url the URL without its parameters: what stands in a URL would win
 * @param properties the parameters
 * @param tls how the server is verified, after the URL has had its say
 * @param keyProperty the property that leads the driver's callbacks to the data source
 * @param timeout the property for the time that a login may take
 * @param tokenRequest how the driver comes by a token
 */
record DriverProfile(Driver driver, String url, Map<String, String> properties, TlsSettings tls, String keyProperty,
		Timeout timeout, TokenRequest tokenRequest) {

	DriverProfile {
		properties = Map.copyOf(properties);
	}

	/**
	 * Open a physical connection.
	 * @param username who logs in
	 * @param key what leads the driver's callbacks to the login
	 * @param deadline by when it has to be open
	 * @return a new connection
	 * @throws SQLException as the driver threw it
	 */
	Connection connect(String username, String key, Deadline deadline) throws SQLException {
		Properties properties = new Properties();
		properties.putAll(this.properties);
		properties.setProperty("user", username);
		properties.setProperty(this.keyProperty, key);
		if (deadline.isLimited()) {
			properties.putIfAbsent(this.timeout.property,
					this.timeout.of(Duration.ofSeconds(deadline.remainingSeconds())));
		}
		Connection connection = this.driver.connect(this.url, properties);
		if (connection == null) {
			throw new SQLException(
					"The driver " + this.driver.getClass().getName() + " does not take its own URL " + this.url);
		}
		return connection;
	}

	/**
	 * Return the same for a driver that works on top of this one.
	 */
	DriverProfile under(Driver driver, String url, TimeUnit timeoutUnit) {
		return new DriverProfile(driver, url, this.properties, this.tls, this.keyProperty, this.timeout.in(timeoutUnit),
				this.tokenRequest);
	}

	/**
	 * Tell which driver this is, for whoever looks for a mistake.
	 * @return its class and version, and what gives it the token
	 */
	String description() {
		String version = this.driver.getClass().getPackage().getImplementationVersion();
		return this.driver.getClass().getName() + " "
				+ ((version != null) ? version : this.driver.getMajorVersion() + "." + this.driver.getMinorVersion())
				+ ", which gets the token from " + this.tokenRequest.plugin().getSimpleName();
	}

	/**
	 * How a driver comes by a token.
	 *
	 * @param plugin what gives it one
	 * @param asked whether the server has asked for one by then
	 */
	record TokenRequest(Class<?> plugin, boolean asked) {

	}

	/**
	 * A driver's property for a time.
	 *
	 * @param property its name
	 * @param unit its unit
	 * @param shares how many times it may pass one after the other
	 */
	record Timeout(String property, TimeUnit unit, int shares) {

		String of(Duration duration) {
			return Long.toString(Math.max(1, this.unit.convert(duration.dividedBy(this.shares))));
		}

		Timeout in(TimeUnit otherUnit) {
			return new Timeout(this.property, otherUnit, this.shares);
		}

	}

}

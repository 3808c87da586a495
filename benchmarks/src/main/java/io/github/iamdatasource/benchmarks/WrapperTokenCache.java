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
package io.github.iamdatasource.benchmarks;

import java.sql.SQLException;
import java.util.Properties;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.jdbc.DriverConnectionProvider;
import software.amazon.jdbc.HostSpec;
import software.amazon.jdbc.HostSpecBuilder;
import software.amazon.jdbc.authentication.AwsCredentialsManager;
import software.amazon.jdbc.hostavailability.SimpleHostAvailabilityStrategy;
import software.amazon.jdbc.plugin.iam.IamAuthConnectionPlugin;
import software.amazon.jdbc.targetdriverdialect.TargetDriverDialectManager;
import software.amazon.jdbc.util.CoreServicesContainer;
import software.amazon.jdbc.util.FullServicesContainer;
import software.amazon.jdbc.util.ServiceUtility;
import software.amazon.jdbc.util.telemetry.DefaultTelemetryFactory;

/**
 * The wrapper's way to a cached token, which it has in no method of its own:
 * {@link IamAuthConnectionPlugin#connect} reads the parameters, finds the region, makes
 * the cache's key, takes the token from the cache and sets it as the password, and then
 * lets the rest of the chain connect. Here the rest of the chain does nothing.
 * <p>
 * The wrapper also creates the plugin, and all that surrounds it, anew for each
 * connection. That is left out here in its favour.
 */
final class WrapperTokenCache {

	private static final String PROTOCOL = "jdbc:postgresql:";

	private final Properties properties = new Properties();

	private final HostSpec host;

	private final IamAuthConnectionPlugin plugin;

	WrapperTokenCache(DatabaseAccess database, AwsCredentialsProvider credentials) throws SQLException {
		AwsCredentialsManager.setCustomHandler((host, properties) -> credentials);
		this.properties.setProperty("user", DatabaseAccess.USERNAME);
		this.properties.setProperty("wrapperPlugins", "iam");
		this.host = new HostSpecBuilder(new SimpleHostAvailabilityStrategy()).host(DatabaseAccess.HOSTNAME)
			.port(database.port())
			.build();
		this.plugin = new IamAuthConnectionPlugin(services(database));
	}

	/** As the wrapper's driver does for each connection. */
	private FullServicesContainer services(DatabaseAccess database) throws SQLException {
		CoreServicesContainer core = CoreServicesContainer.getInstance();
		org.postgresql.Driver driver = new org.postgresql.Driver();
		return ServiceUtility.getInstance()
			.createStandardServiceContainer(core.getStorageService(), core.getMonitorService(),
					core.getEventPublisher(), new DriverConnectionProvider(driver), null,
					new DefaultTelemetryFactory(this.properties), database.jdbcUrl(), PROTOCOL,
					new TargetDriverDialectManager().getDialect(driver, this.properties), this.properties, null);
	}

	String read() throws SQLException {
		this.plugin.connect(PROTOCOL, this.host, this.properties, false, () -> null);
		return this.properties.getProperty("password");
	}

}

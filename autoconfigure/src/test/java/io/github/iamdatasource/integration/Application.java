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

import java.util.LinkedHashMap;
import java.util.Map;

import io.awspring.cloud.autoconfigure.core.AwsAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.CredentialsProviderAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.RegionProviderAutoConfiguration;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.endpoint.EndpointNames;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Starts a Spring Boot application as a user would write it.
 */
final class Application {

	/** On the class path of the tests, but not every application has it. */
	static final String SPRING_CLOUD_AWS = String.join(",", AwsAutoConfiguration.class.getName(),
			CredentialsProviderAutoConfiguration.class.getName(), RegionProviderAutoConfiguration.class.getName());

	private final Map<String, Object> properties = new LinkedHashMap<>();

	private @Nullable AwsCredentialsProvider credentials = TestCredentials.user();

	private @Nullable EndpointNames names;

	private WebApplicationType type = WebApplicationType.NONE;

	private final Class<?>[] configuration;

	private Application(Class<?>... configuration) {
		this.configuration = configuration;
		this.properties.put("spring.autoconfigure.exclude", SPRING_CLOUD_AWS);
		this.properties.put("spring.main.banner-mode", "off");
		this.properties.put("spring.flyway.enabled", "false");
		// Without it, a pool goes on to log in behind the back of the test, and even of
		// the
		// next one, which counts logins.
		this.properties.put("spring.datasource.hikari.minimum-idle", "0");
		// Nobody is there to be asked, unless the test says so.
		this.properties.put("iam.datasource.credentials.identify-caller", "false");
		// A login that fails shall fail soon.
		this.properties.put("spring.datasource.hikari.connection-timeout", "2000");
	}

	/**
	 * An application without any property of the IAM data source.
	 */
	static Application unconfigured(Class<?>... configuration) {
		return new Application(configuration);
	}

	/**
	 * An application with the properties that make it sign in.
	 */
	static Application signingIn(OrdersDatabase database, Class<?>... configuration) {
		return new Application(configuration).with("iam.datasource.url", database.rds().jdbcUrl())
			.with("iam.datasource.username", "app")
			.with("iam.datasource.tls.ca-certificates", database.caFile().toString());
	}

	Application with(String property, Object value) {
		this.properties.put(property, value);
		return this;
	}

	Application without(String property) {
		this.properties.remove(property);
		return this;
	}

	Application withoutAutoConfiguration(Class<?> autoConfiguration) {
		this.properties.merge("spring.autoconfigure.exclude", autoConfiguration.getName(),
				(others, name) -> others + "," + name);
		return this;
	}

	/**
	 * Have the credentials and the region come from Spring Cloud AWS.
	 */
	Application withSpringCloudAws() {
		return without("spring.autoconfigure.exclude").withoutCredentials();
	}

	Application withoutCredentials() {
		this.credentials = null;
		return this;
	}

	Application with(AwsCredentialsProvider credentials) {
		this.credentials = credentials;
		return this;
	}

	/**
	 * Have aliases looked up in another way than with the machine's own DNS servers.
	 */
	Application with(EndpointNames names) {
		this.names = names;
		return this;
	}

	/**
	 * Have it answer HTTP requests, on a port of its own.
	 */
	Application reactive() {
		this.type = WebApplicationType.REACTIVE;
		return with("server.port", "0").with("server.address", "127.0.0.1");
	}

	ConfigurableApplicationContext run() {
		return new SpringApplicationBuilder(Empty.class).sources(this.configuration)
			.web(this.type)
			.properties(this.properties)
			.initializers((context) -> {
				if (this.credentials != null) {
					AwsCredentialsProvider provider = this.credentials;
					((GenericApplicationContext) context).registerBean("credentialsProvider",
							AwsCredentialsProvider.class, () -> provider);
				}
				if (this.names != null) {
					EndpointNames endpointNames = this.names;
					((GenericApplicationContext) context).registerBean("endpointNames", EndpointNames.class,
							() -> endpointNames);
				}
			})
			.run();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Empty {

	}

}

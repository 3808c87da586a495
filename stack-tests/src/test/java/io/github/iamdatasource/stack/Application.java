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
package io.github.iamdatasource.stack;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.support.GenericApplicationContext;

/**
 * An application as a user would write it, with a pool of three connections and some of
 * the libraries.
 */
final class Application {

	private final Database database;

	private final Class<?>[] configuration;

	private final Map<String, Object> properties = new LinkedHashMap<>();

	private final Set<Library> without = EnumSet.allOf(Library.class);

	private WebApplicationType web = WebApplicationType.NONE;

	private Application(Database database, Class<?>... configuration) {
		this.database = database;
		this.configuration = configuration;
		this.properties.put("iam.datasource.url", database.rds().jdbcUrl());
		this.properties.put("iam.datasource.username", "app");
		this.properties.put("iam.datasource.tls.ca-certificates", database.caFile().toString());
		// Nobody is there to be asked.
		this.properties.put("iam.datasource.credentials.identify-caller", "false");
		this.properties.put("spring.datasource.hikari.maximum-pool-size", "3");
		this.properties.put("spring.main.banner-mode", "off");
		this.properties.put("spring.docker.compose.enabled", "false");
		this.properties.put("spring.cloud.bootstrap.enabled", "false");
	}

	/**
	 * An application that signs in to a database.
	 */
	static Application on(Database database, Class<?>... configuration) {
		return new Application(database, configuration);
	}

	Application with(Library... libraries) {
		this.without.removeAll(Set.of(libraries));
		return this;
	}

	Application with(String property, Object value) {
		this.properties.put(property, value);
		return this;
	}

	Application without(String property) {
		this.properties.remove(property);
		return this;
	}

	/**
	 * Have it serve HTTP on a free port.
	 */
	Application withWeb() {
		this.web = WebApplicationType.SERVLET;
		return with("server.port", "0");
	}

	/**
	 * Return how Spring Boot would start it.
	 */
	SpringApplicationBuilder builder(Keys keys) {
		return new SpringApplicationBuilder(Empty.class).sources(this.configuration)
			.web(this.web)
			.properties(properties())
			.initializers((context) -> ((GenericApplicationContext) context).registerBean("credentialsProvider",
					AwsCredentialsProvider.class, () -> keys));
	}

	Map<String, Object> properties() {
		Map<String, Object> all = new LinkedHashMap<>(this.properties);
		all.put("spring.autoconfigure.exclude",
				this.without.stream()
					.flatMap((library) -> library.autoConfigurations().stream())
					.collect(Collectors.joining(",")));
		return all;
	}

	RunningApplication run() {
		Keys keys = new Keys(this.database.rds());
		try {
			return new RunningApplication(builder(keys).run(), keys);
		}
		catch (RuntimeException | Error ex) {
			keys.forget();
			throw ex;
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Empty {

	}

}

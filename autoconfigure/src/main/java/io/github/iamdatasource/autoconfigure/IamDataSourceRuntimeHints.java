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

import java.util.List;
import java.util.Map;

import io.github.iamdatasource.jdbc.MariaDbTlsPlugin;
import io.github.iamdatasource.jdbc.MariaDbTokenPlugin;
import io.github.iamdatasource.jdbc.MySqlSocketFactory;
import io.github.iamdatasource.jdbc.MySqlTokenPlugin;
import io.github.iamdatasource.jdbc.PostgreSqlSocketFactory;
import io.github.iamdatasource.jdbc.PostgreSqlTokenPlugin;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/**
 * What is found by name at run time.
 */
class IamDataSourceRuntimeHints implements RuntimeHintsRegistrar {

	/** What each driver creates, by the name of the driver's class. */
	private static final Map<String, List<Class<?>>> CREATED_BY = Map.of("org.postgresql.Driver",
			List.of(PostgreSqlSocketFactory.class, PostgreSqlTokenPlugin.class), "com.mysql.cj.jdbc.Driver",
			List.of(MySqlSocketFactory.class, MySqlTokenPlugin.class), "org.mariadb.jdbc.Driver",
			List.of(MariaDbTlsPlugin.class, MariaDbTokenPlugin.class));

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources()
			.registerPattern("io/github/iamdatasource/jdbc/rds-root-certificates.pem")
			.registerPattern("META-INF/services/org.mariadb.jdbc.plugin.*");
		// Follows aliases.
		hints.reflection()
			.registerType(TypeReference.of("com.sun.jndi.dns.DnsContextFactory"),
					MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
		if (ClassUtils.isPresent(ConnectionPool.HIKARI, classLoader)) {
			// The properties of the pools of additional data sources.
			BindableRuntimeHintsRegistrar.forTypes(ClassUtils.resolveClassName(ConnectionPool.HIKARI, classLoader))
				.registerHints(hints, classLoader);
		}
		CREATED_BY.forEach((driver, types) -> {
			if (ClassUtils.isPresent(driver, classLoader)) {
				types.forEach(
						(type) -> hints.reflection().registerType(type, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS));
			}
		});
	}

}

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

import java.util.HashMap;
import java.util.Map;

/**
 * The ways in which the measured application signs in. They differ in their class path
 * and in their environment, and in nothing else.
 */
enum StartupVariant {

	/** The baseline: pgjdbc with a token that was signed beforehand. */
	PASSWORD("startup-password") {

		@Override
		void configure(DatabaseAccess database, Map<String, String> environment) {
			environment.put("SPRING_DATASOURCE_URL", database.jdbcUrl() + "?" + database.tlsParameters());
			environment.put("SPRING_DATASOURCE_USERNAME", DatabaseAccess.USERNAME);
			environment.put("SPRING_DATASOURCE_PASSWORD", database.fixedPassword());
		}

	},

	/** This project. */
	STARTER("startup-starter") {

		@Override
		void configure(DatabaseAccess database, Map<String, String> environment) {
			environment.put("IAM_DATASOURCE_URL", database.jdbcUrl());
			environment.put("IAM_DATASOURCE_USERNAME", DatabaseAccess.USERNAME);
			environment.put("IAM_DATASOURCE_TLS_CA_CERTIFICATES", database.caCertificate().toString());
			addCredentials(environment);
		}

	},

	/** The AWS Advanced JDBC Wrapper with the plugin {@code iam}. */
	WRAPPER("startup-wrapper") {

		@Override
		void configure(DatabaseAccess database, Map<String, String> environment) {
			environment.put("SPRING_DATASOURCE_URL", new Logins(database).wrapperUrl());
			environment.put("SPRING_DATASOURCE_USERNAME", DatabaseAccess.USERNAME);
			addCredentials(environment);
		}

	};

	private final String module;

	StartupVariant(String module) {
		this.module = module;
	}

	/**
	 * The folder of the module that has this variant's dependencies.
	 * @return its name
	 */
	String module() {
		return this.module;
	}

	Map<String, String> environment(DatabaseAccess database) {
		Map<String, String> environment = new HashMap<>();
		// The pool would go on opening connections while the footprint is measured.
		environment.put("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", "1");
		configure(database, environment);
		return environment;
	}

	abstract void configure(DatabaseAccess database, Map<String, String> environment);

	/** Where the AWS SDK's default chain finds them. */
	private static void addCredentials(Map<String, String> environment) {
		environment.put("AWS_ACCESS_KEY_ID", DatabaseAccess.ACCESS_KEY_ID);
		environment.put("AWS_SECRET_ACCESS_KEY", DatabaseAccess.SECRET_ACCESS_KEY);
	}

}

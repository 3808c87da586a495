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

import java.io.IOException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Counts the jars that an application with Spring Boot's JDBC starter and a driver has to
 * add to sign in with tokens, and has it sign in with no more than those.
 */
final class JarComparison {

	private final StartupRun run;

	JarComparison(StartupRun run) {
		this.run = run;
	}

	/**
	 * Print a table.
	 * @throws IOException if a class path or a jar cannot be read, or the application
	 * cannot be run
	 */
	void run() throws IOException {
		ModuleClassPath before = ModuleClassPath.of(StartupVariant.PASSWORD.module());
		System.out.printf("%nWhat is added to an application with Spring Boot's JDBC starter and a driver%n");
		System.out.println("| added | jars | MB | signed in |");
		System.out.println("|---|---|---|---|");
		for (Addition addition : Addition.values()) {
			ModuleClassPath classPath = ModuleClassPath.of(addition.module);
			if (addition.variant != null) {
				this.run.run(addition.variant, classPath);
			}
			ModuleClassPath added = classPath.without(before);
			System.out.printf(Locale.ROOT, "| %s | %d | %.2f | %s |%n", addition.description, added.jars().size(),
					added.bytes() / 1e6, (addition.variant != null) ? "yes" : "–");
		}
	}

	private enum Addition {

		STARTER("startup-starter", "the starter", StartupVariant.STARTER),

		STARTER_WITHOUT_STS("jars/starter-without-sts", "the starter without `sts`", StartupVariant.STARTER),

		WRAPPER("startup-wrapper", "AWS Advanced JDBC Wrapper, `rds`", StartupVariant.WRAPPER),

		WRAPPER_WITHOUT_RDS("jars/wrapper-without-rds", "AWS Advanced JDBC Wrapper, `auth`, `http-client-spi`",
				StartupVariant.WRAPPER),

		RDS("jars/rds", "`rds`", null),

		SPRING_CLOUD_AWS("jars/spring-cloud-aws", "`spring-cloud-aws-starter`", null);

		private final String module;

		private final String description;

		/** How the application signs in, or nothing of it can. */
		private final @Nullable StartupVariant variant;

		Addition(String module, String description, @Nullable StartupVariant variant) {
			this.module = module;
			this.description = description;
			this.variant = variant;
		}

	}

}

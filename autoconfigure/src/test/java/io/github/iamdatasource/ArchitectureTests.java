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
package io.github.iamdatasource;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

/**
 * Keeps the packages in their order.
 */
class ArchitectureTests {

	private static final String BASE = ArchitectureTests.class.getPackageName();

	private final JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));

	@Test
	void packagesPointDownwardsOnly() {
		layeredArchitecture().consideringOnlyDependenciesInLayers()
			.layer("endpoint")
			.definedBy(BASE + ".endpoint")
			.layer("token")
			.definedBy(BASE + ".token")
			.layer("credentials")
			.definedBy(BASE + ".credentials")
			.layer("jdbc")
			.definedBy(BASE + ".jdbc")
			.layer("actuate")
			.definedBy(BASE + ".actuate")
			.layer("autoconfigure.actuate")
			.definedBy(BASE + ".autoconfigure.actuate")
			.layer("health")
			.definedBy(BASE + ".health")
			.layer("metrics")
			.definedBy(BASE + ".metrics")
			.layer("observation")
			.definedBy(BASE + ".observation")
			.layer("autoconfigure")
			.definedBy(BASE + ".autoconfigure")
			.layer("autoconfigure.health")
			.definedBy(BASE + ".autoconfigure.health")
			.layer("autoconfigure.metrics")
			.definedBy(BASE + ".autoconfigure.metrics")
			.layer("autoconfigure.observation")
			.definedBy(BASE + ".autoconfigure.observation")
			.whereLayer("autoconfigure.actuate")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("actuate")
			.mayOnlyBeAccessedByLayers("autoconfigure.actuate")
			.whereLayer("autoconfigure.health")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("autoconfigure.metrics")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("autoconfigure.observation")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("autoconfigure")
			.mayOnlyBeAccessedByLayers("autoconfigure.actuate", "autoconfigure.health", "autoconfigure.metrics",
					"autoconfigure.observation")
			.whereLayer("metrics")
			.mayOnlyBeAccessedByLayers("autoconfigure.metrics")
			.whereLayer("observation")
			.mayOnlyBeAccessedByLayers("autoconfigure.observation")
			.whereLayer("health")
			.mayOnlyBeAccessedByLayers("autoconfigure.health")
			.whereLayer("credentials")
			.mayOnlyBeAccessedByLayers("autoconfigure", "autoconfigure.actuate", "autoconfigure.health",
					"autoconfigure.metrics")
			.whereLayer("jdbc")
			.mayOnlyBeAccessedByLayers("actuate", "health", "metrics", "autoconfigure", "autoconfigure.actuate",
					"autoconfigure.health", "autoconfigure.metrics")
			.whereLayer("token")
			.mayOnlyBeAccessedByLayers("credentials", "jdbc", "actuate", "health", "metrics", "observation",
					"autoconfigure", "autoconfigure.actuate", "autoconfigure.health", "autoconfigure.metrics",
					"autoconfigure.observation")
			.ensureAllClassesAreContainedInArchitecture()
			.check(this.classes);
	}

	@Test
	void whatServesPlainJavaKnowsNothingOfSpring() {
		noClasses().that()
			.resideInAnyPackage(BASE + ".endpoint", BASE + ".token", BASE + ".credentials", BASE + ".jdbc")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "io.awspring..")
			.check(this.classes);
	}

	@Test
	void classesOfAPoolThatMayBeMissingAreNamedInOnePlace() {
		noClasses().that()
			.haveSimpleNameNotEndingWith("ConnectionPool")
			.and()
			.haveSimpleNameNotStartingWith("Hikari")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("com.zaxxer..", "org.apache.tomcat..", "org.apache.commons.dbcp2..")
			.check(this.classes);
	}

	@ParameterizedTest
	@CsvSource({ "PostgreSql, org.postgresql..", "MySql, com.mysql..", "MariaDb, org.mariadb..",
			"AwsWrapper, software.amazon.jdbc.." })
	void classesOfADriverThatMayBeMissingAreNamedByItsOwn(String prefix, String driver) {
		noClasses().that()
			.haveSimpleNameNotStartingWith(prefix)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(driver)
			.check(this.classes);
	}

	@Test
	void classesOfStsThatMayBeMissingAreNamedInOnePlace() {
		noClasses().that()
			.haveSimpleNameNotStartingWith("Sts")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("software.amazon.awssdk.services..", "software.amazon.awssdk.awscore..")
			.check(this.classes);
	}

	@Test
	void theTimeComesFromAClockThatTheAutoConfigurationHandsOut() {
		noClasses().that()
			.resideOutsideOfPackage(BASE + ".autoconfigure..")
			.should()
			.callMethod(Instant.class, "now")
			.orShould()
			.callMethod(Clock.class, "systemUTC")
			.orShould()
			.callMethod(Clock.class, "systemDefaultZone")
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.check(this.classes);
		noClasses().should()
			.callMethod(Instant.class, "now")
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.check(this.classes);
	}

	@Test
	void everyPackageIsNullMarked() {
		classes().that().haveSimpleName("package-info").should().beAnnotatedWith(NullMarked.class).check(this.classes);
	}

}

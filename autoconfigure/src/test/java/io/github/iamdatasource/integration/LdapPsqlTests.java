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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.integration.TokenDirectory.Bind;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * PostgreSQL's own client signs in with tokens of ours: neither the driver nor our TLS is
 * on the way.
 */
@ExtendWith(LdapDatabase.Resolver.class)
class LdapPsqlTests {

	private final LdapDatabase database;

	@TempDir
	private Path home;

	LdapPsqlTests(LdapDatabase database) {
		this.database = database;
	}

	static Stream<Arguments> credentials() {
		return Stream.of(Arguments.of("long-lived keys", TestCredentials.user()),
				Arguments.of("session credentials", TestCredentials.session(Instant.now().plusSeconds(3600))));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("credentials")
	void signsInWithATokenOfOurSigner(String what, AwsCredentialsProvider credentials) throws Exception {
		Run run = psql(OrdersDatabase.HOSTNAME, sign(credentials),
				"select current_user, ssl, version from pg_stat_ssl where pid = pg_backend_pid()");
		assertThat(run).isEqualTo(new Run(0, "app|t|TLSv1.3\n", ""));
		assertThat(this.database.binds()).extracting(Bind::username, Bind::accepted)
			.containsExactly(tuple("app", true));
	}

	@Test
	void expiredTokenIsRejected() throws Exception {
		this.database.setAhead(AuthenticationToken.LIFETIME.plusMinutes(1));
		Run run = psql(OrdersDatabase.HOSTNAME, sign(TestCredentials.user()), "select 1");
		assertThat(run.exitCode()).isEqualTo(2);
		assertThat(run.out()).isEmpty();
		assertThat(run.err()).endsWith("FATAL:  LDAP authentication failed for user \"app\"\n");
		assertThat(this.database.binds()).extracting(Bind::accepted).containsExactly(false);
	}

	@Test
	void serverOfAnotherNameIsSentNoToken() throws Exception {
		Run run = psql(OrdersDatabase.OTHER_HOSTNAME, sign(TestCredentials.user()), "select 1");
		assertThat(run.exitCode()).isEqualTo(2);
		assertThat(run.err()).contains("does not match host name");
		assertThat(this.database.binds()).isEmpty();
	}

	private String sign(AwsCredentialsProvider credentials) {
		return new RdsTokenSigner(this.database.endpoint(), CredentialsSource.of(credentials), RefreshPolicy.DEFAULT,
				Clock.systemUTC())
			.sign(CredentialsFreshness.CACHED)
			.value();
	}

	private Run psql(String hostname, String token, String sql) throws IOException, InterruptedException {
		boolean installed = this.database.programs().has("psql");
		if (!installed) {
			System.out.println("Skipped: psql is not installed");
		}
		assumeTrue(installed, "psql is not installed");
		Path out = this.home.resolve("out");
		Path err = this.home.resolve("err");
		ProcessBuilder builder = this.database.programs()
			.command("psql", List.of("--no-psqlrc", "--no-align", "--tuples-only", "--no-password", "--command", sql,
					"host=" + hostname + " hostaddr=127.0.0.1 port=" + this.database.port()
							+ " dbname=orders user=app sslmode=verify-full sslrootcert=" + this.database.caFile()))
			.redirectOutput(out.toFile())
			.redirectError(err.toFile());
		builder.environment().put("HOME", this.home.toString());
		builder.environment().put("LC_ALL", "C");
		builder.environment().put("PGPASSWORD", token);
		Process process = builder.start();
		try {
			assertThat(process.waitFor(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		return new Run(process.exitValue(), read(out), read(err));
	}

	private static String read(Path file) throws IOException {
		return Outsider.sees((Object) Files.readString(file, StandardCharsets.UTF_8));
	}

	private record Run(int exitCode, String out, String err) {
	}

}

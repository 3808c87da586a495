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
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsEndpoint;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.emulator.TokenVerifier;
import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.integration.TokenDirectory.Bind;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.PemCertificates;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.TokenSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.support.TypeBasedParameterResolver;
import org.opentest4j.TestAbortedException;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The orders database without anything of the emulator on the way: a distribution's
 * PostgreSQL takes TLS and the password, and an LDAP server has the AWS SDK judge it. The
 * emulator's verifier only gives a second opinion, and has to agree about each token.
 */
final class LdapDatabase implements AutoCloseable {

	private final InstalledPostgres programs;

	private final TokenDirectory directory;

	private final LdapPostgres postgres;

	private final FileAuthority authority;

	private final SdkTokenJudge sdk;

	private final TokenVerifier emulator;

	private final List<String> disagreements = new CopyOnWriteArrayList<>();

	/** How far the judges' clock is ahead. */
	private volatile Duration ahead = Duration.ZERO;

	private long logBegin;

	private LdapDatabase(InstalledPostgres programs, TokenDirectory directory, LdapPostgres postgres,
			FileAuthority authority) {
		this.programs = programs;
		this.directory = directory;
		this.postgres = postgres;
		this.authority = authority;
		Clock clock = ((InstantSource) () -> Instant.now().plus(this.ahead)).withZone(ZoneOffset.UTC);
		List<AwsCredentialsIdentity> identities = Stream.of(TestCredentials.user(), TestCredentials.session(null))
			.<AwsCredentialsIdentity>map(AwsCredentialsProvider::resolveCredentials)
			.toList();
		this.sdk = new SdkTokenJudge(postgres.port(), identities, clock);
		this.emulator = new TokenVerifier(
				new RdsEndpoint(OrdersDatabase.HOSTNAME, postgres.port(), "eu-west-1", "123456789012",
						"db-ABCDEFGHIJKL01234"),
				List.of(IamPrincipal.withKeys(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY)
					.allowedToConnectAs("app", "auditor"),
						IamPrincipal.withKeys(TestCredentials.SESSION_ACCESS_KEY, TestCredentials.SECRET_KEY)
							.withSessionToken(TestCredentials.SESSION_TOKEN)
							.allowedToConnectAs("app", "auditor")),
				clock);
		directory.judgeBy(this::judge);
	}

	private boolean judge(String username, String token) {
		boolean accepted = this.sdk.accepts(username, token);
		Optional<Rejection> rejection = this.emulator.verify(token, username);
		if (rejection.isEmpty() != accepted) {
			this.disagreements.add("The AWS SDK says " + accepted + ", the emulator " + rejection);
		}
		return accepted;
	}

	static LdapDatabase start(InstalledPostgres programs) throws Exception {
		TokenDirectory directory = new TokenDirectory();
		try {
			FileAuthority authority = new FileAuthority();
			return new LdapDatabase(programs, directory,
					LdapPostgres.start(programs, authority, OrdersDatabase.HOSTNAME, directory.hbaOptions()),
					authority);
		}
		catch (Throwable ex) {
			directory.close();
			throw ex;
		}
	}

	Application application() {
		return Application.unconfigured()
			.with("iam.datasource.url", jdbcUrl())
			.with("iam.datasource.username", "app")
			.with("iam.datasource.tls.mode", "verify-full")
			.with("iam.datasource.tls.ca-certificates", caFile().toString());
	}

	/**
	 * A data source with tokens of the test's own, signed for whatever they are.
	 */
	IamDataSource dataSource(TokenSource tokens) {
		TlsSettings tls = new TlsSettings(TlsMode.VERIFY_FULL, PemCertificates.read(caFile().toString()));
		return new IamDataSource(JdbcUrl.parse(jdbcUrl()), endpoint(), tls, tokens, Clock.systemUTC());
	}

	DatabaseEndpoint endpoint() {
		return new DatabaseEndpoint(OrdersDatabase.HOSTNAME, port(), "eu-west-1", "app");
	}

	String jdbcUrl() {
		return "jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":" + port() + "/orders";
	}

	/**
	 * Another database of the same server, which wants a certificate of the client, too.
	 */
	String vaultUrl() {
		return "jdbc:postgresql://" + OrdersDatabase.HOSTNAME + ":" + port() + "/vault";
	}

	/**
	 * Whose certificates both sides trust.
	 */
	FileAuthority authority() {
		return this.authority;
	}

	int port() {
		return this.postgres.port();
	}

	Path caFile() {
		return this.postgres.caFile();
	}

	InstalledPostgres programs() {
		return this.programs;
	}

	/**
	 * Let the judges' clock be ahead of this machine's.
	 */
	void setAhead(Duration ahead) {
		this.ahead = ahead;
	}

	/**
	 * The logins of this test that got as far as to the judge.
	 */
	List<Bind> binds() {
		return this.directory.binds();
	}

	/**
	 * What the server has logged during this test.
	 */
	String log() throws IOException {
		return this.postgres.log(this.logBegin);
	}

	private void begin() throws IOException {
		this.directory.forgetBinds();
		this.disagreements.clear();
		this.logBegin = this.postgres.logSize();
		this.ahead = Duration.ZERO;
	}

	private void end() throws IOException {
		assertThat(this.disagreements).isEmpty();
		String log = log();
		// Not shown if it does.
		assertThat(log.contains("X-Amz") || log.contains("NeverLogThis")).as("The server's log has a token").isFalse();
		for (Bind bind : binds()) {
			assertThat(log.contains(signature(bind.token()))).as("The server's log has a token's signature").isFalse();
		}
	}

	private static String signature(String token) {
		return token.replaceFirst(".*X-Amz-Signature=([0-9a-f]+).*", "$1");
	}

	@Override
	public void close() throws IOException {
		try {
			this.postgres.close();
		}
		finally {
			this.directory.close();
		}
	}

	/**
	 * Gives tests the database as a parameter, and has each search the server's log for
	 * tokens. Skips them where there is no such PostgreSQL.
	 */
	static final class Resolver extends TypeBasedParameterResolver<LdapDatabase>
			implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback, AfterEachCallback {

		/**
		 * Not by an assumption: a class that is aborted is not reported as skipped.
		 */
		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			ExtensionContext.Store store = store(context);
			if (store.get(InstalledPostgres.class) == null) {
				try {
					store.put(InstalledPostgres.class, InstalledPostgres.find());
				}
				catch (TestAbortedException ex) {
					System.out.println("Skipped: " + ex.getMessage());
					return ConditionEvaluationResult.disabled(ex.getMessage());
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
			return ConditionEvaluationResult.enabled(null);
		}

		@Override
		public void beforeAll(ExtensionContext context) throws Exception {
			ExtensionContext.Store store = store(context);
			if (store.get(LdapDatabase.class) == null) {
				store.put(LdapDatabase.class, start(store.get(InstalledPostgres.class, InstalledPostgres.class)));
			}
		}

		@Override
		public void beforeEach(ExtensionContext context) throws IOException {
			database(context).begin();
		}

		@Override
		public void afterEach(ExtensionContext context) throws IOException {
			database(context).end();
		}

		@Override
		public LdapDatabase resolveParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
			return database(extensionContext);
		}

		private static LdapDatabase database(ExtensionContext context) {
			return store(context).get(LdapDatabase.class, LdapDatabase.class);
		}

		private static ExtensionContext.Store store(ExtensionContext context) {
			return context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL);
		}

	}

}

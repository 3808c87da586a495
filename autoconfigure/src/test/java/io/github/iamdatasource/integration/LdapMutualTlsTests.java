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

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.integration.TokenDirectory.Bind;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Signing in to a database that wants a certificate of the client beside the token. The
 * parameters for it are the driver's own.
 */
@ExtendWith(LdapDatabase.Resolver.class)
class LdapMutualTlsTests {

	/** Has to be encoded in a URL. */
	private static final String PASSWORD = "NeverLogThis/p12&=%";

	private final LdapDatabase database;

	@TempDir
	private Path folder;

	LdapMutualTlsTests(LdapDatabase database) {
		this.database = database;
	}

	/**
	 * The server and the parameters are right: the driver alone signs in with them.
	 */
	@ParameterizedTest
	@EnumSource
	void driverSignsInWithACertificate(Form form) throws Exception {
		Properties properties = new Properties();
		properties.putAll(form.write(this.database.authority(), this.folder));
		properties.setProperty("user", "app");
		properties.setProperty("password", sign());
		properties.setProperty("sslmode", "verify-full");
		properties.setProperty("sslrootcert", this.database.caFile().toString());
		try (Connection connection = DriverManager.getConnection(this.database.vaultUrl(), properties);
				Statement statement = connection.createStatement();
				ResultSet rows = statement
					.executeQuery("select client_dn from pg_stat_ssl where pid = pg_backend_pid()")) {
			assertThat(rows.next()).isTrue();
			assertThat(rows.getString(1)).isEqualTo("/CN=orders-service");
		}
	}

	@ParameterizedTest
	@EnumSource
	void signsInWithACertificate(Form form) throws Exception {
		try (ConfigurableApplicationContext context = application(form.write(this.database.authority(), this.folder))
			.run()) {
			assertThat(context.getBean(JdbcTemplate.class)
				.queryForMap("select current_user, current_database()::text as database, ssl, client_dn"
						+ " from pg_stat_ssl where pid = pg_backend_pid()"))
				.containsEntry("current_user", "app")
				.containsEntry("database", "vault")
				.containsEntry("ssl", true)
				.containsEntry("client_dn", "/CN=orders-service");
			assertThat(this.database.binds()).isNotEmpty().allMatch(Bind::accepted);
		}
	}

	@Test
	void clientWithoutACertificateIsAskedForNoToken() {
		assertThat(failure(Map.of())).hasStackTraceContaining("connection requires a valid client certificate");
		assertThat(this.database.binds()).isEmpty();
	}

	/**
	 * The certificate is shown, as it names the right authority, and is not believed.
	 */
	@ParameterizedTest
	@EnumSource
	void clientWithAForgedCertificateIsAskedForNoToken(Form form) throws Exception {
		Throwable failure = failure(form.write(this.database.authority().impostor(), this.folder));
		assertThat(failure).isInstanceOf(SQLException.class);
		assertThat(this.database.log()).contains("could not accept SSL connection");
		assertThat(this.database.binds()).isEmpty();
	}

	/**
	 * When it is noticed, at the start or at the first login, is not what this is about.
	 */
	@Test
	void wrongPasswordOfTheKeyIsToldButNotShown() throws Exception {
		Map<String, String> parameters = Form.PKCS12.write(this.database.authority(), this.folder);
		parameters.put("sslpassword", "NeverLogThis/other");
		Throwable failure = catchThrowable(() -> {
			try (ConfigurableApplicationContext context = application(parameters).run()) {
				context.getBean(DataSource.class).getConnection().close();
			}
		});
		assertThat(Outsider.sees(failure)).hasStackTraceContaining("client.p12");
		assertThat(this.database.binds()).isEmpty();
	}

	private Throwable failure(Map<String, String> parameters) {
		try (ConfigurableApplicationContext context = application(parameters).run()) {
			return Outsider.sees(catchThrowable(context.getBean(DataSource.class)::getConnection));
		}
	}

	private Application application(Map<String, String> parameters) {
		String query = parameters.entrySet()
			.stream()
			.map((parameter) -> parameter.getKey() + "="
					+ URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&"));
		return this.database.application()
			.with("iam.datasource.url", this.database.vaultUrl() + (query.isEmpty() ? "" : "?" + query));
	}

	private String sign() {
		return new RdsTokenSigner(this.database.endpoint(), CredentialsSource.of(TestCredentials.user()),
				RefreshPolicy.DEFAULT, Clock.systemUTC())
			.sign(CredentialsFreshness.CACHED)
			.value();
	}

	/**
	 * How a client has its certificate and its key.
	 */
	enum Form {

		PEM_AND_PKCS8 {

			@Override
			Map<String, String> write(FileAuthority authority, Path folder) throws Exception {
				Path certificate = folder.resolve("client.crt");
				Path key = folder.resolve("client.pk8");
				authority.writeClient("orders-service", certificate, key);
				return new LinkedHashMap<>(Map.of("sslcert", certificate.toString(), "sslkey", key.toString()));
			}

		},

		PKCS12 {

			@Override
			Map<String, String> write(FileAuthority authority, Path folder) throws Exception {
				Path keyStore = folder.resolve("client.p12");
				authority.writeClientKeyStore("orders-service", keyStore, PASSWORD);
				return new LinkedHashMap<>(Map.of("sslkey", keyStore.toString(), "sslpassword", PASSWORD));
			}

		};

		/**
		 * Write the files.
		 * @return the driver's parameters for them
		 */
		abstract Map<String, String> write(FileAuthority authority, Path folder) throws Exception;

	}

}

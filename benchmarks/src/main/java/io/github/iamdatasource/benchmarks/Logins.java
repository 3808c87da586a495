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

import java.sql.Driver;
import java.time.Clock;
import java.util.List;
import java.util.Properties;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.PemCertificates;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.TokenSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.jdbc.authentication.AwsCredentialsManager;

/**
 * The ways to open one physical connection that are held side by side. All of them end in
 * the same driver, at the same server, which is verified in full.
 */
final class Logins {

	private final DatabaseAccess database;

	Logins(DatabaseAccess database) {
		this.database = database;
	}

	/**
	 * pgjdbc as it comes, with a token that was signed beforehand as its password.
	 * @return the baseline
	 */
	Login password() {
		return with(new org.postgresql.Driver(), this.database.jdbcUrl() + "?" + this.database.tlsParameters(),
				password(this.database.fixedPassword()));
	}

	/**
	 * The same with the JVM's trust store. For {@code sslrootcert} the driver reads the
	 * file and sets up TLS anew for each connection; here there is one set-up for all,
	 * which the starter has as well.
	 * @return the stricter baseline
	 */
	Login passwordWithSharedTls() {
		return with(new org.postgresql.Driver(),
				this.database.jdbcUrl() + "?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory",
				password(this.database.fixedPassword()));
	}

	/**
	 * The AWS Advanced JDBC Wrapper with the plugin {@code iam}.
	 * @param credentials what it signs with; there is one for the whole JVM
	 * @return the peer
	 */
	Login wrapper(AwsCredentialsProvider credentials) {
		AwsCredentialsManager.setCustomHandler((host, properties) -> credentials);
		return with(new software.amazon.jdbc.Driver(), wrapperUrl(), new Properties());
	}

	String wrapperUrl() {
		return this.database.jdbcUrl().replace("jdbc:", "jdbc:aws-wrapper:") + "?wrapperPlugins=iam&"
				+ this.database.tlsParameters();
	}

	/**
	 * The starter's data source, as it is under the pool.
	 * @param tokens where its tokens come from
	 * @return this project's way
	 */
	IamDataSource starter(TokenSource tokens) {
		return new IamDataSource(JdbcUrl.parse(this.database.jdbcUrl()), endpoint(),
				new TlsSettings(TlsMode.VERIFY_FULL,
						List.copyOf(PemCertificates.read(this.database.caCertificate().toString()))),
				tokens, Clock.systemUTC());
	}

	/**
	 * Where the starter's tokens come from, as in an application.
	 * @param credentials what it signs with
	 * @return a token source without a token, to be closed
	 */
	TokenSource tokens(AwsCredentialsProvider credentials) {
		Clock clock = Clock.systemUTC();
		return new TokenSource("benchmark",
				new RdsTokenSigner(endpoint(), CredentialsSource.of(credentials), RefreshPolicy.DEFAULT, clock),
				RefreshPolicy.DEFAULT, Refresher.shared(), clock);
	}

	DatabaseEndpoint endpoint() {
		return new DatabaseEndpoint(DatabaseAccess.HOSTNAME, this.database.port(), DatabaseAccess.REGION,
				DatabaseAccess.USERNAME);
	}

	private static Properties password(String password) {
		Properties properties = new Properties();
		properties.setProperty("password", password);
		return properties;
	}

	private static Login with(Driver driver, String url, Properties template) {
		template.setProperty("user", DatabaseAccess.USERNAME);
		return () -> {
			// A copy, as the wrapper adds to what it is given.
			Properties properties = new Properties();
			properties.putAll(template);
			return driver.connect(url, properties);
		};
	}

}

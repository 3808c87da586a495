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

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import io.github.iamdatasource.jdbc.TlsMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

/**
 * Configuration properties of the data source that signs in to Amazon RDS with IAM
 * authentication tokens.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM
 * database authentication</a>
 */
@ConfigurationProperties("iam.datasource")
public class IamDataSourceProperties {

	/**
	 * Whether to sign in with IAM authentication tokens. When false, everything is as
	 * without this starter and 'spring.datasource.*' applies.
	 */
	private boolean enabled = true;

	/**
	 * JDBC URL of the database, without user and password. Its hosts, or what they are
	 * aliases of, are also what tokens are signed for, unless 'iam.datasource.hostname'
	 * is set.
	 */
	private @Nullable String url;

	/**
	 * Database user to sign in as, in exactly the case in which it was created in the
	 * database.
	 */
	private @Nullable String username;

	/**
	 * AWS region of the database, such as 'eu-west-1'. By default the region in the host
	 * name, then that of an AwsRegionProvider bean, then that of the AWS SDK's default
	 * chain.
	 */
	private @Nullable String region;

	/**
	 * Endpoint's own host name, to sign for and to verify the server's certificate
	 * against when the URL names a tunnel. By default the URL's host, or what that is an
	 * alias of.
	 */
	private @Nullable String hostname;

	/**
	 * Port that the database itself listens on, to sign for when the URL names a tunnel.
	 * By default the URL's port.
	 */
	private @Nullable Integer port;

	private final Token token = new Token();

	private final Tls tls = new Tls();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getUrl() {
		return this.url;
	}

	public void setUrl(@Nullable String url) {
		this.url = url;
	}

	public @Nullable String getUsername() {
		return this.username;
	}

	public void setUsername(@Nullable String username) {
		this.username = username;
	}

	public @Nullable String getRegion() {
		return this.region;
	}

	public void setRegion(@Nullable String region) {
		this.region = region;
	}

	public @Nullable String getHostname() {
		return this.hostname;
	}

	public void setHostname(@Nullable String hostname) {
		this.hostname = hostname;
	}

	public @Nullable Integer getPort() {
		return this.port;
	}

	public void setPort(@Nullable Integer port) {
		this.port = port;
	}

	public Token getToken() {
		return this.token;
	}

	public Tls getTls() {
		return this.tls;
	}

	/**
	 * When tokens are signed anew.
	 */
	public static class Token {

		/**
		 * Age at which a token is signed anew in the background, give or take a tenth. At
		 * least a second, and less than the 15 minutes that a token lives. If a duration
		 * suffix is not specified, seconds will be used.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration refreshAfter = Duration.ofMinutes(10);

		/**
		 * How long before its end a token is signed anew at the latest. A token ends
		 * after 15 minutes, or with the session credentials that signed it. At least a
		 * second. If a duration suffix is not specified, seconds will be used.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration expiryMargin = Duration.ofMinutes(1);

		public Duration getRefreshAfter() {
			return this.refreshAfter;
		}

		public void setRefreshAfter(Duration refreshAfter) {
			this.refreshAfter = refreshAfter;
		}

		public Duration getExpiryMargin() {
			return this.expiryMargin;
		}

		public void setExpiryMargin(Duration expiryMargin) {
			this.expiryMargin = expiryMargin;
		}

	}

	/**
	 * How the server has to prove who it is.
	 *
	 * @see <a href=
	 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html">Using
	 * SSL/TLS to encrypt a connection</a>
	 */
	public static class Tls {

		/**
		 * What is verified before a token is sent. 'verify-full': a trusted authority
		 * vouches for the certificate, and it names the server. 'verify-ca': any server's
		 * certificate by an authority of Amazon RDS, or by one that is named here, will
		 * do. 'require': nothing is verified, and whoever can redirect the connection
		 * gets the token.
		 */
		private TlsMode mode = TlsMode.VERIFY_FULL;

		/**
		 * Location of a PEM file with the only certificate authorities to trust, such as
		 * '/etc/ssl/rds.pem' or 'classpath:rds.pem'. By default those of Amazon RDS and,
		 * with 'verify-full', of the JDK.
		 */
		private @Nullable String caCertificates;

		/**
		 * Name of an SSL bundle whose trust store has the only certificate authorities to
		 * trust, and whose key store has a certificate of the application's for a server
		 * that asks for one. New connections follow when the bundle is reloaded.
		 */
		private @Nullable String bundle;

		public TlsMode getMode() {
			return this.mode;
		}

		public void setMode(TlsMode mode) {
			this.mode = mode;
		}

		public @Nullable String getCaCertificates() {
			return this.caCertificates;
		}

		public void setCaCertificates(@Nullable String caCertificates) {
			this.caCertificates = caCertificates;
		}

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

	}

}

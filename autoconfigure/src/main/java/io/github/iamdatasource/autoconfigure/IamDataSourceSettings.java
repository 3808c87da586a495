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

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.iamdatasource.jdbc.TlsMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.convert.DurationUnit;

/**
 * Settings of one data source that signs in to Amazon RDS with IAM authentication tokens.
 * A group of them that is {@code null} was not set.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM
 * database authentication</a>
 */
public class IamDataSourceSettings {

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

	@NestedConfigurationProperty
	private @Nullable Credentials credentials;

	@NestedConfigurationProperty
	private @Nullable Token token;

	@NestedConfigurationProperty
	private @Nullable Tls tls;

	public IamDataSourceSettings() {
		this(null, null, null);
	}

	IamDataSourceSettings(@Nullable Credentials credentials, @Nullable Token token, @Nullable Tls tls) {
		this.credentials = credentials;
		this.token = token;
		this.tls = tls;
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

	public @Nullable Credentials getCredentials() {
		return this.credentials;
	}

	public void setCredentials(@Nullable Credentials credentials) {
		this.credentials = credentials;
	}

	public @Nullable Token getToken() {
		return this.token;
	}

	public void setToken(@Nullable Token token) {
		this.token = token;
	}

	public @Nullable Tls getTls() {
		return this.tls;
	}

	public void setTls(@Nullable Tls tls) {
		this.tls = tls;
	}

	/**
	 * Whose AWS credentials sign the tokens. There are no properties for static keys.
	 */
	public static class Credentials {

		/**
		 * Name of the AwsCredentialsProvider bean to take the credentials from. By
		 * default the only one or the primary one, and without any the AWS SDK's default
		 * chain.
		 */
		private @Nullable String bean;

		/**
		 * Name of a profile in the shared AWS config and credentials files to take the
		 * credentials from.
		 */
		private @Nullable String profile;

		/**
		 * File with a web identity token, such as that of a Kubernetes service account,
		 * to assume the role of 'iam.datasource.credentials.role-arn' with.
		 */
		private @Nullable Path webIdentityTokenFile;

		/**
		 * ARN of an IAM role to assume through AWS STS with the credentials that were
		 * found, such as one in the account of the database.
		 */
		private @Nullable String roleArn;

		/**
		 * Name of the role's sessions, which AWS CloudTrail shows. By default the name of
		 * the application, or else 'iam-datasource'.
		 */
		private @Nullable String roleSessionName;

		/**
		 * External id that the role's trust policy asks for.
		 */
		private @Nullable String externalId;

		/**
		 * How long the role's sessions live, from 15 minutes to 12 hours, but no longer
		 * than the role allows. Each is followed by another before it ends.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration duration = Duration.ofHours(1);

		/**
		 * Source identity of the role's sessions, which AWS CloudTrail shows, too.
		 */
		private @Nullable String sourceIdentity;

		/**
		 * Tags of the role's sessions.
		 */
		private final Map<String, String> tags = new LinkedHashMap<>();

		/**
		 * Region whose AWS STS is asked. By default that of the application, from an
		 * AwsRegionProvider bean or the AWS SDK's settings, or else that of the database.
		 */
		private @Nullable String stsRegion;

		/**
		 * URL of AWS STS, such as that of a VPC endpoint or of LocalStack. By default
		 * that of the region.
		 */
		private @Nullable URI stsEndpoint;

		/**
		 * Whether AWS STS is asked, when a login is rejected, whose credentials have
		 * signed its token (GetCallerIdentity, which needs no permission), so that the
		 * explanation can name them.
		 */
		private boolean identifyCaller = true;

		public @Nullable String getBean() {
			return this.bean;
		}

		public void setBean(@Nullable String bean) {
			this.bean = bean;
		}

		public @Nullable String getProfile() {
			return this.profile;
		}

		public void setProfile(@Nullable String profile) {
			this.profile = profile;
		}

		public @Nullable Path getWebIdentityTokenFile() {
			return this.webIdentityTokenFile;
		}

		public void setWebIdentityTokenFile(@Nullable Path webIdentityTokenFile) {
			this.webIdentityTokenFile = webIdentityTokenFile;
		}

		public @Nullable String getRoleArn() {
			return this.roleArn;
		}

		public void setRoleArn(@Nullable String roleArn) {
			this.roleArn = roleArn;
		}

		public @Nullable String getRoleSessionName() {
			return this.roleSessionName;
		}

		public void setRoleSessionName(@Nullable String roleSessionName) {
			this.roleSessionName = roleSessionName;
		}

		public @Nullable String getExternalId() {
			return this.externalId;
		}

		public void setExternalId(@Nullable String externalId) {
			this.externalId = externalId;
		}

		public Duration getDuration() {
			return this.duration;
		}

		public void setDuration(Duration duration) {
			this.duration = duration;
		}

		public @Nullable String getSourceIdentity() {
			return this.sourceIdentity;
		}

		public void setSourceIdentity(@Nullable String sourceIdentity) {
			this.sourceIdentity = sourceIdentity;
		}

		public Map<String, String> getTags() {
			return this.tags;
		}

		public @Nullable String getStsRegion() {
			return this.stsRegion;
		}

		public void setStsRegion(@Nullable String stsRegion) {
			this.stsRegion = stsRegion;
		}

		public @Nullable URI getStsEndpoint() {
			return this.stsEndpoint;
		}

		public void setStsEndpoint(@Nullable URI stsEndpoint) {
			this.stsEndpoint = stsEndpoint;
		}

		public boolean isIdentifyCaller() {
			return this.identifyCaller;
		}

		public void setIdentifyCaller(boolean identifyCaller) {
			this.identifyCaller = identifyCaller;
		}

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

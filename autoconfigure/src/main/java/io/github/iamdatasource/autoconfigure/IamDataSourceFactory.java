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

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.EndpointNames;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.TokenSigner;
import io.github.iamdatasource.token.TokenSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.util.StringUtils;

/**
 * Makes an {@link IamDataSource} of the properties, or says which of them prevents it.
 */
class IamDataSourceFactory {

	private static final Log logger = LogFactory.getLog(IamDataSourceFactory.class);

	/** That of Spring Boot's bean, which the meters of its pool have, too. */
	private static final String NAME = "dataSource";

	private static final String URL = "iam.datasource.url";

	private final IamDataSourceProperties properties;

	private final DataSourceProperties bootProperties;

	private final RegionResolver regionResolver;

	private final SigningCredentials credentials;

	private final TlsSettingsFactory tlsFactory;

	private final EndpointNames names;

	private final List<TokenSignerDecorator> signerDecorators;

	private final Clock clock;

	IamDataSourceFactory(IamDataSourceProperties properties, DataSourceProperties bootProperties,
			RegionResolver regionResolver, SigningCredentials credentials, TlsSettingsFactory tlsFactory,
			EndpointNames names, List<TokenSignerDecorator> signerDecorators, Clock clock) {
		this.properties = properties;
		this.bootProperties = bootProperties;
		this.regionResolver = regionResolver;
		this.credentials = credentials;
		this.tlsFactory = tlsFactory;
		this.names = names;
		this.signerDecorators = signerDecorators;
		this.clock = clock;
	}

	IamJdbcConnectionDetails create() {
		requireSupportedPool();
		String url = requireUrl();
		String shownUrl = JdbcUrl.redact(url);
		JdbcUrl jdbcUrl = explained(URL, shownUrl, () -> JdbcUrl.parse(url));
		String username = requireUsername();
		ConfiguredEndpoints endpoints = new ConfiguredEndpoints(this.properties, this.regionResolver, this.names,
				username, jdbcUrl.hosts());
		RefreshPolicy policy = refreshPolicy();
		TlsSettings tls = this.tlsFactory.create();
		SigningCredentials.Found signing = this.credentials.find(this.properties.getCredentials(),
				() -> endpoints.resolve(jdbcUrl.hosts().get(0)).region());
		IamDataSource dataSource = explained(URL, shownUrl, () -> new IamDataSource(jdbcUrl, endpoints, tls,
				(endpoint) -> tokenSource(endpoint, signing.credentials(), policy), signing.callers(), this.clock));
		this.tlsFactory.onUpdate(dataSource::use);
		dataSource.warmUp();
		if (dataSource.getTlsMode() == TlsMode.REQUIRE) {
			logger
				.warn("iam.datasource.tls.mode is 'require': tokens are sent without verifying the server, so whoever "
						+ "can redirect the connection gets them");
		}
		// Without its parameters: the driver gets those from the IAM data source, and the
		// pool would show them.
		return new IamJdbcConnectionDetails(jdbcUrl.toString(), dataSource);
	}

	private void requireSupportedPool() {
		Class<?> type = this.bootProperties.getType();
		if (type != null && type != IamDataSource.class && !ConnectionPool.TYPES.contains(type.getName())) {
			throw new InvalidIamDataSourceException("spring.datasource.type", type.getName(),
					"This kind of data source is not supported.",
					"Remove the property, or set it to " + String.join(", ", ConnectionPool.TYPES)
							+ " or, to do without a pool and log in for each connection, "
							+ IamDataSource.class.getName() + ".");
		}
	}

	private String requireUrl() {
		String url = this.properties.getUrl();
		String bootUrl = this.bootProperties.getUrl();
		if (StringUtils.hasText(url) && StringUtils.hasText(bootUrl)) {
			throw new InvalidIamDataSourceException(URL, JdbcUrl.redact(url),
					"There is a second URL in spring.datasource.url ('" + JdbcUrl.redact(bootUrl)
							+ "'), and only one of them can be meant.",
					"Remove spring.datasource.url to sign in with IAM tokens, or set iam.datasource.enabled=false to use "
							+ "spring.datasource.* with a password.");
		}
		if (!StringUtils.hasText(url)) {
			throw new InvalidIamDataSourceException(URL, null, "It is needed to sign in with IAM tokens.",
					StringUtils.hasText(bootUrl)
							? "Move the value of spring.datasource.url there, without user and password, or set "
									+ "iam.datasource.enabled=false to use spring.datasource.* with a password."
							: "Set it to the JDBC URL of the database, like "
									+ "jdbc:postgresql://<endpoint>:5432/<database>, or set "
									+ "iam.datasource.enabled=false to do without IAM tokens.");
		}
		return url.strip();
	}

	private String requireUsername() {
		String username = this.properties.getUsername();
		if (!StringUtils.hasText(username)) {
			throw new InvalidIamDataSourceException("iam.datasource.username", null,
					"A token is signed for a database user, so there has to be one.",
					"Set it to a database user that was granted rds_iam, in exactly the case in which it was created.");
		}
		return username;
	}

	private RefreshPolicy refreshPolicy() {
		IamDataSourceProperties.Token token = this.properties.getToken();
		return new RefreshPolicy(withinTokenLife("iam.datasource.token.refresh-after", token.getRefreshAfter()),
				withinTokenLife("iam.datasource.token.expiry-margin", token.getExpiryMargin()));
	}

	private static Duration withinTokenLife(String property, Duration value) {
		if (value.compareTo(Duration.ofSeconds(1)) < 0 || !RefreshPolicy.isWithinTokenLife(value)) {
			throw new InvalidIamDataSourceException(property,
					DurationStyle.SIMPLE.print(value,
							(value.toMillis() % 1000 == 0) ? ChronoUnit.SECONDS : ChronoUnit.MILLIS),
					"A token lives " + AuthenticationToken.LIFETIME.toMinutes()
							+ " minutes, so this has to be at least a second and less than that.",
					"Set it to a duration such as 90s or 5m, or remove it.");
		}
		return value;
	}

	private TokenSource tokenSource(DatabaseEndpoint endpoint, CredentialsSource credentials, RefreshPolicy policy) {
		TokenSigner signer = new RdsTokenSigner(endpoint, credentials, policy, this.clock);
		for (TokenSignerDecorator decorator : this.signerDecorators) {
			signer = decorator.decorate(signer, NAME, endpoint);
		}
		return new TokenSource(endpoint.username() + " at " + endpoint.hostAndPort(), signer, policy,
				Refresher.shared(), this.clock);
	}

	private static <T> T explained(String property, @Nullable String value, Step<T> step) {
		try {
			return step.run();
		}
		catch (InvalidSettingException ex) {
			throw new InvalidIamDataSourceException(property, value, ex);
		}
	}

	private interface Step<T> {

		T run();

	}

}

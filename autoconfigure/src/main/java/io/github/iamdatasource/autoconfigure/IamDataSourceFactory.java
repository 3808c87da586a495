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
import io.github.iamdatasource.endpoint.PropertyNames;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.JdbcUrl;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.jdbc.TlsSettings;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.RdsTokenSigner;
import io.github.iamdatasource.token.RefreshPolicy;
import io.github.iamdatasource.token.Refresher;
import io.github.iamdatasource.token.SharedTokenSources;
import io.github.iamdatasource.token.TokenSigner;
import io.github.iamdatasource.token.TokenSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/**
 * Makes an {@link IamDataSource} of the properties, or says which of them prevents it.
 * Those of one application share their tokens where they can.
 */
class IamDataSourceFactory {

	private static final Log logger = LogFactory.getLog(IamDataSourceFactory.class);

	private final RegionResolver regionResolver;

	private final SigningCredentials credentials;

	private final ResourceLoader resourceLoader;

	private final @Nullable SslBundles sslBundles;

	private final EndpointNames names;

	private final List<TokenSignerDecorator> signerDecorators;

	private final Clock clock;

	private final SharedTokenSources tokenSources = new SharedTokenSources();

	IamDataSourceFactory(RegionResolver regionResolver, SigningCredentials credentials, ResourceLoader resourceLoader,
			@Nullable SslBundles sslBundles, EndpointNames names, List<TokenSignerDecorator> signerDecorators,
			Clock clock) {
		this.regionResolver = regionResolver;
		this.credentials = credentials;
		this.resourceLoader = resourceLoader;
		this.sslBundles = sslBundles;
		this.names = names;
		this.signerDecorators = signerDecorators;
		this.clock = clock;
	}

	/**
	 * Create a data source, and begin to sign its first token.
	 * @param settings what to make it of
	 * @return the data source, which whoever asked for it has to close
	 * @throws InvalidIamDataSourceException if one of the settings prevents it
	 */
	IamDataSource create(EffectiveSettings settings) {
		PropertyNames names = settings.names();
		String urlProperty = settings.own().property("url");
		String url = requireUrl(settings);
		String shownUrl = JdbcUrl.redact(url);
		JdbcUrl jdbcUrl = explained(urlProperty, shownUrl, names, () -> JdbcUrl.parse(url));
		ConfiguredEndpoints endpoints = new ConfiguredEndpoints(settings.own(), this.regionResolver, this.names,
				requireUsername(settings.username()), jdbcUrl.hosts());
		RefreshPolicy policy = refreshPolicy(settings.token());
		TlsSettingsFactory tlsFactory = new TlsSettingsFactory(settings.tls(), this.resourceLoader, this.sslBundles);
		TlsSettings tls = tlsFactory.create();
		SigningCredentials.Found signing = this.credentials.find(settings.credentials(),
				() -> endpoints.resolve(jdbcUrl.hosts().get(0)).region());
		String meterName = IamDataSources.meterName(settings.beanName());
		IamDataSource dataSource = explained(urlProperty, shownUrl, names,
				() -> new IamDataSource(jdbcUrl, endpoints, tls,
						this.tokenSources.of(signing.credentials(), policy,
								(endpoint) -> tokenSource(meterName, endpoint, signing.credentials(), policy)),
						signing.callers(), this.clock, names));
		tlsFactory.onUpdate(dataSource::use);
		dataSource.warmUp();
		if (dataSource.getTlsMode() == TlsMode.REQUIRE) {
			logger
				.warn(settings.tls().property("mode") + " is 'require': tokens are sent without verifying the server, "
						+ "so whoever can redirect the connection gets them");
		}
		return dataSource;
	}

	private static String requireUrl(EffectiveSettings settings) {
		String url = settings.own().value().getUrl();
		if (!StringUtils.hasText(url)) {
			throw new InvalidIamDataSourceException(settings.own().property("url"), null,
					"It is needed to sign in with IAM tokens.",
					"Set it to the JDBC URL of the database, like jdbc:postgresql://<endpoint>:5432/<database>, or "
							+ (settings.isPrimary() ? "set iam.datasource.enabled=false to do without IAM tokens."
									: "remove the other properties that begin with " + settings.own().prefix() + "."));
		}
		return url.strip();
	}

	private static String requireUsername(Prefixed<@Nullable String> username) {
		if (!StringUtils.hasText(username.value())) {
			throw new InvalidIamDataSourceException(username.property("username"), null,
					"A token is signed for a database user, so there has to be one.",
					"Set it to a database user that was granted rds_iam, in exactly the case in which it was created.");
		}
		return username.value();
	}

	private static RefreshPolicy refreshPolicy(Prefixed<IamDataSourceSettings.Token> token) {
		return new RefreshPolicy(withinTokenLife(token.property("refresh-after"), token.value().getRefreshAfter()),
				withinTokenLife(token.property("expiry-margin"), token.value().getExpiryMargin()));
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

	private TokenSource tokenSource(String meterName, DatabaseEndpoint endpoint, CredentialsSource credentials,
			RefreshPolicy policy) {
		TokenSigner signer = new RdsTokenSigner(endpoint, credentials, policy, this.clock);
		for (TokenSignerDecorator decorator : this.signerDecorators) {
			signer = decorator.decorate(signer, meterName, endpoint);
		}
		return new TokenSource(endpoint.username() + " at " + endpoint.hostAndPort(), signer, policy,
				Refresher.shared(), this.clock);
	}

	private static <T> T explained(String property, @Nullable String value, PropertyNames names, Step<T> step) {
		try {
			return step.run();
		}
		catch (InvalidSettingException ex) {
			throw new InvalidIamDataSourceException(property, value, ex, names);
		}
	}

	private interface Step<T> {

		T run();

	}

}

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
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.iamdatasource.credentials.AssumedRole;
import io.github.iamdatasource.credentials.CredentialsSources;
import io.github.iamdatasource.credentials.StsEndpoint;
import io.github.iamdatasource.endpoint.RdsHostname;
import io.github.iamdatasource.token.CallerIdentities;
import io.github.iamdatasource.token.CredentialsSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Finds the credentials that tokens are signed with: those that the properties name, or
 * else those of the application's {@link AwsCredentialsProvider} bean, or else those of
 * the AWS SDK's default chain; and with any of them the role that is to be assumed.
 * <p>
 * Not an {@code AwsCredentialsProvider} itself, as that would take the place of one in
 * the application. Closes what it has created, and never a bean.
 */
class SigningCredentials implements DisposableBean {

	private static final Log logger = LogFactory.getLog(SigningCredentials.class);

	private final ListableBeanFactory beans;

	private final Environment environment;

	private final RegionResolver regions;

	private final SpringCloudAws springCloudAws;

	private final CredentialsLogGuard logGuard;

	private final Clock clock;

	/** By the values of the properties, as data sources with the same share them. */
	private final Map<List<@Nullable Object>, Found> found = new HashMap<>();

	SigningCredentials(ListableBeanFactory beans, Environment environment, RegionResolver regions,
			CredentialsLogGuard logGuard, Clock clock) {
		this.beans = beans;
		this.environment = environment;
		this.regions = regions;
		this.springCloudAws = SpringCloudAws.of(beans);
		this.logGuard = logGuard;
		this.clock = clock;
	}

	/**
	 * Find the credentials that properties ask for. Nobody is asked for them yet. They
	 * are the same for the same properties.
	 * @param properties the properties
	 * @param regionOfDatabase the region to ask AWS STS in if the application has none
	 * @return the credentials, and what tells whose they are
	 */
	synchronized Found find(Prefixed<IamDataSourceSettings.Credentials> properties, Supplier<String> regionOfDatabase) {
		List<@Nullable Object> key = valuesOf(properties.value());
		Found known = this.found.get(key);
		if (known != null) {
			return known;
		}
		refuseContradictions(properties);
		AssumedRole role = new AssumedRoleFactory(properties, this.environment).create();
		StsEndpoint sts = new StsEndpoint(region(properties, role, regionOfDatabase), endpoint(properties));
		CredentialsSource source = this.logGuard.guard(source(properties, role, sts));
		Found found = new Found(source, properties.value().isIdentifyCaller()
				? CredentialsSources.callers(source, sts, this.clock) : CallerIdentities.UNKNOWN);
		this.found.put(key, found);
		return found;
	}

	private static List<@Nullable Object> valuesOf(IamDataSourceSettings.Credentials properties) {
		return Arrays.asList(properties.getBean(), properties.getProfile(), properties.getWebIdentityTokenFile(),
				properties.getRoleArn(), properties.getRoleSessionName(), properties.getExternalId(),
				properties.getDuration(), properties.getSourceIdentity(), Map.copyOf(properties.getTags()),
				properties.getStsRegion(), properties.getStsEndpoint(), properties.isIdentifyCaller());
	}

	private static void refuseContradictions(Prefixed<IamDataSourceSettings.Credentials> properties) {
		List<String> named = Stream
			.of(StringUtils.hasText(properties.value().getBean()) ? "bean" : "",
					StringUtils.hasText(properties.value().getProfile()) ? "profile" : "",
					(properties.value().getWebIdentityTokenFile() != null) ? "web-identity-token-file" : "")
			.filter(StringUtils::hasText)
			.map(properties::property)
			.toList();
		if (named.size() > 1) {
			throw new InvalidIamDataSourceException(
					named.get(1), "(set)", "The credentials are to come from somewhere else as well: "
							+ String.join(", ", named) + " are set, and only one of them can be meant.",
					"Remove all but one of them.");
		}
	}

	private Supplier<String> region(Prefixed<IamDataSourceSettings.Credentials> properties, @Nullable AssumedRole role,
			Supplier<String> regionOfDatabase) {
		String configured = properties.value().getStsRegion();
		if (StringUtils.hasText(configured)) {
			String region = RegionResolver.requireRegion(properties.property("sts-region"), configured);
			return () -> region;
		}
		String region = this.springCloudAws.region();
		if (StringUtils.hasText(region)) {
			return () -> region;
		}
		String profile = StringUtils.hasText(properties.value().getProfile()) ? properties.value().getProfile() : null;
		return () -> {
			String found = this.regions.ofApplication(profile, regionOfDatabase);
			// A role is known to its own partition of AWS alone, and so is the database.
			return (role != null && !role.arn().startsWith("arn:" + RdsHostname.partitionOf(found) + ":"))
					? regionOfDatabase.get() : found;
		};
	}

	private @Nullable URI endpoint(Prefixed<IamDataSourceSettings.Credentials> properties) {
		if (properties.value().getStsEndpoint() != null) {
			requireUrl(properties.property("sts-endpoint"), properties.value().getStsEndpoint());
			return properties.value().getStsEndpoint();
		}
		URI elsewhere = this.springCloudAws.endpoint();
		if (elsewhere != null) {
			logger.info("AWS STS is asked at " + elsewhere.getScheme() + "://" + elsewhere.getHost() + ":"
					+ elsewhere.getPort()
					+ ", where AWS is according to Spring Cloud AWS. To have it asked elsewhere, set "
					+ properties.property("sts-endpoint"));
		}
		return elsewhere;
	}

	private static void requireUrl(String property, URI endpoint) {
		String scheme = (endpoint.getScheme() != null) ? endpoint.getScheme().toLowerCase(Locale.ROOT) : "";
		if (endpoint.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
			throw new InvalidIamDataSourceException(property, shown(endpoint),
					"This is not the https or http URL of a server.",
					"Set it to a URL like https://sts.eu-west-1.amazonaws.com, or remove it.");
		}
		if (endpoint.getUserInfo() != null) {
			throw new InvalidIamDataSourceException(property, shown(endpoint),
					"There is a user or a password in it, for which AWS STS has no use.",
					"Set it to a URL like https://sts.eu-west-1.amazonaws.com.");
		}
		if (scheme.equals("http")) {
			logger.warn(property + " is not https: whoever can listen on the way to " + endpoint.getHost()
					+ " gets the credentials that it hands out");
		}
	}

	/** Without what may be secret. */
	private static String shown(URI endpoint) {
		return (endpoint.toString().contains("@") || endpoint.getQuery() != null) ? "(set)" : endpoint.toString();
	}

	private CredentialsSource source(Prefixed<IamDataSourceSettings.Credentials> properties, @Nullable AssumedRole role,
			StsEndpoint sts) {
		if (properties.value().getWebIdentityTokenFile() != null) {
			if (role == null) {
				throw new InvalidIamDataSourceException(properties.property("role-arn"), null,
						"A web identity token is exchanged for a session of a role, so there has to be one.",
						"Set it to the ARN of the role, like arn:aws:iam::123456789012:role/orders.");
			}
			return CredentialsSources.webIdentity(properties.value().getWebIdentityTokenFile(), role, sts);
		}
		CredentialsSource base = base(properties);
		return (role != null) ? CredentialsSources.assumedRole(base, role, sts) : base;
	}

	private CredentialsSource base(Prefixed<IamDataSourceSettings.Credentials> properties) {
		if (StringUtils.hasText(properties.value().getBean())) {
			AwsCredentialsProvider named = bean(properties.property("bean"), properties.value().getBean());
			return isShared(named) ? CredentialsSources.defaultChain() : CredentialsSources
				.provider("AwsCredentialsProvider bean '" + properties.value().getBean() + "'", named);
		}
		if (StringUtils.hasText(properties.value().getProfile())) {
			return CredentialsSources.profile(properties.value().getProfile());
		}
		AwsCredentialsProvider bean = onlyBean(properties.property("bean"));
		return (bean != null && !isShared(bean))
				? CredentialsSources.provider("application's AwsCredentialsProvider bean", bean)
				: CredentialsSources.defaultChain();
	}

	private AwsCredentialsProvider bean(String property, String name) {
		if (!this.beans.containsBean(name) || !this.beans.isTypeMatch(name, AwsCredentialsProvider.class)) {
			String others = beanNames();
			throw new InvalidIamDataSourceException(property, name,
					this.beans.containsBean(name) ? "The bean of this name is no AwsCredentialsProvider."
							: "There is no bean of this name.",
					others.isEmpty()
							? "Define an AwsCredentialsProvider bean, or remove the property to use the AWS SDK's default chain."
							: "Set it to the name of an AwsCredentialsProvider bean (there are: " + others
									+ "), or remove it.");
		}
		return this.beans.getBean(name, AwsCredentialsProvider.class);
	}

	private @Nullable AwsCredentialsProvider onlyBean(String property) {
		try {
			return this.beans.getBeanProvider(AwsCredentialsProvider.class).getIfAvailable();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new InvalidIamDataSourceException(property, null,
					"There are several AwsCredentialsProvider beans, and none of them is primary: " + beanNames() + ".",
					"Set it to the name of the one whose credentials may connect to the database, or mark that one as "
							+ "@Primary.");
		}
	}

	private String beanNames() {
		return String.join(", ",
				BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beans, AwsCredentialsProvider.class));
	}

	/**
	 * Spring Cloud AWS publishes this one unless its properties ask for another. The
	 * whole JVM shares it, and every application context that ends closes it. One of our
	 * own finds the same credentials.
	 */
	@SuppressWarnings("deprecation")
	private static boolean isShared(AwsCredentialsProvider provider) {
		return provider instanceof DefaultCredentialsProvider && provider == DefaultCredentialsProvider.create();
	}

	@Override
	public synchronized void destroy() {
		for (Found found : this.found.values()) {
			try {
				found.credentials.close();
			}
			catch (RuntimeException ex) {
				// The others are to be closed all the same.
				logger.debug("Credentials could not be closed: " + ex.getClass().getName());
			}
		}
	}

	/**
	 * What was found.
	 *
	 * @param credentials the credentials to sign with
	 * @param callers tells whose they are
	 */
	record Found(CredentialsSource credentials, CallerIdentities callers) {

	}

}

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

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.awspring.cloud.core.region.StaticRegionProvider;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.StringUtils;

/**
 * Finds the region of the database: from the property, the host name, the application's
 * {@link AwsRegionProvider} bean or the AWS SDK's default chain, in this order.
 */
class RegionResolver {

	private static final Log logger = LogFactory.getLog(RegionResolver.class);

	private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z]+)+-\\d+");

	private final @Nullable AwsRegionProvider bean;

	private final @Nullable String regionOfSpringCloudAws;

	RegionResolver(BeanFactory beans) {
		// Not later: a thread that signs would wait for the one that starts the
		// application,
		// and that one for a token.
		this.bean = beans.getBeanProvider(AwsRegionProvider.class).getIfUnique();
		this.regionOfSpringCloudAws = SpringCloudAws.of(beans).region();
	}

	/**
	 * Tell the region to sign for.
	 * @param property the property that names it
	 * @param configured its value, if it is set
	 * @param hostname the signing host
	 * @param fromHostname the region that is known of the host, if any
	 * @return the region
	 */
	String resolve(String property, @Nullable String configured, String hostname, @Nullable String fromHostname) {
		if (StringUtils.hasText(configured)) {
			String region = new StaticRegionProvider(requireRegion(property, configured)).getRegion().id();
			if (fromHostname != null && !fromHostname.equals(region)) {
				logger.warn(property + " is '" + region + "' but " + hostname + " is in '" + fromHostname
						+ "'. Tokens are signed for '" + region + "', which the database is likely to reject");
			}
			return region;
		}
		if (fromHostname != null) {
			return fromHostname;
		}
		return fromProvider().orElseThrow(() -> new InvalidIamDataSourceException(property, null,
				"No region is configured and the host name '" + hostname + "' contains none.",
				"Set " + property + " to the region of the database, such as eu-west-1, or give the application a "
						+ "region by AWS_REGION, the AWS profile or spring.cloud.aws.region.static."));
	}

	/**
	 * Return the region that the application runs in, as far as it says so. The AWS SDK's
	 * own settings are looked at without asking the instance's metadata.
	 * @param profile the profile whose region comes first, or {@code null}
	 * @param otherwise the region if it says nothing
	 * @return the region
	 */
	String ofApplication(@Nullable String profile, Supplier<String> otherwise) {
		Optional<String> found = (profile != null) ? region(new AwsProfileRegionProvider(null, profile))
				: Optional.empty();
		if (this.bean != null && !(this.bean instanceof DefaultAwsRegionProviderChain)) {
			return found.or(() -> region(this.bean)).orElseGet(otherwise);
		}
		return found.or(() -> region(new SystemSettingsRegionProvider()))
			.or(() -> region(new AwsProfileRegionProvider()))
			.orElseGet(otherwise);
	}

	/**
	 * Return a region as it is written in lower case, or say that it is none.
	 * @param property the property that names it
	 * @param configured its value
	 * @return the region
	 */
	static String requireRegion(String property, String configured) {
		String region = configured.strip().toLowerCase(Locale.ROOT);
		if (!REGION.matcher(region).matches()) {
			throw new InvalidIamDataSourceException(property, configured, "This is not the name of an AWS region.",
					"Set it to a region such as eu-west-1 (not an availability zone, and not the "
							+ "region's title).");
		}
		return region;
	}

	private Optional<String> fromProvider() {
		if (StringUtils.hasText(this.regionOfSpringCloudAws)) {
			return Optional.of(this.regionOfSpringCloudAws);
		}
		return region((this.bean != null) ? this.bean : DefaultAwsRegionProviderChain.builder().build());
	}

	private static Optional<String> region(AwsRegionProvider provider) {
		try {
			return Optional.ofNullable(provider.getRegion()).map(Region::id);
		}
		// Of one that is set but empty, too.
		catch (SdkClientException | IllegalArgumentException ex) {
			logger.debug("No region from " + provider.getClass().getName(), ex);
			return Optional.empty();
		}
	}

}

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
import java.util.Map;
import java.util.regex.Pattern;

import io.github.iamdatasource.credentials.AssumedRole;
import io.github.iamdatasource.credentials.CredentialsSources;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Makes an {@link AssumedRole} of the properties, or says which of them AWS STS would not
 * accept.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole</a>
 */
class AssumedRoleFactory {

	private static final String DEFAULT_SESSION_NAME = "iam-datasource";

	private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,1024}");

	private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");

	private static final Pattern EXTERNAL_ID = Pattern.compile("[\\w+=,.@:/-]{2,1224}");

	private static final Duration SHORTEST = Duration.ofMinutes(15);

	private static final Duration LONGEST = Duration.ofHours(12);

	private static final int MOST_TAGS = 50;

	private static final Pattern TAG_KEY = Pattern.compile("(?i)(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}");

	private static final Pattern TAG_VALUE = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}");

	private final Prefixed<IamDataSourceSettings.Credentials> prefixed;

	private final IamDataSourceSettings.Credentials properties;

	private final Environment environment;

	AssumedRoleFactory(Prefixed<IamDataSourceSettings.Credentials> properties, Environment environment) {
		this.prefixed = properties;
		this.properties = properties.value();
		this.environment = environment;
	}

	/**
	 * Make the role.
	 * @return the role, or {@code null} if none is to be assumed
	 */
	@Nullable AssumedRole create() {
		if (!StringUtils.hasText(this.properties.getRoleArn())) {
			refuseWithoutRole("role-session-name", this.properties.getRoleSessionName());
			refuseWithoutRole("external-id", this.properties.getExternalId());
			refuseWithoutRole("source-identity", this.properties.getSourceIdentity());
			refuseWithoutRole("tags", this.properties.getTags().isEmpty() ? null : "(set)");
			return null;
		}
		if (!CredentialsSources.isStsPresent()) {
			throw new InvalidIamDataSourceException(this.prefixed.property("role-arn"), this.properties.getRoleArn(),
					"It takes the AWS SDK's client of AWS STS to assume a role, which is not on the class path.",
					"Add the dependency software.amazon.awssdk:sts, or remove what excludes it from the starter.");
		}
		if (this.properties.getWebIdentityTokenFile() != null) {
			refuseWithWebIdentity("external-id", this.properties.getExternalId());
			refuseWithWebIdentity("source-identity", this.properties.getSourceIdentity());
			refuseWithWebIdentity("tags", this.properties.getTags().isEmpty() ? null : "(set)");
		}
		return new AssumedRole(arn(this.properties.getRoleArn().strip()), sessionName(), externalId(), duration(),
				sourceIdentity(), tags());
	}

	private void refuseWithoutRole(String name, @Nullable String value) {
		if (StringUtils.hasText(value)) {
			throw new InvalidIamDataSourceException(this.prefixed.property(name), "(set)",
					"It says how to assume a role, but none is named.",
					"Set " + this.prefixed.property("role-arn") + " to the ARN of the role, or remove this property.");
		}
	}

	private void refuseWithWebIdentity(String name, @Nullable String value) {
		if (StringUtils.hasText(value)) {
			throw new InvalidIamDataSourceException(this.prefixed.property(name), "(set)",
					"AWS STS takes it from the web identity token itself when a role is assumed with one, or not at all.",
					"Remove this property, or " + this.prefixed.property("web-identity-token-file") + ".");
		}
	}

	private String arn(String arn) {
		if (!ARN.matcher(arn).matches()) {
			throw new InvalidIamDataSourceException(this.prefixed.property("role-arn"), arn,
					"This is not the ARN of an IAM role.",
					"Set it to the ARN of the role, like arn:aws:iam::123456789012:role/orders (not the role's name, and "
							+ "not that of one of its sessions or of an instance profile).");
		}
		return arn;
	}

	private String sessionName() {
		String configured = this.properties.getRoleSessionName();
		if (StringUtils.hasText(configured)) {
			if (!SESSION_NAME.matcher(configured).matches()) {
				throw new InvalidIamDataSourceException(this.prefixed.property("role-session-name"), configured,
						"This cannot be the name of a session.",
						"Set it to 2 to 64 letters, digits and characters of _+=,.@-, or remove it.");
			}
			return configured;
		}
		String application = this.environment.getProperty("spring.application.name", "")
			.replaceAll("[^\\w+=,.@-]", "-");
		String shortened = application.substring(0, Math.min(application.length(), 64));
		return SESSION_NAME.matcher(shortened).matches() ? shortened : DEFAULT_SESSION_NAME;
	}

	private @Nullable String externalId() {
		String configured = this.properties.getExternalId();
		if (!StringUtils.hasText(configured)) {
			return null;
		}
		if (!EXTERNAL_ID.matcher(configured).matches()) {
			throw new InvalidIamDataSourceException(this.prefixed.property("external-id"), "(set)",
					"This cannot be an external id.",
					"Set it to 2 to 1224 letters, digits and characters of _+=,.@:/-, as the role's trust policy says.");
		}
		return configured;
	}

	private Duration duration() {
		Duration duration = this.properties.getDuration();
		if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
			throw new InvalidIamDataSourceException(this.prefixed.property("duration"),
					DurationStyle.SIMPLE.print(duration, ChronoUnit.SECONDS),
					"A session of a role lives from 15 minutes to 12 hours.",
					"Set it to a duration such as 1h, within what the role allows, or remove it.");
		}
		return duration;
	}

	private @Nullable String sourceIdentity() {
		String configured = this.properties.getSourceIdentity();
		if (!StringUtils.hasText(configured)) {
			return null;
		}
		if (!SESSION_NAME.matcher(configured).matches()) {
			throw new InvalidIamDataSourceException(this.prefixed.property("source-identity"), configured,
					"This cannot be a source identity.",
					"Set it to 2 to 64 letters, digits and characters of _+=,.@-, or remove it.");
		}
		return configured;
	}

	private Map<String, String> tags() {
		Map<String, String> tags = this.properties.getTags();
		if (tags.size() > MOST_TAGS) {
			throw new InvalidIamDataSourceException(this.prefixed.property("tags"), tags.size() + " tags",
					"A session has no more than " + MOST_TAGS + " tags.", "Remove some.");
		}
		tags.forEach((key, value) -> {
			if (!TAG_KEY.matcher(key).matches() || !TAG_VALUE.matcher(value).matches()) {
				throw new InvalidIamDataSourceException(this.prefixed.property("tags"), key,
						"This tag is none that a session can have.",
						"Use letters, digits, spaces and characters of _.:/=+-@ only: 1 to 128 for the key, which may "
								+ "not begin with 'aws:', and up to 256 for the value.");
			}
		});
		return tags;
	}

}

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
package io.github.iamdatasource.credentials;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.utils.SystemSetting;

/**
 * The places in which the AWS SDK's default chain looks, in the order of its
 * {@code DefaultCredentialsProvider}, and what tells whether there should be credentials.
 */
enum DefaultChainPlace {

	SYSTEM_PROPERTIES("system properties"),

	ENVIRONMENT("environment variables"),

	WEB_IDENTITY("web identity token"),

	PROFILE("profile"),

	CONTAINER("container credentials"),

	INSTANCE("instance metadata");

	private final String title;

	DefaultChainPlace(String title) {
		this.title = title;
	}

	/** What messages call it. */
	String description() {
		return (this == PROFILE) ? this.title + " '" + profile() + "'" : this.title;
	}

	/** Create a provider, which asks for nothing yet. */
	AwsCredentialsProvider provider() {
		return switch (this) {
			case SYSTEM_PROPERTIES -> SystemPropertyCredentialsProvider.create();
			case ENVIRONMENT -> EnvironmentVariableCredentialsProvider.create();
			case WEB_IDENTITY -> WebIdentityTokenFileCredentialsProvider.builder().build();
			case PROFILE -> ProfileCredentialsProvider.builder().build();
			case CONTAINER -> ContainerCredentialsProvider.builder().build();
			case INSTANCE -> InstanceProfileCredentialsProvider.builder().build();
		};
	}

	/**
	 * Return why there should be no credentials.
	 * @return what is not set, or {@code null} if there should be credentials
	 */
	@Nullable String absence() {
		return switch (this) {
			case SYSTEM_PROPERTIES -> missing(System.getProperty(SdkSystemSetting.AWS_ACCESS_KEY_ID.property()),
					SdkSystemSetting.AWS_ACCESS_KEY_ID.property());
			case ENVIRONMENT -> missing(System.getenv(SdkSystemSetting.AWS_ACCESS_KEY_ID.environmentVariable()),
					SdkSystemSetting.AWS_ACCESS_KEY_ID.environmentVariable());
			case WEB_IDENTITY -> missing(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE);
			case PROFILE -> missingProfile();
			case CONTAINER -> (missing(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI) != null)
					? missing(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI) : null;
			// Not as a boolean, which the SDK refuses to take another text for.
			case INSTANCE -> SdkSystemSetting.AWS_EC2_METADATA_DISABLED.getStringValue()
				.filter("true"::equalsIgnoreCase)
				.map((set) -> SdkSystemSetting.AWS_EC2_METADATA_DISABLED.environmentVariable() + " is true")
				.orElse(null);
		};
	}

	/**
	 * Return whether somebody wanted these credentials if they are not {@link #absence()
	 * absent}. The instance's metadata are asked for nothing.
	 */
	boolean isConfigured() {
		return this != INSTANCE;
	}

	/** The name of the profile, if it is one. */
	@Nullable String profileName() {
		return (this == PROFILE) ? profile() : null;
	}

	private static String profile() {
		return ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
	}

	private static @Nullable String missing(SystemSetting setting) {
		return missing(setting.getStringValue().orElse(null), setting.environmentVariable());
	}

	private static @Nullable String missing(@Nullable String value, String name) {
		return (value == null || value.isBlank()) ? name + " is not set" : null;
	}

	private static @Nullable String missingProfile() {
		if (profile().isBlank()) {
			return ProfileFileSystemSetting.AWS_PROFILE.environmentVariable() + " is empty";
		}
		Optional<Profile> profile;
		try {
			profile = ProfileFile.defaultProfileFile().profile(profile());
		}
		catch (RuntimeException ex) {
			// Cannot be read, which is for the provider to say.
			return null;
		}
		if (profile.isEmpty()) {
			boolean asked = ProfileFileSystemSetting.AWS_PROFILE.getNonDefaultStringValue().isPresent();
			return asked ? null : "there is none in " + ProfileFiles.locations();
		}
		return ProfileFiles.hasCredentials(profile.get()) ? null : "it names no credentials";
	}

}

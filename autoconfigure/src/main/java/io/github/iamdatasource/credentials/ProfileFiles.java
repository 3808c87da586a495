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

import java.util.List;
import java.util.Map;
import java.util.Set;

import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;
import software.amazon.awssdk.profiles.ProfileProperty;

/**
 * The files in which the AWS SDK looks for profiles.
 *
 * @see <a href= "https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html">Shared
 * config and credentials files</a>
 */
final class ProfileFiles {

	/** Those by which the SDK decides what kind of credentials a profile names. */
	private static final Set<String> CREDENTIALS = Set.of(ProfileProperty.AWS_ACCESS_KEY_ID,
			ProfileProperty.AWS_SESSION_TOKEN, ProfileProperty.CREDENTIAL_PROCESS, ProfileProperty.ROLE_ARN,
			ProfileProperty.LOGIN_SESSION, ProfileProperty.SSO_ACCOUNT_ID, ProfileProperty.SSO_ROLE_NAME,
			ProfileProperty.SSO_REGION, ProfileProperty.SSO_START_URL, "sso_session");

	/** Nobody has more, and a circle has an end. */
	private static final int MOST_SOURCES = 10;

	private ProfileFiles() {
	}

	static String locations() {
		return ProfileFileLocation.configurationFilePath() + " or " + ProfileFileLocation.credentialsFilePath();
	}

	/**
	 * Return whether there is such a profile, or none can be read.
	 */
	static boolean names(String profile) {
		try {
			return ProfileFile.defaultProfileFile().profile(profile).isPresent();
		}
		catch (RuntimeException ex) {
			return true;
		}
	}

	static List<String> profiles() {
		return ProfileFile.defaultProfileFile().profiles().keySet().stream().sorted().toList();
	}

	/**
	 * Return the profile that has the settings of IAM Identity Center (SSO) which another
	 * one uses by way of its {@code source_profile}.
	 */
	static String signedInBy(String profile) {
		String name = profile;
		for (int i = 0; i < MOST_SOURCES; i++) {
			Map<String, String> properties = properties(name);
			String source = properties.get(ProfileProperty.SOURCE_PROFILE);
			if (source == null || properties.keySet().stream().anyMatch((key) -> key.startsWith("sso_"))) {
				return name;
			}
			name = source;
		}
		return profile;
	}

	private static Map<String, String> properties(String profile) {
		try {
			return ProfileFile.defaultProfileFile().profile(profile).map(Profile::properties).orElse(Map.of());
		}
		catch (RuntimeException ex) {
			return Map.of();
		}
	}

	static boolean hasCredentials(Profile profile) {
		return profile.properties().keySet().stream().anyMatch(CREDENTIALS::contains);
	}

}

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

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A role to assume, and how.
 *
 * @param arn the role
 * @param sessionName the name of the session, which AWS CloudTrail shows
 * @param externalId what the role's trust policy may ask for, or {@code null}
 * @param duration how long the session credentials live
 * @param sourceIdentity who is behind the session, or {@code null}
 * @param tags the session's tags
 * @see <a href=
 * "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole</a>
 */
public record AssumedRole(String arn, String sessionName, @Nullable String externalId, Duration duration,
		@Nullable String sourceIdentity, Map<String, String> tags) {

	public AssumedRole {
		tags = Map.copyOf(tags);
	}

	/** Without the external id, which some keep to themselves. */
	@Override
	public String toString() {
		return this.arn;
	}

}

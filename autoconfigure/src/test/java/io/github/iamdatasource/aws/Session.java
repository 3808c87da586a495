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
package io.github.iamdatasource.aws;

import java.time.Instant;

/**
 * Session credentials that were issued to somebody. Secret key and session token contain
 * {@code NeverLogThis}, which the build searches all test output for.
 *
 * @param accessKeyId the access key id
 * @param secretAccessKey the secret access key
 * @param sessionToken the session token
 * @param expiresAt when they end
 * @param role the role that they are a session of
 * @param arn whom requests come from that are signed with them
 */
public record Session(String accessKeyId, String secretAccessKey, String sessionToken, Instant expiresAt, Role role,
		String arn) {

	@Override
	public String toString() {
		return "Session[" + this.accessKeyId + " of " + this.arn + " until " + this.expiresAt + "]";
	}

}

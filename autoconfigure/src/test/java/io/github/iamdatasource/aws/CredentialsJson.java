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
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Session credentials in the JSON in which instances and containers are given them.
 */
final class CredentialsJson {

	private CredentialsJson() {
	}

	static String ofInstance(Session session) {
		Map<String, String> members = new LinkedHashMap<>();
		members.put("Code", "Success");
		members.put("LastUpdated", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
		members.put("Type", "AWS-HMAC");
		members.putAll(keys(session));
		return object(members);
	}

	static String ofContainer(Session session) {
		Map<String, String> members = new LinkedHashMap<>();
		members.put("RoleArn", session.role().arn());
		members.putAll(keys(session));
		return object(members);
	}

	static String ofPod(Session session) {
		Map<String, String> members = keys(session);
		members.put("AccountId", session.role().account());
		return object(members);
	}

	/** What is not JSON begins in the middle, so that the secrets before it are read. */
	static Answer garbage() {
		return Answer.json("{\"AccessKeyId\": \"ASIAGARBAGEEXAMPLE00\", \"SecretAccessKey\": \"NeverLogThis/secret\", "
				+ "\"Token\": NeverLogThis/token, \"NeverLogThis");
	}

	private static Map<String, String> keys(Session session) {
		Map<String, String> members = new LinkedHashMap<>();
		members.put("AccessKeyId", session.accessKeyId());
		members.put("SecretAccessKey", session.secretAccessKey());
		members.put("Token", session.sessionToken());
		members.put("Expiration", session.expiresAt().toString());
		return members;
	}

	/** None of the values has a character that needs to be escaped. */
	static String object(Map<String, String> members) {
		return members.entrySet()
			.stream()
			.map((member) -> "  \"" + member.getKey() + "\" : \"" + member.getValue() + "\"")
			.collect(Collectors.joining(",\n", "{\n", "\n}"));
	}

}

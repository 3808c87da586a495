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
package io.github.iamdatasource.integration;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Judges tokens as the AWS SDK would have made them: it signs the same request once more,
 * as of the moment that the token tells, and both have to be the same. It has nothing of
 * the emulator's verifier nor of our signer, which could share a mistake.
 * <p>
 * The SDK's {@code RdsUtilities} can be told no time. What signs is the SDK's signer
 * beneath it.
 */
final class SdkTokenJudge {

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final Duration LONGEST_LIFETIME = Duration.ofMinutes(15);

	private static final Duration ALLOWED_SKEW = Duration.ofMinutes(5);

	private final int port;

	private final Map<String, AwsCredentialsIdentity> identities;

	private final Clock clock;

	SdkTokenJudge(int port, List<AwsCredentialsIdentity> identities, Clock clock) {
		this.port = port;
		this.identities = identities.stream()
			.collect(Collectors.toMap(AwsCredentialsIdentity::accessKeyId, Function.identity()));
		this.clock = clock;
	}

	boolean accepts(String username, String token) {
		Map<String, String> parts = parts(token);
		AwsCredentialsIdentity identity = this.identities.get(parts.getOrDefault("X-Amz-Credential", "").split("/")[0]);
		if (identity == null) {
			return false;
		}
		try {
			Instant signedAt = TIMESTAMP.parse(parts.getOrDefault("X-Amz-Date", ""), Instant::from);
			Duration lifetime = Duration.ofSeconds(Integer.parseInt(parts.getOrDefault("X-Amz-Expires", "")));
			Instant now = this.clock.instant();
			return lifetime.compareTo(LONGEST_LIFETIME) <= 0 && !signedAt.isAfter(now.plus(ALLOWED_SKEW))
					&& now.isBefore(signedAt.plus(lifetime))
					&& parts.equals(parts(CraftedTokens.sign(this.port, username, identity, signedAt, lifetime)));
		}
		catch (DateTimeException | NumberFormatException ex) {
			return false;
		}
	}

	/** In an order of their own: that of the parameters is the signer's. */
	private static Map<String, String> parts(String token) {
		Map<String, String> parts = new TreeMap<>();
		for (String part : token.split("[?&]")) {
			String[] nameAndValue = part.split("=", 2);
			// A space is never a plus.
			parts.merge(nameAndValue[0],
					(nameAndValue.length == 1) ? ""
							: URLDecoder.decode(nameAndValue[1].replace("+", "%2B"), StandardCharsets.UTF_8),
					(a, b) -> a + "&" + b);
		}
		return parts;
	}

}

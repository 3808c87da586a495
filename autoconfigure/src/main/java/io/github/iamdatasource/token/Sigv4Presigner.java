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
package io.github.iamdatasource.token;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Presigns {@code GET} requests with AWS Signature Version 4. Logs nothing.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create
 * a signed AWS API request</a>
 */
final class Sigv4Presigner {

	private static final String ALGORITHM = "AWS4-HMAC-SHA256";

	/** The hash of no content. */
	private static final String EMPTY_PAYLOAD = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private final String region;

	private final String service;

	Sigv4Presigner(String region, String service) {
		this.region = region;
		this.service = service;
	}

	/**
	 * Presign a request.
	 * @param host the host, and the port if it is not the one of HTTPS
	 * @param query what is asked of the service
	 * @param credentials who asks
	 * @param at when, of which the seconds count
	 * @param lifetime for how long the request is good
	 * @return the URL without its scheme
	 */
	String presign(String host, Map<String, String> query, AwsCredentialsIdentity credentials, Instant at,
			Duration lifetime) {
		String timestamp = TIMESTAMP.format(at);
		String date = timestamp.substring(0, 8);
		String scope = date + "/" + this.region + "/" + this.service + "/aws4_request";
		SortedMap<String, String> parameters = new TreeMap<>(query);
		parameters.put("X-Amz-Algorithm", ALGORITHM);
		parameters.put("X-Amz-Credential", credentials.accessKeyId().trim() + "/" + scope);
		parameters.put("X-Amz-Date", timestamp);
		parameters.put("X-Amz-Expires", Long.toString(lifetime.toSeconds()));
		parameters.put("X-Amz-SignedHeaders", "host");
		if (credentials instanceof AwsSessionCredentialsIdentity session) {
			parameters.put("X-Amz-Security-Token", session.sessionToken().trim());
		}
		String queryString = queryString(parameters);
		String canonicalRequest = "GET\n/\n" + queryString + "\nhost:" + host + "\n\nhost\n" + EMPTY_PAYLOAD;
		String stringToSign = ALGORITHM + "\n" + timestamp + "\n" + scope + "\n" + hex(sha256(canonicalRequest));
		byte[] key = bytes("AWS4" + credentials.secretAccessKey().trim());
		for (String part : new String[] { date, this.region, this.service, "aws4_request" }) {
			key = hmac(key, part);
		}
		return host + "/?" + queryString + "&X-Amz-Signature=" + hex(hmac(key, stringToSign));
	}

	private static String queryString(SortedMap<String, String> parameters) {
		StringBuilder query = new StringBuilder();
		parameters.forEach((name, value) -> query.append(query.isEmpty() ? "" : "&")
			.append(encode(name))
			.append('=')
			.append(encode(value)));
		return query.toString();
	}

	/** As RFC 3986 does, and not as a form does. */
	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8)
			.replace("+", "%20")
			.replace("*", "%2A")
			.replace("%7E", "~");
	}

	private static byte[] sha256(String text) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(bytes(text));
		}
		catch (GeneralSecurityException ex) {
			throw missing(ex);
		}
	}

	private static byte[] hmac(byte[] key, String text) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key, "HmacSHA256"));
			return mac.doFinal(bytes(text));
		}
		catch (GeneralSecurityException ex) {
			throw missing(ex);
		}
	}

	private static IllegalStateException missing(GeneralSecurityException ex) {
		return new IllegalStateException("Every JDK has SHA-256 and HmacSHA256", ex);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

}

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

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * A request with a signature of Signature Version 4 in its header {@code Authorization}.
 *
 * @param request the request
 * @param accessKeyId who claims to have signed it
 * @param date the day in the credential scope
 * @param region the region in the credential scope
 * @param service the service in the credential scope
 * @param signedHeaders the names of the headers that are signed
 * @param signature the signature
 * @see <a href=
 * "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create
 * a signed AWS API request</a>
 */
record SignedRequest(Request request, String accessKeyId, String date, String region, String service,
		List<String> signedHeaders, String signature) {

	private static final Pattern AUTHORIZATION = Pattern
		.compile("AWS4-HMAC-SHA256 Credential=(\\w+)/(\\d{8})/([\\w-]+)/([\\w-]+)/aws4_request, ?"
				+ "SignedHeaders=([\\w;-]+), ?Signature=([0-9a-f]{64})");

	/**
	 * Read the signature of a request.
	 * @param request the request
	 * @return the signed request, or {@code null} if it is not signed in that way
	 */
	static @Nullable SignedRequest of(Request request) {
		Matcher authorization = AUTHORIZATION.matcher(Objects.requireNonNullElse(request.header("authorization"), ""));
		if (!authorization.matches()) {
			return null;
		}
		return new SignedRequest(request, authorization.group(1), authorization.group(2), authorization.group(3),
				authorization.group(4), List.of(authorization.group(5).split(";")), authorization.group(6));
	}

	String timestamp() {
		return Objects.requireNonNullElse(this.request.header("x-amz-date"), "");
	}

	boolean isSignedWith(String secretAccessKey) {
		String scope = this.date + "/" + this.region + "/" + this.service + "/aws4_request";
		String toSign = "AWS4-HMAC-SHA256\n" + timestamp() + "\n" + scope + "\n" + sha256(canonicalRequest());
		byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
		for (String part : scope.split("/")) {
			key = hmac(key, part);
		}
		byte[] expected = hmac(key, toSign);
		return MessageDigest.isEqual(expected, HexFormat.of().parseHex(this.signature));
	}

	private String canonicalRequest() {
		String query = Objects.requireNonNullElse(this.request.uri().getRawQuery(), "");
		String canonicalQuery = Arrays.stream(query.split("&"))
			.map((pair) -> (pair.isEmpty() || pair.contains("=")) ? pair : pair + "=")
			.sorted()
			.collect(Collectors.joining("&"));
		String headers = this.signedHeaders.stream()
			.map((name) -> name + ":" + canonicalHeader(name) + "\n")
			.collect(Collectors.joining());
		return String.join("\n", this.request.method(), this.request.path(), canonicalQuery, headers,
				String.join(";", this.signedHeaders), sha256(this.request.body()));
	}

	private String canonicalHeader(String name) {
		return this.request.headers()
			.getOrDefault(name, List.of())
			.stream()
			.map((value) -> value.strip().replaceAll(" +", " "))
			.collect(Collectors.joining(","));
	}

	private static String sha256(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] hmac(byte[] key, String text) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key, "HmacSHA256"));
			return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

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
package io.github.iamdatasource.emulator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.iamdatasource.emulator.sigv4.CredentialScope;
import io.github.iamdatasource.emulator.sigv4.MalformedException;
import io.github.iamdatasource.emulator.sigv4.PresignedUrl;
import io.github.iamdatasource.emulator.sigv4.Sigv4;

/**
 * Signs tokens that no SDK would sign, for any time.
 */
final class TokenBuilder {

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private String authority;

	private String path = "/";

	private String accessKey = Tokens.ACCESS_KEY;

	private String secretKey = Tokens.SECRET_KEY;

	private String region;

	private String service = "rds-db";

	private final String timestamp;

	private final Map<String, String> parameters = new LinkedHashMap<>();

	private TokenBuilder(RdsEndpoint endpoint, Instant signedAt) {
		this.authority = endpoint.hostname() + ":" + endpoint.port();
		this.region = endpoint.region();
		this.timestamp = TIMESTAMP.format(signedAt);
		this.parameters.put("Action", "connect");
		this.parameters.put("DBUser", "app");
		this.parameters.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
		this.parameters.put("X-Amz-Date", this.timestamp);
		this.parameters.put("X-Amz-Expires", "900");
		this.parameters.put("X-Amz-SignedHeaders", "host");
	}

	static TokenBuilder tokenFor(RdsEndpoint endpoint, Instant signedAt) {
		return new TokenBuilder(endpoint, signedAt);
	}

	TokenBuilder authority(String authority) {
		this.authority = authority;
		return this;
	}

	/** What is signed stays the root path. */
	TokenBuilder withoutSlash() {
		this.path = "";
		return this;
	}

	TokenBuilder keys(String accessKey, String secretKey) {
		this.accessKey = accessKey;
		this.secretKey = secretKey;
		return this;
	}

	TokenBuilder region(String region) {
		this.region = region;
		return this;
	}

	TokenBuilder service(String service) {
		this.service = service;
		return this;
	}

	/** The name and the value are percent-encoded already. */
	TokenBuilder parameter(String name, String value) {
		this.parameters.put(name, value);
		return this;
	}

	TokenBuilder without(String name) {
		this.parameters.remove(name);
		return this;
	}

	String sign() throws MalformedException {
		CredentialScope scope = new CredentialScope(this.accessKey, this.timestamp.substring(0, 8), this.region,
				this.service);
		this.parameters.putIfAbsent("X-Amz-Credential",
				this.accessKey + "%2F" + scope.date() + "%2F" + this.region + "%2F" + this.service + "%2Faws4_request");
		String unsigned = this.authority + this.path + "?"
				+ this.parameters.entrySet()
					.stream()
					.map((parameter) -> parameter.getKey() + "=" + parameter.getValue())
					.collect(Collectors.joining("&"));
		return unsigned + "&X-Amz-Signature="
				+ Sigv4.sign(PresignedUrl.parse(unsigned), this.timestamp, scope, this.secretKey);
	}

}

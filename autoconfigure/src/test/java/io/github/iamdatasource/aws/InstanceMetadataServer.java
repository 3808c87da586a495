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

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Stands where the instance metadata service (IMDSv2) of an EC2 instance stands. The SDK
 * finds it by the system property {@code aws.ec2MetadataServiceEndpoint}. That there is
 * no role ({@link Fault#NOT_FOUND}) and {@link Fault#GARBAGE} concern the credentials
 * only, other faults all requests.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html">Access
 * instance metadata</a>
 */
public final class InstanceMetadataServer extends AwsServer {

	private static final String CREDENTIALS = "/latest/meta-data/iam/security-credentials/";

	private static final String INSTANCE = "i-0123456789abcdef0";

	private final Sessions sessions;

	private final Role role;

	private final String region;

	private final Set<String> tokens = ConcurrentHashMap.newKeySet();

	private final AtomicInteger numbers = new AtomicInteger();

	private volatile Duration sessionLifetime = Duration.ofHours(6);

	private InstanceMetadataServer(Sessions sessions, Role role, String region) {
		this.sessions = sessions;
		this.role = role;
		this.region = region;
		begin();
	}

	/**
	 * Starts the server of one instance.
	 * @param sessions the sessions, to which it adds its own
	 * @param role the role of the instance
	 * @param region the region that the instance is in
	 * @return the server
	 */
	public static InstanceMetadataServer start(Sessions sessions, Role role, String region) {
		return new InstanceMetadataServer(sessions, role, region);
	}

	/**
	 * Has sessions live for a while, which is six hours otherwise.
	 * @param lifetime how long
	 * @return this server
	 */
	public InstanceMetadataServer sessionLifetime(Duration lifetime) {
		this.sessionLifetime = lifetime;
		return this;
	}

	@Override
	Answer answer(Request request) {
		if (request.method().equals("PUT")) {
			return newToken(request);
		}
		String token = request.header("x-aws-ec2-metadata-token");
		if (token == null || !this.tokens.contains(token)) {
			throw new AwsError(401, "Unauthorized", "Unauthorized");
		}
		if (request.path().equals(CREDENTIALS)) {
			return Answer.text(200, this.role.name());
		}
		if (request.path().equals(CREDENTIALS + this.role.name())) {
			return Answer
				.json(CredentialsJson.ofInstance(this.sessions.issue(this.role, INSTANCE, this.sessionLifetime)));
		}
		if (request.path().equals("/latest/dynamic/instance-identity/document")) {
			return Answer.text(200, CredentialsJson.object(Map.of("accountId", this.role.account(), "instanceId",
					INSTANCE, "region", this.region, "version", "2017-09-30")));
		}
		if (request.path().equals("/latest/meta-data/placement/region")) {
			return Answer.text(200, this.region);
		}
		throw new AwsError(404, "NotFound", "Not Found");
	}

	private Answer newToken(Request request) {
		@Nullable String seconds = request.header("x-aws-ec2-metadata-token-ttl-seconds");
		if (!request.path().equals("/latest/api/token") || seconds == null || !seconds.matches("\\d{1,5}")) {
			throw new AwsError(400, "BadRequest", "Bad Request");
		}
		String token = "NeverLogThis-metadata-" + this.numbers.incrementAndGet() + "==";
		this.tokens.add(token);
		return new Answer(200, "text/plain", token, Map.of("x-aws-ec2-metadata-token-ttl-seconds", seconds));
	}

	@Override
	Answer answer(AwsError error) {
		return new Answer(error.status(), "text/html",
				"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<html><head><title>" + error.status() + " - "
						+ error.text() + "</title></head><body><h1>" + error.status() + " - " + error.text()
						+ "</h1></body></html>\n");
	}

	@Override
	Answer garbage() {
		return CredentialsJson.garbage();
	}

	@Override
	boolean strikes(Fault failing, Request request) {
		return switch (failing) {
			case NOT_FOUND -> request.path().startsWith(CREDENTIALS);
			case GARBAGE -> request.path().equals(CREDENTIALS + this.role.name());
			default -> true;
		};
	}

}

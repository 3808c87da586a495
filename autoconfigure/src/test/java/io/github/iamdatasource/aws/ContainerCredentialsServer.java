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

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Stands where the containers of ECS and the pods of EKS ask for credentials. The SDK
 * finds that of ECS by the system properties {@code aws.containerServiceEndpoint}
 * ({@link #endpoint()}) and {@code aws.containerCredentialsPath}
 * ({@link #relativeUri()}), that of EKS Pod Identity by
 * {@code aws.containerCredentialsFullUri} ({@link #fullUri()}) and
 * {@code aws.containerAuthorizationTokenFile}.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">Container
 * credential provider</a>
 */
public final class ContainerCredentialsServer extends AwsServer {

	private static final String OF_TASK = "/v2/credentials/6e4f6b7a-0d2c-4b5e-9a1f-3c8d7e2f1a0b";

	private static final String OF_POD = "/v1/credentials";

	private final Sessions sessions;

	private final Role role;

	private volatile @Nullable String podToken;

	private volatile Duration sessionLifetime = Duration.ofHours(6);

	private ContainerCredentialsServer(Sessions sessions, Role role) {
		this.sessions = sessions;
		this.role = role;
		begin();
	}

	/**
	 * Starts the server of one task and of one pod.
	 * @param sessions the sessions, to which it adds its own
	 * @param role the role of the task or the pod
	 * @return the server
	 */
	public static ContainerCredentialsServer start(Sessions sessions, Role role) {
		return new ContainerCredentialsServer(sessions, role);
	}

	/**
	 * The path of the task's credentials.
	 * @return the path
	 */
	public String relativeUri() {
		return OF_TASK;
	}

	/**
	 * The address of the pod's credentials.
	 * @return the address
	 */
	public URI fullUri() {
		return endpoint().resolve(OF_POD);
	}

	/**
	 * Wants this very token of a pod from now on, and no other.
	 * @param token the text of the service account's token
	 * @return this server
	 */
	public ContainerCredentialsServer podToken(String token) {
		this.podToken = token;
		return this;
	}

	/**
	 * Has sessions live for a while, which is six hours otherwise.
	 * @param lifetime how long
	 * @return this server
	 */
	public ContainerCredentialsServer sessionLifetime(Duration lifetime) {
		this.sessionLifetime = lifetime;
		return this;
	}

	@Override
	Answer answer(Request request) {
		if (request.path().equals(OF_TASK)) {
			return Answer.json(CredentialsJson
				.ofContainer(this.sessions.issue(this.role, "5b1d0a9c8e7f4d3c2b1a", this.sessionLifetime)));
		}
		if (request.path().equals(OF_POD)) {
			String authorization = request.header("authorization");
			if (authorization == null || !authorization.equals(this.podToken)) {
				throw new AwsError(401, "AccessDeniedException", "The service account token is not valid");
			}
			return Answer.json(CredentialsJson
				.ofPod(this.sessions.issue(this.role, "eks-orders-app-0f1e2d3c", this.sessionLifetime)));
		}
		throw new AwsError(404, "NoIdInRequest", "CredentialsV2Request: No Credential ID in the request");
	}

	@Override
	Answer answer(AwsError error) {
		return new Answer(error.status(), "application/json",
				CredentialsJson.object(Map.of("code", error.code(), "message", error.text())));
	}

	@Override
	Answer garbage() {
		return CredentialsJson.garbage();
	}

}

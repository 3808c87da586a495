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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Stands where IAM Identity Center stands: its portal, which gives credentials of roles
 * to whoever has signed in, and its OIDC service, which renews that. The SDK finds them
 * by the system properties {@code aws.endpointUrlSso} and {@code aws.endpointUrlSsoOidc}.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html">GetRoleCredentials</a>
 * @see <a href=
 * "https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html">CreateToken</a>
 */
public final class SsoPortal extends AwsServer {

	private static final Pattern REFRESH_TOKEN = Pattern.compile("\"refreshToken\"\\s*:\\s*\"([^\"]+)\"");

	private final Sessions sessions;

	private final Map<String, Role> roles = new ConcurrentHashMap<>();

	private final Set<String> accessTokens = ConcurrentHashMap.newKeySet();

	private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();

	private final AtomicInteger numbers = new AtomicInteger();

	private volatile Duration sessionLifetime = Duration.ofHours(1);

	private SsoPortal(Sessions sessions) {
		this.sessions = sessions;
		begin();
	}

	/**
	 * Starts a portal at which nobody has signed in yet.
	 * @param sessions the sessions, to which it adds its own
	 * @return the portal
	 */
	public static SsoPortal start(Sessions sessions) {
		return new SsoPortal(sessions);
	}

	/**
	 * Offers a role to everybody, under its name and account.
	 * @param role the role
	 * @return this portal
	 */
	public SsoPortal role(Role role) {
		this.roles.put(role.account() + "/" + role.name(), role);
		return this;
	}

	/**
	 * Knows somebody who has signed in.
	 * @param token the access token that was given out
	 * @return this portal
	 */
	public SsoPortal accessToken(String token) {
		this.accessTokens.add(token);
		return this;
	}

	/**
	 * Gives out a new access token, and a new refresh token, to whoever has this refresh
	 * token.
	 * @param token the refresh token that was given out
	 * @return this portal
	 */
	public SsoPortal refreshToken(String token) {
		this.refreshTokens.add(token);
		return this;
	}

	/**
	 * Has sessions live for a while, which is an hour otherwise.
	 * @param lifetime how long
	 * @return this portal
	 */
	public SsoPortal sessionLifetime(Duration lifetime) {
		this.sessionLifetime = lifetime;
		return this;
	}

	@Override
	Answer answer(Request request) {
		return switch (request.path()) {
			case "/federation/credentials" -> roleCredentials(request);
			case "/token" -> token(request);
			default -> throw new AwsError(404, "ResourceNotFoundException", "Not found");
		};
	}

	private Answer roleCredentials(Request request) {
		String token = request.header("x-amz-sso_bearer_token");
		if (token == null || !this.accessTokens.contains(token)) {
			throw new AwsError(401, "UnauthorizedException", "Session token not found or invalid");
		}
		Role role = this.roles.get(request.query().get("account_id") + "/" + request.query().get("role_name"));
		if (role == null) {
			throw new AwsError(403, "ForbiddenException", "No access");
		}
		Session session = this.sessions.issue(role, "somebody@example.com", this.sessionLifetime);
		String keys = CredentialsJson.object(Map.of("accessKeyId", session.accessKeyId(), "secretAccessKey",
				session.secretAccessKey(), "sessionToken", session.sessionToken()));
		return Answer.json("{\"roleCredentials\": " + keys.substring(0, keys.length() - 1) + ", \"expiration\": "
				+ session.expiresAt().toEpochMilli() + "}}");
	}

	private Answer token(Request request) {
		@Nullable String old = null;
		Matcher refreshToken = REFRESH_TOKEN.matcher(request.body());
		if (refreshToken.find()) {
			old = refreshToken.group(1);
		}
		// One is good for once.
		if (old == null || !this.refreshTokens.remove(old)) {
			throw new AwsError(400, "InvalidGrantException", "Invalid refresh token provided");
		}
		int number = this.numbers.incrementAndGet();
		String access = "NeverLogThis-renewed-access-" + number;
		String refresh = "NeverLogThis-renewed-refresh-" + number;
		this.accessTokens.add(access);
		this.refreshTokens.add(refresh);
		return Answer.json("{\"accessToken\": \"" + access + "\", \"tokenType\": \"Bearer\", \"expiresIn\": 3600, "
				+ "\"refreshToken\": \"" + refresh + "\"}");
	}

	@Override
	Answer answer(AwsError error) {
		return new Answer(error.status(), "application/json",
				CredentialsJson.object(Map.of("message", error.text(), "__type", error.code())),
				Map.of("x-amzn-ErrorType", error.code()));
	}

	@Override
	Answer garbage() {
		return CredentialsJson.garbage();
	}

}

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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who signs authentication tokens: credentials, and a policy that says as which
 * database users they may connect. Nothing is allowed until the policy allows it, and
 * what it denies no other statement can allow.
 */
public final class IamPrincipal {

	private final String accessKeyId;

	private final String secretAccessKey;

	private final @Nullable String sessionToken;

	private final @Nullable Instant sessionExpiresAt;

	private final List<PolicyStatement> policy;

	private IamPrincipal(String accessKeyId, String secretAccessKey, @Nullable String sessionToken,
			@Nullable Instant sessionExpiresAt, List<PolicyStatement> policy) {
		this.accessKeyId = accessKeyId;
		this.secretAccessKey = secretAccessKey;
		this.sessionToken = sessionToken;
		this.sessionExpiresAt = sessionExpiresAt;
		this.policy = policy;
	}

	/**
	 * A principal with long-term credentials and no permissions.
	 * @param accessKeyId the access key id
	 * @param secretAccessKey the secret access key
	 * @return the principal
	 * @throws IllegalArgumentException if either is blank, or the id is not letters and
	 * digits
	 */
	public static IamPrincipal withKeys(String accessKeyId, String secretAccessKey) {
		if (!accessKeyId.matches("\\w+")) {
			throw new IllegalArgumentException("An access key id consists of letters and digits only");
		}
		return new IamPrincipal(accessKeyId, requireText(secretAccessKey, "secret access key"), null, null, List.of());
	}

	/**
	 * The same principal with session credentials that do not end: its tokens must carry
	 * this session token.
	 * @param sessionToken the session token
	 * @return a copy
	 * @throws IllegalArgumentException if it is blank
	 */
	public IamPrincipal withSessionToken(String sessionToken) {
		return withSession(sessionToken, null);
	}

	/**
	 * The same principal with session credentials that end: its tokens must carry this
	 * session token, and from that moment on none of them is accepted, however lately it
	 * was signed.
	 * @param sessionToken the session token
	 * @param expiresAt when the credentials end, by the clock of whoever verifies
	 * @return a copy
	 * @throws IllegalArgumentException if the session token is blank
	 */
	public IamPrincipal withSessionToken(String sessionToken, Instant expiresAt) {
		return withSession(sessionToken, expiresAt);
	}

	private IamPrincipal withSession(String token, @Nullable Instant expiresAt) {
		return new IamPrincipal(this.accessKeyId, this.secretAccessKey, requireText(token, "session token"), expiresAt,
				this.policy);
	}

	/**
	 * Allows {@code rds-db:connect} to the emulated database as the given users.
	 * @param databaseUsers names, in which {@code *} and {@code ?} are wildcards as in
	 * any IAM policy
	 * @return a copy
	 */
	public IamPrincipal allowedToConnectAs(String... databaseUsers) {
		IamPrincipal result = this;
		for (String databaseUser : databaseUsers) {
			result = result.plus(PolicyStatement.allowUser(requireText(databaseUser, "database user")));
		}
		return result;
	}

	/**
	 * Allows {@code rds-db:connect} on the resources that match.
	 * @param resourceArnPattern such as
	 * {@code arn:aws:rds-db:eu-west-1:123456789012:dbuser:*&#47;app}
	 * @return a copy
	 */
	public IamPrincipal allowed(String resourceArnPattern) {
		return plus(PolicyStatement.allow(requireText(resourceArnPattern, "resource")));
	}

	/**
	 * Denies {@code rds-db:connect} on the resources that match, whatever else allows it.
	 * @param resourceArnPattern the resources
	 * @return a copy
	 */
	public IamPrincipal denied(String resourceArnPattern) {
		return plus(PolicyStatement.deny(requireText(resourceArnPattern, "resource")));
	}

	private IamPrincipal plus(PolicyStatement statement) {
		List<PolicyStatement> statements = new ArrayList<>(this.policy);
		statements.add(statement);
		return new IamPrincipal(this.accessKeyId, this.secretAccessKey, this.sessionToken, this.sessionExpiresAt,
				List.copyOf(statements));
	}

	/**
	 * The access key id.
	 * @return the id, which is not a secret
	 */
	public String accessKeyId() {
		return this.accessKeyId;
	}

	String secretAccessKey() {
		return this.secretAccessKey;
	}

	@Nullable String sessionToken() {
		return this.sessionToken;
	}

	boolean sessionHasExpired(Instant now) {
		return this.sessionExpiresAt != null && !now.isBefore(this.sessionExpiresAt);
	}

	boolean mayConnect(RdsEndpoint endpoint, String databaseUser) {
		boolean allowed = false;
		for (PolicyStatement statement : this.policy) {
			if (statement.appliesTo(endpoint, databaseUser)) {
				if (!statement.allows()) {
					return false;
				}
				allowed = true;
			}
		}
		return allowed;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof IamPrincipal that && this.accessKeyId.equals(that.accessKeyId)
				&& this.secretAccessKey.equals(that.secretAccessKey)
				&& Objects.equals(this.sessionToken, that.sessionToken)
				&& Objects.equals(this.sessionExpiresAt, that.sessionExpiresAt) && this.policy.equals(that.policy);
	}

	@Override
	public int hashCode() {
		return this.accessKeyId.hashCode();
	}

	@Override
	public String toString() {
		return "IamPrincipal[" + this.accessKeyId + ((this.sessionToken != null) ? " with a session token" : "")
				+ ((this.sessionExpiresAt != null) ? " until " + this.sessionExpiresAt : "") + ", " + this.policy + "]";
	}

	private static String requireText(String value, String what) {
		if (value.isBlank()) {
			throw new IllegalArgumentException("The " + what + " is empty");
		}
		return value;
	}

}

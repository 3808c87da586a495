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

/**
 * Why the emulator refused a login. The client is never told, as with RDS; it is counted
 * in {@link RdsIamEmulator#rejections()}.
 */
public enum Rejection {

	/** The client wanted to log in without TLS. */
	PLAINTEXT("The client wanted to log in without TLS"),

	/** What was sent as a password is not an authentication token. */
	MALFORMED_TOKEN("What was sent as a password is not an authentication token"),

	/** The token names another algorithm than AWS4-HMAC-SHA256. */
	WRONG_ALGORITHM("The token is not signed with AWS4-HMAC-SHA256"),

	/** The token is for another action than connect. */
	WRONG_ACTION("The token's action is not connect"),

	/** The token is for another database user than the one who logs in. */
	WRONG_USER("The token was signed for another database user"),

	/** The token is for another host. */
	WRONG_HOST("The token was signed for another host"),

	/** The token is for another port. */
	WRONG_PORT("The token was signed for another port"),

	/** The token is for another region. */
	WRONG_REGION("The token was signed for another region"),

	/** The token is for another service than rds-db. */
	WRONG_SERVICE("The token was signed for another service than rds-db"),

	/** No principal of the emulator has the token's access key. */
	UNKNOWN_ACCESS_KEY("The token was signed with an unknown access key"),

	/** The principal has session credentials, and the token carries no session token. */
	SESSION_TOKEN_MISSING("The token lacks the session token of its credentials"),

	/** The token carries a session token that is not the principal's. */
	SESSION_TOKEN_WRONG("The token's session token does not belong to its access key"),

	/** The signature is not the one that the principal's secret key makes. */
	SIGNATURE_MISMATCH("The signature does not match: another secret key, or the token was altered"),

	/** The session credentials that signed the token have ended. */
	SESSION_EXPIRED("The session credentials that signed the token have expired"),

	/** The token is no longer valid. */
	EXPIRED("The token has expired"),

	/** The token was signed too far in the future. */
	NOT_YET_VALID("The token was signed more than five minutes in the future"),

	/** The token claims to be valid for more than 15 minutes. */
	LIFETIME_TOO_LONG("The token claims to be valid for more than 900 seconds"),

	/** The principal's policy does not allow {@code rds-db:connect} as this user. */
	POLICY_DENIES("The principal's policy does not allow rds-db:connect as this database user"),

	/** The database user does not exist, or may not sign in with IAM. */
	UNKNOWN_DATABASE_USER("The database user is not one of those that may sign in with IAM"),

	/** Nothing is wrong with the login: the emulator was told to reject all. */
	OUTAGE("The emulator was told to reject all logins");

	private final String description;

	Rejection(String description) {
		this.description = description;
	}

	/**
	 * The reason in plain words.
	 * @return one sentence without a full stop
	 */
	public String description() {
		return this.description;
	}

}

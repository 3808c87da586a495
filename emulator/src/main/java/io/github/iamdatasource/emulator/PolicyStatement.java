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

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * One statement of a policy about {@code rds-db:connect}, or with Aurora DSQL about both
 * {@code dsql:DbConnect} and {@code dsql:DbConnectAdmin}.
 */
final class PolicyStatement {

	private final boolean allows;

	private final boolean ownDatabase;

	private final String pattern;

	private PolicyStatement(boolean allows, boolean ownDatabase, String pattern) {
		this.allows = allows;
		this.ownDatabase = ownDatabase;
		this.pattern = pattern;
	}

	static PolicyStatement allow(String resourceArnPattern) {
		return new PolicyStatement(true, false, resourceArnPattern);
	}

	static PolicyStatement deny(String resourceArnPattern) {
		return new PolicyStatement(false, false, resourceArnPattern);
	}

	static PolicyStatement allowUser(String userPattern) {
		return new PolicyStatement(true, true, userPattern);
	}

	boolean allows() {
		return this.allows;
	}

	boolean appliesTo(RdsEndpoint endpoint, String databaseUser) {
		if (this.ownDatabase && endpoint.isDsql()) {
			// Who may be whom is not for the policy to say there, but for AWS IAM GRANT.
			return wildcards(this.pattern).matcher(databaseUser).matches();
		}
		String arnPattern = this.ownDatabase ? endpoint.dbUserArn(this.pattern) : this.pattern;
		return wildcards(arnPattern).matcher(endpoint.resourceArn(databaseUser)).matches();
	}

	/**
	 * An asterisk stays within its colon-separated segment, unless it is the segment's
	 * last character (IAM User Guide, "IAM JSON policy elements: Resource").
	 */
	private static Pattern wildcards(String arnPattern) {
		StringBuilder regex = new StringBuilder();
		int[] characters = arnPattern.codePoints().toArray();
		for (int i = 0; i < characters.length; i++) {
			if (characters[i] == '*') {
				boolean endsSegment = i + 1 == characters.length || characters[i + 1] == ':';
				regex.append(endsSegment ? ".*" : "[^:]*");
			}
			else {
				regex.append((characters[i] == '?') ? "." : Pattern.quote(Character.toString(characters[i])));
			}
		}
		return Pattern.compile(regex.toString(), Pattern.DOTALL);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof PolicyStatement that && this.allows == that.allows
				&& this.ownDatabase == that.ownDatabase && this.pattern.equals(that.pattern);
	}

	@Override
	public int hashCode() {
		return this.pattern.hashCode();
	}

	@Override
	public String toString() {
		return (this.allows ? "allow " : "deny ") + (this.ownDatabase ? "database user " : "") + this.pattern;
	}

}

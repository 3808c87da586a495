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

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What AWS STS says of credentials.
 *
 * @param arn whose credentials they are, such as
 * {@code arn:aws:sts::123456789012:assumed-role/orders/i-0abc}, or {@code null} if STS
 * did not accept them
 * @param refusal why STS did not accept them, in a sentence, or {@code null} if it did
 * @param clockAhead how far this machine's clock is ahead of that of STS, negative if it
 * is behind, or {@code null} if that is not known
 * @see <a href=
 * "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html">GetCallerIdentity</a>
 */
public record CallerIdentity(@Nullable String arn, @Nullable String refusal, @Nullable Duration clockAhead) {

	private static final Pattern ACCOUNT = Pattern.compile("arn:[^:]+:(?:iam|sts)::(\\d{12}):.*");

	private static final Pattern ROLE = Pattern.compile("arn:[^:]+:sts::\\d{12}:assumed-role/([^/]+)/.*");

	/**
	 * Return the account that the credentials belong to.
	 * @return twelve digits, or {@code null} if that is not known
	 */
	public @Nullable String account() {
		return group(ACCOUNT);
	}

	/**
	 * Return the role that the credentials are a session of. It is what a policy is
	 * attached to.
	 * @return the role's name, or {@code null} if they are none or that is not known
	 */
	public @Nullable String role() {
		return group(ROLE);
	}

	/**
	 * Return the role that the credentials are a session of, as AWS names it where it is
	 * granted something. A session does not tell the role's path.
	 * @return the role's ARN, or {@code null} if they are none or that is not known
	 */
	public @Nullable String roleArn() {
		String role = role();
		return (role != null && this.arn != null)
				? this.arn.substring(0, this.arn.indexOf(":sts:")) + ":iam::" + account() + ":role/" + role : null;
	}

	/**
	 * Return whose policies allow what the credentials may do.
	 * @return words for a sentence, such as {@code the role 'orders'}
	 */
	public String policyHolder() {
		String role = role();
		return (role != null) ? "the role '" + role + "'" : (this.arn != null) ? this.arn : "the application";
	}

	private @Nullable String group(Pattern pattern) {
		if (this.arn == null) {
			return null;
		}
		Matcher matcher = pattern.matcher(this.arn);
		return matcher.matches() ? matcher.group(1) : null;
	}

}

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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A role of IAM: who may assume it, and as which database users its sessions may connect.
 * Nobody and none until it says so.
 *
 * @param arn its name, such as {@code arn:aws:iam::123456789012:role/orders}
 * @param trusted the callers that may assume it, or the roles that they have assumed, or
 * the root of their account
 * @param webIdentities the texts of the web identities that may assume it
 * @param externalId what a caller has to name, if anything
 * @param databaseUsers the database users that its sessions may connect as
 * @param maxSession how long a session lives at most
 */
public record Role(String arn, Set<String> trusted, Set<String> webIdentities, @Nullable String externalId,
		List<String> databaseUsers, Duration maxSession) {

	public Role {
		if (!arn.matches("arn:[\\w-]+:iam::\\d{12}:role/[\\w+=,.@/-]+")) {
			throw new IllegalArgumentException("'" + arn + "' is not the ARN of a role");
		}
		trusted = Set.copyOf(trusted);
		webIdentities = Set.copyOf(webIdentities);
		databaseUsers = List.copyOf(databaseUsers);
	}

	/**
	 * A role that nobody may assume, with sessions of an hour at most.
	 * @param arn its name
	 * @return the role
	 */
	public static Role of(String arn) {
		return new Role(arn, Set.of(), Set.of(), null, List.of(), Duration.ofHours(1));
	}

	/**
	 * Lets callers assume it.
	 * @param arns their ARNs, or those of the roles whose sessions may, or
	 * {@code arn:aws:iam::ACCOUNT:root} for everybody in an account
	 * @return a copy
	 */
	public Role trusting(String... arns) {
		return new Role(this.arn, plus(this.trusted, arns), this.webIdentities, this.externalId, this.databaseUsers,
				this.maxSession);
	}

	/**
	 * Lets whoever has a web identity assume it.
	 * @param tokens the texts of web identities
	 * @return a copy
	 */
	public Role trustingWebIdentity(String... tokens) {
		return new Role(this.arn, this.trusted, plus(this.webIdentities, tokens), this.externalId, this.databaseUsers,
				this.maxSession);
	}

	/**
	 * Wants callers to name an external id.
	 * @param id the id
	 * @return a copy
	 */
	public Role wantingExternalId(String id) {
		return new Role(this.arn, this.trusted, this.webIdentities, id, this.databaseUsers, this.maxSession);
	}

	/**
	 * Allows its sessions to connect to the emulated database.
	 * @param users as which users
	 * @return a copy
	 */
	public Role connectingAs(String... users) {
		return new Role(this.arn, this.trusted, this.webIdentities, this.externalId, List.of(users), this.maxSession);
	}

	/**
	 * Limits how long a session may be asked for.
	 * @param longest the limit
	 * @return a copy
	 */
	public Role withMaxSession(Duration longest) {
		return new Role(this.arn, this.trusted, this.webIdentities, this.externalId, this.databaseUsers, longest);
	}

	/**
	 * The account that it belongs to.
	 * @return twelve digits
	 */
	public String account() {
		return this.arn.split(":")[4];
	}

	/**
	 * Its name without the path.
	 * @return the name
	 */
	public String name() {
		return this.arn.substring(this.arn.lastIndexOf('/') + 1);
	}

	/**
	 * Who a session of it is to AWS.
	 * @param sessionName the session's name
	 * @return its ARN, in which the role's path is missing
	 */
	public String sessionArn(String sessionName) {
		return "arn:" + this.arn.split(":")[1] + ":sts::" + account() + ":assumed-role/" + name() + "/" + sessionName;
	}

	boolean trusts(Caller caller) {
		return caller.names().stream().anyMatch(this.trusted::contains);
	}

	@Override
	public String toString() {
		return "Role[" + this.arn + "]";
	}

	private static Set<String> plus(Set<String> some, String... others) {
		Set<String> all = new HashSet<>(some);
		all.addAll(List.of(others));
		return all;
	}

}

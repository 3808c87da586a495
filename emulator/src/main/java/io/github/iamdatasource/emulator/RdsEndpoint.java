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

/**
 * Where tokens must be signed for, and what policies call it. The name of the host tells
 * whether it is Aurora DSQL, which takes tokens of its own.
 *
 * @param hostname the signing host, in lower case as all RDS endpoints are
 * @param port the port
 * @param region the region
 * @param account the account, 12 digits
 * @param resourceId the resource id, such as {@code db-ABCDEFGHIJKL01234}; not the
 * instance identifier. Aurora DSQL's is the first part of the host name instead
 */
public record RdsEndpoint(String hostname, int port, String region, String account, String resourceId) {

	private static final Pattern DSQL = Pattern.compile("[a-z0-9]+\\.dsql(-[a-z0-9]+)?\\.[a-z0-9-]+\\.on\\..+");

	/**
	 * Checks each part's form.
	 * @throws IllegalArgumentException if one is not of the form that AWS uses
	 */
	public RdsEndpoint {
		require(hostname.length() <= 253 && hostname.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?"),
				"The host name '" + hostname + "' is not one: lower-case letters, digits, hyphens and dots");
		require(port >= 0 && port <= 65535, "The port " + port + " is not between 0 and 65535");
		require(region.matches("[a-z]+(-[a-z]+)+-[0-9]+"),
				"The region '" + region + "' is not one: it looks like eu-west-1");
		require(account.matches("[0-9]{12}"), "The account '" + account + "' is not one: it has 12 digits");
		require(resourceId.matches("(db|cluster|prx)-[A-Za-z0-9]+"),
				"The resource id '" + resourceId + "' is not one: it looks like db-ABCDEFGHIJKL01234, "
						+ "cluster-ABCDEFGHIJKL01234 or prx-0123456789abcdef0");
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	RdsEndpoint withPort(int boundPort) {
		return new RdsEndpoint(this.hostname, boundPort, this.region, this.account, this.resourceId);
	}

	boolean isDsql() {
		return DSQL.matcher(this.hostname).matches();
	}

	/**
	 * The resource that a policy is checked against.
	 * @param databaseUser the database user, whom Aurora DSQL's resource does not tell
	 * @return {@link #dbUserArn(String)}, or for Aurora DSQL
	 * {@code arn:aws:dsql:region:account:cluster/id}
	 */
	public String resourceArn(String databaseUser) {
		return isDsql() ? "arn:" + partition() + ":dsql:" + this.region + ":" + this.account + ":cluster/"
				+ this.hostname.substring(0, this.hostname.indexOf('.')) : dbUserArn(databaseUser);
	}

	/**
	 * The resource that {@code rds-db:connect} is checked against.
	 * @param databaseUser the database user
	 * @return {@code arn:aws:rds-db:region:account:dbuser:resource-id/user}, in the
	 * region's partition
	 */
	public String dbUserArn(String databaseUser) {
		return "arn:" + partition() + ":rds-db:" + this.region + ":" + this.account + ":dbuser:" + this.resourceId + "/"
				+ databaseUser;
	}

	private String partition() {
		if (this.region.startsWith("cn-")) {
			return "aws-cn";
		}
		if (this.region.startsWith("us-gov-")) {
			return "aws-us-gov";
		}
		if (this.region.startsWith("us-isob-")) {
			return "aws-iso-b";
		}
		if (this.region.startsWith("us-iso-")) {
			return "aws-iso";
		}
		if (this.region.startsWith("eu-isoe-")) {
			return "aws-iso-e";
		}
		if (this.region.startsWith("us-isof-")) {
			return "aws-iso-f";
		}
		return this.region.startsWith("eusc-") ? "aws-eusc" : "aws";
	}

}

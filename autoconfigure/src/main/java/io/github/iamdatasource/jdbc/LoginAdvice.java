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
package io.github.iamdatasource.jdbc;

import java.util.List;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.RdsHostname;
import io.github.iamdatasource.endpoint.RdsHostname.Kind;
import io.github.iamdatasource.endpoint.TokenService;
import io.github.iamdatasource.token.CallerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What has to be set up for a login on the side of AWS and of the database, in a form
 * that can be pasted.
 *
 * @param endpoint what is logged in to
 * @param caller who does it, if that is known
 * @param users how the database has them sign in with tokens
 */
record LoginAdvice(DatabaseEndpoint endpoint, @Nullable CallerIdentity caller, DatabaseUsers users) {

	private static final String END_OF_ARN = "the id, prx-…, is the end of the ARN";

	/**
	 * Return the policy that allows the login.
	 * @see <a href=
	 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html">Creating
	 * an IAM policy for IAM database access</a>
	 */
	String policy() {
		return """
				{
				  "Version": "2012-10-17",
				  "Statement": [
				    {
				      "Effect": "Allow",
				      "Action": "%s",
				      "Resource": "%s"
				    }
				  ]
				}""".formatted(this.endpoint.policyAction(), resource().replace("\\", "\\\\").replace("\"", "\\\""));
	}

	String resource() {
		return this.endpoint.policyResource((this.caller != null) ? this.caller.account() : null);
	}

	/** The command that tells the resource id, which nothing here can know. */
	@Nullable String resourceIdCommand() {
		String host = this.endpoint.hostname();
		String cluster = "describe-db-clusters --query \"DBClusters[%s].DbClusterResourceId\"";
		return switch (kind()) {
			case INSTANCE -> command(
					"describe-db-instances --query \"DBInstances[?Endpoint.Address=='" + host
							+ "'].[DbiResourceId,DBClusterIdentifier]\"",
					"a second name is that of an Aurora cluster, whose id is needed: describe-db-clusters tells it");
			case CLUSTER, READER ->
				command(cluster.formatted("?Endpoint=='" + host + "' || ReaderEndpoint=='" + host + "'"), null);
			case CUSTOM ->
				command(cluster.formatted("?CustomEndpoints && contains(CustomEndpoints, '" + host + "')"), null);
			case PROXY ->
				command("describe-db-proxies --query \"DBProxies[?Endpoint=='" + host + "'].DBProxyArn\"", END_OF_ARN);
			case PROXY_ENDPOINT ->
				command("describe-db-proxies --query \"DBProxies[].[DBProxyName,DBProxyArn]\"", END_OF_ARN);
			case GLOBAL_WRITER, SHARD_GROUP -> command(
					"describe-db-clusters --query \"DBClusters[].[DBClusterIdentifier,DbClusterResourceId]\"", null);
			case DSQL_CLUSTER, OTHER -> null;
		};
	}

	private String command(String query, @Nullable String hint) {
		return "aws rds " + query + " --output text --region " + this.endpoint.region()
				+ ((hint != null) ? "  # " + hint : "");
	}

	private Kind kind() {
		return RdsHostname.parse(this.endpoint.hostname()).map(RdsHostname::kind).orElse(Kind.OTHER);
	}

	/** Whether the database is told by somebody else who logs in. */
	boolean isProxy() {
		return kind() == Kind.PROXY || kind() == Kind.PROXY_ENDPOINT;
	}

	/** The statements for the database's administrator. */
	List<String> sql() {
		if (isProxy()) {
			// With rds_iam, the password in the proxy's secret would work no longer.
			return List.of();
		}
		if (this.endpoint.service() != TokenService.DSQL) {
			return this.users.statements(this.endpoint.username());
		}
		if (this.endpoint.username().equals("admin")) {
			return List.of();
		}
		String quoted = DatabaseUsers.quote(this.endpoint.username());
		return List.of("CREATE ROLE " + quoted + " WITH LOGIN;", "AWS IAM GRANT " + quoted + " TO '" + role() + "';");
	}

	/** What to look at besides the policy, as the last of what a sentence lists. */
	String whatElseToCheck() {
		return switch (this.endpoint.service()) {
			case RDS -> isProxy()
					? "that the proxy requires IAM authentication; that the region and the clock are right. The proxy's own "
							+ "log in CloudWatch has its reason."
					: "that IAM authentication is enabled on the database; that the region and the clock are right. The "
							+ "database's log 'iam-db-auth-error' has the server's reason.";
			case DSQL -> "that the region and the clock are right.";
		};
	}

	private String role() {
		String role = (this.caller != null) ? this.caller.roleArn() : null;
		return (role != null) ? role
				: "arn:" + RdsHostname.partitionOf(this.endpoint.region()) + ":iam::<account>:role/<role>";
	}

	/** What to check of the user, as a sentence goes on after 'Check'. */
	String userToCheck() {
		String user = "'" + this.endpoint.username() + "'";
		if (isProxy()) {
			return "that the proxy has a secret for the database user " + user
					+ ", or signs in to the database with IAM from end to end (only then does the user take tokens there)";
		}
		return "that the database has the user " + user + ", in exactly this case, and that it "
				+ ((this.endpoint.service() == TokenService.DSQL)
						? "is linked to the IAM role of the application (AWS IAM GRANT; the user 'admin' needs no link)"
						: this.users.takesTokens(this.endpoint.username()));
	}

	/** What a sentence goes on with after 'or it'. */
	String takesNoTokens() {
		return (this.endpoint.service() == TokenService.DSQL) ? "is not linked to the IAM role of the application"
				: this.users.takesNoTokens();
	}

	String policyHolder() {
		return (this.caller != null) ? this.caller.policyHolder() : "the application";
	}

}

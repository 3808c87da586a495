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
				}""".formatted(this.endpoint.policyAction(), resource());
	}

	String resource() {
		return this.endpoint.policyResource((this.caller != null) ? this.caller.account() : null);
	}

	/** The command that tells the resource id, which nothing here can know. */
	@Nullable String resourceIdCommand() {
		String host = this.endpoint.hostname();
		Kind kind = RdsHostname.parse(host).map(RdsHostname::kind).orElse(Kind.OTHER);
		String query = switch (kind) {
			case INSTANCE -> "describe-db-instances --query \"DBInstances[?Endpoint.Address=='" + host
					+ "'].[DbiResourceId,DBClusterIdentifier]\"";
			case CLUSTER, READER -> "describe-db-clusters --query \"DBClusters[?Endpoint=='" + host
					+ "' || ReaderEndpoint=='" + host + "'].DbClusterResourceId\"";
			case CUSTOM -> "describe-db-clusters --query \"DBClusters[?contains(CustomEndpoints || `[]`, '" + host
					+ "')].DbClusterResourceId\"";
			case PROXY, PROXY_ENDPOINT -> "describe-db-proxies --query \"DBProxies[].[DBProxyName,DBProxyArn]\"";
			case GLOBAL_WRITER, SHARD_GROUP ->
				"describe-db-clusters --query \"DBClusters[].[DBClusterIdentifier,DbClusterResourceId]\"";
			case DSQL_CLUSTER, OTHER -> null;
		};
		return (query != null) ? "aws rds " + query + " --output text --region " + this.endpoint.region() : null;
	}

	/** The statements for the database's administrator. */
	List<String> sql() {
		if (this.endpoint.service() != TokenService.DSQL) {
			return this.users.statements(this.endpoint.username());
		}
		if (this.endpoint.username().equals("admin")) {
			return List.of();
		}
		String quoted = DatabaseUsers.quote(this.endpoint.username());
		return List.of("CREATE ROLE " + quoted + " WITH LOGIN;", "AWS IAM GRANT " + quoted + " TO '" + role() + "';");
	}

	private String role() {
		String role = (this.caller != null) ? this.caller.roleArn() : null;
		return (role != null) ? role
				: "arn:" + RdsHostname.partitionOf(this.endpoint.region()) + ":iam::<account>:role/<role>";
	}

	/** What a sentence goes on with after 'that the user'. */
	String takesTokens() {
		return (this.endpoint.service() == TokenService.DSQL)
				? "is linked to the IAM role of the application (AWS IAM GRANT; the user 'admin' needs no link)"
				: this.users.takesTokens(this.endpoint.username());
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

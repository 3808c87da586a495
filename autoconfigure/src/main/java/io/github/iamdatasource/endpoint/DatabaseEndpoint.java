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
package io.github.iamdatasource.endpoint;

import java.util.Map;

import io.github.iamdatasource.endpoint.RdsHostname.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What an authentication token is signed for. The server accepts a token only if the
 * parts are its own, which is why the host is the name that AWS gave the database and not
 * the alias or tunnel through which it is reached.
 *
 * @param hostname the signing host, in lower case and without a trailing dot
 * @param port the port that the database itself listens on
 * @param region the AWS region of the database, such as {@code eu-west-1}
 * @param username the database user, in exactly the case in which it was created
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM
 * database authentication</a>
 */
public record DatabaseEndpoint(String hostname, int port, String region, String username) {

	private static final int HTTPS_PORT = 443;

	public DatabaseEndpoint {
		hostname = HostNames.normalize(hostname);
		if (!isHostname(hostname)) {
			throw new IllegalArgumentException("'hostname' must be a host name or an address");
		}
		if (port < 1 || port > 65535) {
			throw new IllegalArgumentException("'port' must be between 1 and 65535 but is " + port);
		}
		if (region.isBlank()) {
			throw new IllegalArgumentException("'region' must not be blank");
		}
		if (username.isBlank()) {
			throw new IllegalArgumentException("'username' must not be blank");
		}
	}

	/**
	 * Return the host and the port, as people write them.
	 * @return {@code host:port}
	 */
	public String hostAndPort() {
		boolean bare = this.hostname.indexOf(':') >= 0 && !this.hostname.startsWith("[");
		return (bare ? "[" + this.hostname + "]" : this.hostname) + ":" + this.port;
	}

	/**
	 * Return which service the tokens are for, as the host name tells.
	 * @return the service, {@link TokenService#RDS} if nothing tells otherwise
	 */
	public TokenService service() {
		return RdsHostname.parse(this.hostname).filter((name) -> name.kind() == Kind.DSQL_CLUSTER).isPresent()
				? TokenService.DSQL : TokenService.RDS;
	}

	/**
	 * Return what a token starts with. Aurora DSQL's tokens are not for a port, and the
	 * one of HTTPS is never written.
	 * @return the host, and the port unless it goes without saying
	 */
	public String signingHost() {
		return (service() == TokenService.DSQL || this.port == HTTPS_PORT) ? this.hostname : hostAndPort();
	}

	/**
	 * Return what a token asks of the service. Aurora DSQL is not told the user, except
	 * that its {@code admin} asks for something else than the others.
	 * @return the parameters that say so
	 */
	public Map<String, String> request() {
		return switch (service()) {
			case RDS -> Map.of("Action", "connect", "DBUser", this.username);
			case DSQL -> Map.of("Action", this.username.equals("admin") ? "DbConnectAdmin" : "DbConnect");
		};
	}

	/**
	 * Return the action that an IAM policy has to allow.
	 * @return {@code rds-db:connect}, {@code dsql:DbConnect} or
	 * {@code dsql:DbConnectAdmin}
	 */
	public String policyAction() {
		return service().signingName() + ":" + request().get("Action");
	}

	/**
	 * Return the resource that an IAM policy has to allow {@link #policyAction()} on.
	 * With RDS, the resource id ({@code db-…}, {@code cluster-…} or {@code prx-…}) cannot
	 * be known from here and is left to be filled in.
	 * @param account the account of the database, which whoever connects has to belong
	 * to, or {@code null} to leave it to be filled in, too
	 * @return an ARN with placeholders
	 * @see <a href=
	 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html">Creating
	 * an IAM policy for IAM database access</a>
	 */
	public String policyResource(@Nullable String account) {
		String prefix = "arn:" + RdsHostname.partitionOf(this.region) + ":" + service().signingName() + ":"
				+ this.region + ":" + ((account != null) ? account : "<account>") + ":";
		return switch (service()) {
			case RDS -> prefix + "dbuser:<resource id>/" + this.username;
			case DSQL -> prefix + "cluster/" + this.hostname.substring(0, this.hostname.indexOf('.'));
		};
	}

	/**
	 * Return whether a text can be a host name or an IP address.
	 * @param text any text
	 * @return {@code false} if neither can be written so
	 */
	public static boolean isHostname(String text) {
		return HostNames.isName(text) || HostNames.isAddress(text);
	}

}

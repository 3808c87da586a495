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

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * A host name that AWS gave to an RDS instance, an Aurora or Multi-AZ DB cluster, an RDS
 * Proxy or an Aurora DSQL cluster, in any AWS partition.
 *
 * @param hostname the name, in lower case and without a trailing dot
 * @param region the region in the name. The name of a {@link Kind#GLOBAL_WRITER} has
 * none: it is {@code null} there, unless {@link EndpointNames} found out where the writer
 * is
 * @param kind what the name leads to
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.html">Aurora
 * endpoint connections</a>
 */
public record RdsHostname(String hostname, @Nullable String region, Kind kind) {

	private static final String LABEL = "[a-z0-9]+(?:-[a-z0-9]+)*";

	private static final String REGION = "[a-z]{2,}(?:-[a-z]+)+-\\d+";

	// Each by its name: amazonaws.<any country> may be somebody else's, and with an alias
	// that is enough to be taken for the database.
	private static final String DNS_SUFFIX = "(?:amazonaws\\.(?:com(?:\\.cn)?|eu)"
			+ "|c2s\\.ic\\.gov|sc2s\\.sgov\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov)";

	private static final String DUAL_STACK_SUFFIX = "(?:aws|amazonwebservices\\.(?:com\\.cn|eu)|aws\\.ic\\.gov"
			+ "|aws\\.scloud|cloud-aws\\.adc-e\\.uk|aws\\.hci\\.ic\\.gov)";

	private static final String ID = "(?:(?<prefix>[a-z]+(?:-[a-z]+)*)-)?[a-z0-9]+";

	// China, and newer partitions, have the service before the region.
	private static final String PLACE = "(?:(?:(?<region>" + REGION + ")|(?<global>global))\\.rds(?:-fips)?"
			+ "|rds(?:-fips)?\\.(?:(?<regionLast>" + REGION + ")|(?<globalLast>global)))";

	private static final Pattern RDS = Pattern
		.compile(LABEL + "\\.(?<endpoint>endpoint\\.)?" + ID + "\\." + PLACE + "\\." + DNS_SUFFIX);

	// What follows the service's name tells the private link.
	private static final Pattern DSQL = Pattern
		.compile("[a-z0-9]+\\.dsql(?:-[a-z0-9]+)?\\.(?<region>" + REGION + ")\\.on\\." + DUAL_STACK_SUFFIX);

	/**
	 * Recognise a host name.
	 * @param hostname any host name
	 * @return the RDS host name, or empty if AWS gives no such name to a database
	 */
	public static Optional<RdsHostname> parse(String hostname) {
		String normalized = HostNames.normalize(hostname);
		if (!HostNames.isName(normalized)) {
			return Optional.empty();
		}
		Matcher dsql = DSQL.matcher(normalized);
		if (dsql.matches()) {
			return Optional.of(new RdsHostname(normalized, dsql.group("region"), Kind.DSQL_CLUSTER));
		}
		Matcher rds = RDS.matcher(normalized);
		return rds.matches() ? parse(normalized, rds) : Optional.empty();
	}

	private static Optional<RdsHostname> parse(String hostname, Matcher name) {
		boolean global = name.group("global") != null || name.group("globalLast") != null;
		boolean endpoint = name.group("endpoint") != null;
		Kind kind = Kind.of(name.group("prefix"));
		if (global != (kind == Kind.GLOBAL_WRITER) || (endpoint && kind != Kind.PROXY)) {
			return Optional.empty();
		}
		String region = name.group("region");
		return Optional.of(new RdsHostname(hostname, (region != null) ? region : name.group("regionLast"),
				endpoint ? Kind.PROXY_ENDPOINT : kind));
	}

	/**
	 * Return the AWS partition of the {@link #region}.
	 * @return the partition, such as {@code aws} or {@code aws-cn}, or {@code null} if
	 * there is no region
	 */
	public @Nullable String partition() {
		return (this.region != null) ? partitionOf(this.region) : null;
	}

	RdsHostname withRegion(@Nullable String newRegion) {
		return new RdsHostname(this.hostname, newRegion, this.kind);
	}

	/**
	 * Return the partition of AWS that a region is in.
	 * @param region the region
	 * @return such as {@code aws} or {@code aws-cn}
	 */
	public static String partitionOf(String region) {
		return PartitionMetadata.of(Region.of(region)).id();
	}

	/**
	 * What a host name leads to, as far as the name tells.
	 */
	public enum Kind {

		/** One RDS or Aurora instance. */
		INSTANCE(null),

		/** The writer of an Aurora or Multi-AZ DB cluster. */
		CLUSTER("cluster"),

		/** Any reader of an Aurora or Multi-AZ DB cluster. */
		READER("cluster-ro"),

		/** Some instances of an Aurora cluster, chosen by its owner. */
		CUSTOM("cluster-custom"),

		/** The routers of an Aurora Limitless Database. */
		SHARD_GROUP("shardgrp"),

		/** An RDS Proxy. */
		PROXY("proxy"),

		/** An additional endpoint of an RDS Proxy, read-only or not. */
		PROXY_ENDPOINT(null),

		/** The writer of an Aurora global database, in whichever region it is now. */
		GLOBAL_WRITER("global"),

		/** An Aurora DSQL cluster. */
		DSQL_CLUSTER(null),

		/** Something newer of RDS, which takes tokens like the others. */
		OTHER(null);

		private final @Nullable String prefix;

		Kind(@Nullable String prefix) {
			this.prefix = prefix;
		}

		private static Kind of(@Nullable String prefix) {
			if (prefix == null) {
				return INSTANCE;
			}
			for (Kind kind : values()) {
				if (prefix.equals(kind.prefix)) {
					return kind;
				}
			}
			return OTHER;
		}

	}

}

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

/**
 * A host name that AWS gave to an RDS instance, an Aurora cluster or an RDS Proxy, in any
 * AWS partition.
 *
 * @param hostname the name, in lower case and without a trailing dot
 * @param region the region in the name, or {@code null} for the writer endpoint of an
 * Aurora global database, whose name has none
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.html">Aurora
 * endpoint connections</a>
 */
public record RdsHostname(String hostname, @Nullable String region) {

	private static final String REGION = "[a-z]{2,}(?:-[a-z]+)+-\\d+";

	private static final String DNS_SUFFIX = "(?:amazonaws\\.com(?:\\.cn)?|amazonaws\\.eu|c2s\\.ic\\.gov"
			+ "|sc2s\\.sgov\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov)";

	// China, and newer partitions, have the service before the region.
	private static final Pattern NAME = Pattern.compile("(?:[a-z0-9-]+\\.){2,}(?:(?:(?<region>" + REGION
			+ ")|global)\\.rds|rds\\.(?<regionLast>" + REGION + "))\\." + DNS_SUFFIX);

	/**
	 * Recognise a host name.
	 * @param hostname any host name
	 * @return the RDS host name, or empty if AWS gives no such name to a database
	 */
	public static Optional<RdsHostname> parse(String hostname) {
		String normalized = DatabaseEndpoint.normalize(hostname);
		Matcher matcher = NAME.matcher(normalized);
		if (!matcher.matches()) {
			return Optional.empty();
		}
		String region = matcher.group("region");
		return Optional.of(new RdsHostname(normalized, (region != null) ? region : matcher.group("regionLast")));
	}

}

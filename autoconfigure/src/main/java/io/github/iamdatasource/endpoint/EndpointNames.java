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

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.github.iamdatasource.endpoint.UnresolvedEndpointException.Reason;

/**
 * Tells which RDS endpoint a host name stands for, as tokens have to be signed for the
 * name that AWS gave it. An alias of the user's own, such as {@code db.example.com}, is
 * followed by DNS.
 * <p>
 * An alias may be switched to another endpoint, so an answer is kept for 30 seconds only.
 * The next caller after that asks again, for at most about two seconds, while others go
 * on with the old answer. If DNS fails, the old answer stays in use until it works again.
 * An alias that leads somewhere else than to RDS is refused from then on.
 * <p>
 * Safe to be used by many threads at once.
 */
public final class EndpointNames {

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final ConcurrentMap<String, KeptEndpoint> endpoints = new ConcurrentHashMap<>();

	private final AliasFollower follower;

	private final Clock clock;

	/**
	 * Create an instance that asks the DNS servers which the system is set up with.
	 * @param clock tells when to ask again
	 */
	public EndpointNames(Clock clock) {
		this(JndiNameServers.ofSystem(), PATIENCE, clock);
	}

	/**
	 * Create an instance that asks one DNS server.
	 * @param dnsServer the address of the server
	 * @param clock tells when to ask again
	 */
	public EndpointNames(InetSocketAddress dnsServer, Clock clock) {
		this(JndiNameServers.at(dnsServer), PATIENCE, clock);
	}

	EndpointNames(NameServers servers, Duration patience, Clock clock) {
		this.follower = new AliasFollower(servers, patience);
		this.clock = clock;
	}

	/**
	 * Tell which RDS endpoint a host name stands for. A name that AWS gave is its own
	 * answer, without asking anybody, unless it is the one of a global database: DNS may
	 * tell in which region its writer is.
	 * @param hostname any host name
	 * @return the endpoint's own name. Its region is {@code null} if it is the writer of
	 * a global database and DNS did not tell where
	 * @throws UnresolvedEndpointException if it stands for none, or it cannot be found
	 * out
	 */
	public RdsHostname resolve(String hostname) {
		Optional<RdsHostname> own = RdsHostname.parse(hostname).filter((name) -> name.region() != null);
		return own.orElseGet(() -> this.endpoints.computeIfAbsent(requireName(hostname), this::endpoint).get());
	}

	private KeptEndpoint endpoint(String alias) {
		return new KeptEndpoint(alias, this.follower, this.clock);
	}

	private static String requireName(String hostname) {
		String name = HostNames.normalize(hostname);
		if (HostNames.isAddress(name) || !HostNames.isName(name)) {
			throw new UnresolvedEndpointException(Reason.NOT_A_NAME,
					HostNames.isAddress(name)
							? "'" + name
									+ "' is an address, which does not tell the name that a token has to be signed for."
							: "What is given as the host is no host name.",
					"Name the endpoint or an alias of it, or set iam.datasource.hostname to the endpoint's own name, "
							+ "like orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com.",
					null);
		}
		return name;
	}

}

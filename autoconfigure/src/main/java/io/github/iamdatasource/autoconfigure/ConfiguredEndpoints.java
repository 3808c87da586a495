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
package io.github.iamdatasource.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.EndpointNames;
import io.github.iamdatasource.endpoint.EndpointResolver;
import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.endpoint.RdsHostname;
import io.github.iamdatasource.endpoint.UnresolvedEndpointException;
import io.github.iamdatasource.jdbc.JdbcUrl;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Tells what to sign for by the properties, and by the names of the hosts that the
 * properties say nothing of.
 */
class ConfiguredEndpoints implements EndpointResolver {

	private final Prefixed<IamDataSourceSettings> prefixed;

	private final IamDataSourceSettings properties;

	private final RegionResolver regions;

	private final String username;

	/** The host for which the properties name another one to sign for, if they do. */
	private final @Nullable HostAndPort renamed;

	private final EndpointNames names;

	/** So that a region is looked for once, and a warning given once. */
	private final Map<Place, DatabaseEndpoint> known = new ConcurrentHashMap<>();

	/**
	 * Create an instance.
	 * @param properties may name another host to sign for than the URL's
	 * @param regions tells the region
	 * @param names tells what an alias stands for
	 * @param username the database user
	 * @param hosts the hosts of the URL
	 */
	ConfiguredEndpoints(Prefixed<IamDataSourceSettings> properties, RegionResolver regions, EndpointNames names,
			String username, List<HostAndPort> hosts) {
		this.prefixed = properties;
		this.properties = properties.value();
		this.regions = regions;
		this.names = names;
		this.username = username;
		this.renamed = renamed(hosts);
	}

	private @Nullable HostAndPort renamed(List<HostAndPort> hosts) {
		boolean hostname = StringUtils.hasText(this.properties.getHostname());
		if (!hostname && this.properties.getPort() == null) {
			return null;
		}
		if (hosts.size() > 1) {
			throw new InvalidIamDataSourceException(this.prefixed.property(hostname ? "hostname" : "port"),
					hostname ? this.properties.getHostname() : String.valueOf(this.properties.getPort()),
					"The URL names " + hosts.size() + " hosts, and this can be the name of only one of them.",
					"Remove it and write the endpoints' own names into the URL, or name one host there.");
		}
		return hosts.get(0);
	}

	/**
	 * Return the endpoint at an address, by the properties or by its name. An alias is
	 * looked up each time, as it may be switched to another endpoint.
	 */
	@Override
	public DatabaseEndpoint resolve(HostAndPort address) {
		return address.equals(this.renamed) ? renamed(address) : named(address);
	}

	private DatabaseEndpoint renamed(HostAndPort address) {
		String configured = this.properties.getHostname();
		Integer configuredPort = this.properties.getPort();
		int port = (configuredPort != null) ? configuredPort : address.port();
		if (port < 1 || port > 65535) {
			throw new InvalidIamDataSourceException(this.prefixed.property("port"), String.valueOf(port),
					"A port is a number from 1 to 65535.",
					"Set it to the port that the database itself listens on, or remove it to use the URL's.");
		}
		if (!StringUtils.hasText(configured)) {
			return named(new HostAndPort(address.host(), port));
		}
		String hostname = configured.strip();
		if (!DatabaseEndpoint.isHostname(hostname)) {
			throw new InvalidIamDataSourceException(this.prefixed.property("hostname"), JdbcUrl.redact(configured),
					"This is not a host name.",
					"Set it to the endpoint's own name alone, like orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com, or "
							+ "remove it to use the URL's.");
		}
		// As it is: whoever sets it knows better.
		return endpoint(hostname, port, RdsHostname.parse(hostname).map(RdsHostname::region).orElse(null));
	}

	private DatabaseEndpoint named(HostAndPort address) {
		if (address.port() < 1 || address.port() > 65535) {
			throw new InvalidSettingException("Its port " + address.port() + " is no port.",
					"Write the port that the database listens on, or none for the database's default.");
		}
		if ("localhost".equalsIgnoreCase(address.host())) {
			throw new InvalidSettingException(
					"The host '" + address.host()
							+ "' is not the name of an RDS or Aurora endpoint, and a database rejects a "
							+ "token that was signed for another name than its own.",
					"Write the endpoint's own name into the URL. If the URL has to name a tunnel, set "
							+ "iam.datasource.hostname (and iam.datasource.port, if it differs) to what the endpoint itself "
							+ "is called.");
		}
		try {
			RdsHostname name = this.names.resolve(address.host());
			return endpoint(name.hostname(), address.port(), name.region());
		}
		catch (UnresolvedEndpointException ex) {
			throw new InvalidSettingException(String.valueOf(ex.getMessage()), ex.getAction(), ex);
		}
	}

	private DatabaseEndpoint endpoint(String hostname, int port, @Nullable String region) {
		Place place = new Place(hostname, port, region);
		DatabaseEndpoint endpoint = this.known.get(place);
		if (endpoint == null) {
			// May ask the instance's metadata.
			endpoint = new DatabaseEndpoint(hostname, port, this.regions.resolve(this.prefixed.property("region"),
					this.properties.getRegion(), hostname, region), this.username);
			this.known.putIfAbsent(place, endpoint);
		}
		return endpoint;
	}

	/** The writer of a global database changes its region and keeps its name. */
	private record Place(String hostname, int port, @Nullable String region) {

	}

}

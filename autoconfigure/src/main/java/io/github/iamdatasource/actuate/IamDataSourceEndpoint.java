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
package io.github.iamdatasource.actuate;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.TokenSigningException;
import io.github.iamdatasource.token.TokenSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint} that tells all that is known of the tokens and the logins, and never a
 * token. Its write operations sign a token or replace connections, and have to be allowed
 * by {@code management.endpoint.iamdatasource.access=unrestricted}.
 */
@Endpoint(id = "iamdatasource", defaultAccess = Access.READ_ONLY)
public class IamDataSourceEndpoint {

	/** How long an operation waits for a signature. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Supplier<Map<String, OperatedDataSource>> dataSources;

	private final Clock clock;

	/**
	 * Create the endpoint.
	 * @param dataSources the data sources by their names, looked for when they are needed
	 * @param clock tells how old a token is
	 */
	public IamDataSourceEndpoint(Supplier<Map<String, OperatedDataSource>> dataSources, Clock clock) {
		this.dataSources = dataSources;
		this.clock = clock;
	}

	/**
	 * Tell what is known of all data sources, without signing or connecting.
	 * @return the data sources by their names
	 */
	@ReadOperation
	public IamDataSourcesDescriptor dataSources() {
		Map<String, IamDataSourceDescriptor> described = new TreeMap<>();
		this.dataSources.get().forEach((name, operated) -> described.put(name, describe(operated)));
		return new IamDataSourcesDescriptor(described);
	}

	/**
	 * Tell what is known of one data source, without signing or connecting.
	 * @param name its name
	 * @return the data source, or {@code null} if there is none of this name
	 */
	@ReadOperation
	public @Nullable IamDataSourceDescriptor dataSource(@Selector String name) {
		OperatedDataSource operated = this.dataSources.get().get(name);
		return (operated != null) ? describe(operated) : null;
	}

	/**
	 * Sign a token with new credentials, or replace connections.
	 * @param name the data source's name
	 * @param what what to make new
	 * @return what is known of it now
	 * @throws InvalidEndpointRequestException if there is none of this name
	 */
	@WriteOperation
	public IamDataSourceDescriptor renew(@Selector String name, @Selector Renewable what) {
		OperatedDataSource operated = this.dataSources.get().get(name);
		if (operated == null) {
			// Nothing to return would be taken for success.
			throw new InvalidEndpointRequestException("There is no IAM data source of this name", "unknown name");
		}
		switch (what) {
			case TOKEN -> sign(operated.dataSource().getTokenSource());
			case CONNECTIONS -> operated.replaceConnections().run();
		}
		return describe(operated);
	}

	private static void sign(TokenSource tokens) {
		try {
			AuthenticationToken token = tokens.current();
			if (token != null) {
				tokens.replace(token, PATIENCE);
			}
			else {
				tokens.getToken(PATIENCE);
			}
		}
		catch (TokenSigningException ex) {
			// Is told of as the last failure.
		}
	}

	private IamDataSourceDescriptor describe(OperatedDataSource operated) {
		return IamDataSourceDescriptor.of(operated.dataSource().snapshot(), operated.dataSource().getTlsMode(),
				this.clock.instant());
	}

	/**
	 * What an operation can make new.
	 */
	public enum Renewable {

		/** The token: with credentials that are looked for anew. */
		TOKEN,

		/** The pool's connections: each when nobody uses it any more. */
		CONNECTIONS

	}

	/**
	 * All data sources.
	 *
	 * @param dataSources the data sources by their names
	 */
	public record IamDataSourcesDescriptor(
			Map<String, IamDataSourceDescriptor> dataSources) implements OperationResponseBody {

	}

}

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

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.token.TokenSnapshot;
import io.github.iamdatasource.token.TokenSource;
import io.github.iamdatasource.token.TokenSources;

/**
 * The token sources of a data source: one for each endpoint that it has connected to.
 */
final class EndpointTokens implements AutoCloseable {

	private final TokenSources origin;

	private final Map<DatabaseEndpoint, TokenSource> sources = new ConcurrentHashMap<>();

	/** Others may go on with what is released, so it is released but once. */
	private final Set<DatabaseEndpoint> released = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	EndpointTokens(TokenSources origin) {
		this.origin = origin;
	}

	TokenSource of(DatabaseEndpoint endpoint) {
		TokenSource source = this.sources.get(endpoint);
		if (source == null) {
			source = this.sources.computeIfAbsent(endpoint, this.origin::acquire);
			if (this.closed) {
				// By now nobody else would do it.
				release(endpoint, source);
			}
		}
		return source;
	}

	boolean isClosed() {
		return this.closed;
	}

	void warmUp() {
		this.sources.values().forEach(TokenSource::warmUp);
	}

	Map<DatabaseEndpoint, TokenSnapshot> snapshots() {
		Map<DatabaseEndpoint, TokenSnapshot> snapshots = new HashMap<>();
		this.sources.forEach((endpoint, source) -> snapshots.put(endpoint, source.snapshot()));
		return snapshots;
	}

	@Override
	public void close() {
		this.closed = true;
		this.sources.forEach(this::release);
	}

	private void release(DatabaseEndpoint endpoint, TokenSource source) {
		if (this.released.add(endpoint)) {
			this.origin.release(endpoint, source);
		}
	}

}

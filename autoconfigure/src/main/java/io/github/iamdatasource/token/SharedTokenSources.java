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
package io.github.iamdatasource.token;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;

/**
 * The token sources of several data sources: one for all that sign in to the same
 * endpoint as the same user, with the same credentials and in the same rhythm. It is
 * closed when the last of them does not need it any more.
 */
public final class SharedTokenSources {

	private final Map<Key, Shared> sources = new HashMap<>();

	/**
	 * Return what one data source has its token sources from.
	 * @param credentials what its tokens are signed with
	 * @param policy when they are signed anew
	 * @param creator creates a token source if there is none to share
	 * @return the token sources for these credentials and this policy
	 */
	public TokenSources of(CredentialsSource credentials, RefreshPolicy policy,
			Function<DatabaseEndpoint, TokenSource> creator) {
		return new TokenSources() {

			@Override
			public TokenSource acquire(DatabaseEndpoint endpoint) {
				return SharedTokenSources.this.acquire(new Key(endpoint, credentials, policy), creator);
			}

			@Override
			public void release(DatabaseEndpoint endpoint, TokenSource source) {
				SharedTokenSources.this.release(new Key(endpoint, credentials, policy));
			}

		};
	}

	private synchronized TokenSource acquire(Key key, Function<DatabaseEndpoint, TokenSource> creator) {
		Shared shared = this.sources.get(key);
		if (shared == null) {
			shared = new Shared(creator.apply(key.endpoint));
			this.sources.put(key, shared);
		}
		shared.users++;
		return shared.source;
	}

	private synchronized void release(Key key) {
		Shared shared = this.sources.get(key);
		if (shared != null && --shared.users == 0) {
			this.sources.remove(key);
			shared.source.close();
		}
	}

	private record Key(DatabaseEndpoint endpoint, CredentialsSource credentials, RefreshPolicy policy) {

	}

	private static final class Shared {

		private final TokenSource source;

		private int users;

		Shared(TokenSource source) {
			this.source = source;
		}

	}

}

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

import io.github.iamdatasource.endpoint.DatabaseEndpoint;

/**
 * Where a data source has its token sources from. By default it has them for itself.
 */
@FunctionalInterface
public interface TokenSources {

	/**
	 * Return the token source for an endpoint. Asked once for each, until it is
	 * {@link #release released}.
	 * @param endpoint what its tokens are for
	 * @return the token source
	 */
	TokenSource acquire(DatabaseEndpoint endpoint);

	/**
	 * Take back a token source that is not needed any more.
	 * @param endpoint what its tokens are for
	 * @param source the token source
	 */
	default void release(DatabaseEndpoint endpoint, TokenSource source) {
		source.close();
	}

}

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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Tells whose credentials signed a token that was rejected.
 */
@FunctionalInterface
public interface CallerIdentities {

	/** Knows nobody. */
	CallerIdentities UNKNOWN = (signedBy, patience) -> null;

	/**
	 * Find out, in the background if it takes longer than the caller can wait. What was
	 * found out is remembered.
	 * @param signedBy which credentials
	 * @param patience how long the caller can wait
	 * @return what is known by then, or {@code null} if nothing is
	 */
	@Nullable CallerIdentity find(SigningIdentity signedBy, Duration patience);

	/**
	 * Tell what was found out last, without asking anybody.
	 * @return whose token was rejected, or {@code null} if nothing is known
	 */
	default @Nullable CallerIdentity known() {
		return null;
	}

}

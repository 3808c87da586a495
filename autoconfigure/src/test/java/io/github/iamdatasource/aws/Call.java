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
package io.github.iamdatasource.aws;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A request that one of the servers was sent.
 *
 * @param action the action of STS, or else the method and path
 * @param parameters the parameters, of which a web identity is a secret
 * @param accessKeyId whose signature the request claims to have, if it has one
 * @param at when it came
 * @param region the region that it was signed for, if it was
 * @param host what it called the server
 */
public record Call(String action, Map<String, String> parameters, @Nullable String accessKeyId, Instant at,
		@Nullable String region, String host) {

	public Call {
		parameters = Map.copyOf(parameters);
	}

	/**
	 * One of the parameters.
	 * @param name its name
	 * @return its value, if the request has it
	 */
	public @Nullable String parameter(String name) {
		return this.parameters.get(name);
	}

	@Override
	public String toString() {
		return "Call[" + this.action + ((this.accessKeyId != null) ? " by " + this.accessKeyId : "") + " at " + this.at
				+ "]";
	}

}

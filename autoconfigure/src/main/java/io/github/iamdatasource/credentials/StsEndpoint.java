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
package io.github.iamdatasource.credentials;

import java.net.URI;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Where AWS STS is asked.
 *
 * @param region the region whose STS is asked; looked for when it is needed
 * @param override where STS is instead, or {@code null} for that of the region
 * @see <a href=
 * "https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html">AWS
 * STS regional endpoints</a>
 */
public record StsEndpoint(Supplier<String> region, @Nullable URI override) {

	/** What messages call it, without what may be secret. */
	String name() {
		if (this.override != null) {
			return this.override.getScheme() + "://" + this.override.getHost()
					+ ((this.override.getPort() != -1) ? ":" + this.override.getPort() : "");
		}
		return "AWS STS";
	}

}

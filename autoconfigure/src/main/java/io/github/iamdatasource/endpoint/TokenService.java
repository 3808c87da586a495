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

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The services of AWS that take tokens as passwords.
 */
public enum TokenService {

	/** Amazon RDS and Aurora, their proxies included. */
	RDS("rds-db", null),

	/** Amazon Aurora DSQL. */
	DSQL("dsql", Duration.ofMinutes(60));

	private final String signingName;

	private final @Nullable Duration longestSession;

	TokenService(String signingName, @Nullable Duration longestSession) {
		this.signingName = signingName;
		this.longestSession = longestSession;
	}

	/**
	 * Return what the service is called in a signature and in a policy.
	 * @return the name, such as {@code rds-db}
	 */
	public String signingName() {
		return this.signingName;
	}

	/**
	 * Return after what time the service ends a session, whatever it does.
	 * @return the time, or empty if it does not
	 * @see <a href=
	 * "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/CHAP_quotas.html">Cluster
	 * quotas and database limits in Amazon Aurora DSQL</a>
	 */
	public Optional<Duration> longestSession() {
		return Optional.ofNullable(this.longestSession);
	}

}

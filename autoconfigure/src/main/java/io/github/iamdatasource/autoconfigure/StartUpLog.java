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

import java.util.Locale;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.token.SigningIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in one line how a data source signs in, once it can. The values are key-value
 * pairs as well, for structured logging.
 */
final class StartUpLog {

	private static final Logger logger = LoggerFactory.getLogger(IamDataSource.class);

	private StartUpLog() {
	}

	static void tell(String name, IamDataSource dataSource) {
		DatabaseEndpoint endpoint = dataSource.getEndpoint();
		SigningIdentity signedBy = dataSource.snapshot().token().signedBy();
		String credentials = (signedBy != null) ? signedBy.source() : "unknown source";
		String tls = dataSource.getTlsMode().name().toLowerCase(Locale.ROOT).replace('_', '-');
		logger.atInfo()
			.addKeyValue("iam.datasource.name", name)
			.addKeyValue("iam.datasource.endpoint", endpoint.hostAndPort())
			.addKeyValue("iam.datasource.username", endpoint.username())
			.addKeyValue("iam.datasource.region", endpoint.region())
			.addKeyValue("iam.datasource.credentials", credentials)
			.addKeyValue("iam.datasource.tls", tls)
			.log("Signs in to {} in {} as '{}', with credentials from the {} and TLS {}", endpoint.hostAndPort(),
					endpoint.region(), endpoint.username(), credentials, tls);
	}

}

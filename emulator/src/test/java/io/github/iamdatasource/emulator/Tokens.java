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
package io.github.iamdatasource.emulator;

import ch.qos.logback.classic.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Signs authentication tokens as applications do: with the AWS SDK. Each secret contains
 * the marker that the build searches the tests' output for.
 */
final class Tokens {

	private static final Logger logger = LoggerFactory.getLogger(Tokens.class);

	static final String ACCESS_KEY = "AKIDEXAMPLE";

	static final String SECRET_KEY = "wJalrXUtnFEMI0NeverLogThis0bPxRfiCYEXAMPLEKEY";

	static final String SESSION_TOKEN = "IQoJb3JpZ2luX2VjE+NeverLogThis/Xdz//8EXAMPLE==";

	static final IamPrincipal PRINCIPAL = IamPrincipal.withKeys(ACCESS_KEY, SECRET_KEY);

	static final AwsCredentials CREDENTIALS = AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY);

	static final AwsCredentials SESSION_CREDENTIALS = AwsSessionCredentials.create(ACCESS_KEY, SECRET_KEY,
			SESSION_TOKEN);

	/*
	 * The SDK writes what it signs into its log, session token included (Aws4Signer, at
	 * DEBUG), and each URL with a port (SdkUri, at TRACE), which is the token. Here it is
	 * the tests' tool and not what is tested.
	 */
	static {
		quieten("software.amazon.awssdk.auth.signer.Aws4Signer");
		quieten("software.amazon.awssdk.utils.uri.SdkUri");
	}

	private static void quieten(String name) {
		((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(name)).setLevel(Level.INFO);
	}

	private Tokens() {
	}

	static String sign(RdsIamEmulator rds, String databaseUser) {
		return sign(CREDENTIALS, rds.region(), rds.hostname(), rds.port(), databaseUser);
	}

	static String sign(AwsCredentials credentials, String region, String hostname, int port, String databaseUser) {
		logger.trace("Signing for {}:{} in {}", hostname, port, region);
		return RdsUtilities.builder()
			.region(Region.of(region))
			.credentialsProvider(StaticCredentialsProvider.create(credentials))
			.build()
			.generateAuthenticationToken((request) -> request.hostname(hostname).port(port).username(databaseUser));
	}

}

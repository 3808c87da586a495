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
package io.github.iamdatasource.sample;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * Brings the database along: unless the profile {@code aws} is active or
 * {@code iam.datasource.url} is set, an emulated RDS for PostgreSQL with a real server
 * behind it runs inside this process, so that the sample needs no AWS account.
 * <p>
 * It starts before the context is refreshed, as its port is part of
 * {@code iam.datasource.url}, and stops after everything that uses it. The rest of the
 * application cannot tell it from Amazon RDS: tokens are signed, TLS is verified, and
 * whoever has no valid token is turned away.
 */
public class EmbeddedRds implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final Log logger = LogFactory.getLog(EmbeddedRds.class);

	private static final String USERNAME = "orders_app";

	private final AwsBasicCredentials credentials;

	private @Nullable RdsIamEmulator emulator;

	/**
	 * Create an emulated RDS that starts with the application. Its AWS credentials are
	 * made up anew each time, so that there are none to keep secret.
	 */
	public EmbeddedRds() {
		this(AwsBasicCredentials.create("EMBEDDED" + HexFormat.of().withUpperCase().formatHex(randomBytes(6)),
				Base64.getEncoder().encodeToString(randomBytes(30))));
	}

	EmbeddedRds(AwsBasicCredentials credentials) {
		this.credentials = credentials;
	}

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		if (context.getEnvironment().matchesProfiles("aws")
				|| context.getEnvironment().containsProperty("iam.datasource.url")) {
			// Whoever names a database means it, even if the profile was forgotten.
			return;
		}
		RdsIamEmulator rds = start();
		DefaultListableBeanFactory beanFactory = (DefaultListableBeanFactory) context.getBeanFactory();
		// Destroyed in reverse order: the first to be registered is the last to go.
		beanFactory.registerDisposableBean("embeddedRds", this::stop);
		// The starter signs with this bean. Without it, it would use the SDK's default
		// chain.
		beanFactory.registerSingleton("embeddedRdsCredentials", StaticCredentialsProvider.create(this.credentials));
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("embeddedRds", connectionProperties(rds)));
		logger.info("Embedded RDS at " + rds.jdbcUrl() + " in " + rds.region() + " for the database user " + USERNAME);
	}

	/**
	 * What somebody would set for a database in AWS, and three more: the host name does
	 * not look like that of an RDS endpoint, the certificate authority is not Amazon's,
	 * and Amazon does not know the made-up credentials.
	 */
	private static Map<String, Object> connectionProperties(RdsIamEmulator rds) {
		byte[] caCertificate = rds.caCertificatePem().getBytes(StandardCharsets.US_ASCII);
		return Map.of("iam.datasource.url", rds.jdbcUrl(), "iam.datasource.username", USERNAME, "iam.datasource.region",
				rds.region(), "iam.datasource.hostname", rds.hostname(), "iam.datasource.credentials.identify-caller",
				false, "iam.datasource.tls.ca-certificates",
				"base64:" + Base64.getEncoder().encodeToString(caCertificate));
	}

	private synchronized RdsIamEmulator start() {
		// The JVM may be told to end before the context is there to be closed.
		SpringApplication.getShutdownHandlers().add(this::stop);
		RdsIamEmulator rds = RdsIamEmulator.postgresql()
			.region("eu-west-1")
			.database("orders")
			.user(USERNAME)
			.principal(IamPrincipal.withKeys(this.credentials.accessKeyId(), this.credentials.secretAccessKey())
				.allowedToConnectAs(USERNAME))
			.start();
		this.emulator = rds;
		return rds;
	}

	/**
	 * Waits for a start that is under way, so that nothing is left behind however early
	 * the end comes.
	 */
	synchronized void stop() {
		if (this.emulator != null) {
			this.emulator.close();
			this.emulator = null;
		}
	}

	private static byte[] randomBytes(int length) {
		byte[] bytes = new byte[length];
		new SecureRandom().nextBytes(bytes);
		return bytes;
	}

}

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
package io.github.iamdatasource.benchmarks;

import java.nio.file.Path;
import java.util.List;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Where the database of this run is. Every process of the run gets it as system
 * properties.
 *
 * @param port its port
 * @param caCertificate the PEM file with the authority to trust
 * @param trustStore the same authority as a key store for the JVM
 * @param hosts the file that makes the host name lead to this machine
 */
record DatabaseAccess(int port, Path caCertificate, Path trustStore, Path hosts) {

	/** Looks like RDS, as that is what the peer recognises an RDS by. */
	static final String HOSTNAME = "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

	static final String REGION = "eu-west-1";

	static final String DATABASE = "orders";

	static final String USERNAME = "orders_app";

	static final String ACCESS_KEY_ID = "AKIDBENCHMARK";

	static final String SECRET_ACCESS_KEY = "NeverLogThisSecretKeyOfTheBenchmarks";

	private static final String PREFIX = "benchmarks.";

	static DatabaseAccess ofThisProcess() {
		String port = System.getProperty(PREFIX + "port");
		if (port == null) {
			throw new IllegalStateException("There is no database: run it through " + Main.class.getName());
		}
		return new DatabaseAccess(Integer.parseInt(port), Path.of(System.getProperty(PREFIX + "ca")),
				Path.of(System.getProperty("javax.net.ssl.trustStore")),
				Path.of(System.getProperty("jdk.net.hosts.file")));
	}

	/**
	 * What another JVM needs in order to find the database and to trust it.
	 * @return arguments for the JVM
	 */
	List<String> jvmArguments() {
		return List.of("-D" + PREFIX + "port=" + this.port, "-D" + PREFIX + "ca=" + this.caCertificate,
				"-Djdk.net.hosts.file=" + this.hosts, "-Djavax.net.ssl.trustStore=" + this.trustStore);
	}

	/**
	 * Does for this process what {@link #jvmArguments()} do for another. The JVM reads
	 * some of them only once, so this has to come before any use of the network.
	 */
	void setSystemProperties() {
		for (String argument : jvmArguments()) {
			String[] property = argument.substring("-D".length()).split("=", 2);
			System.setProperty(property[0], property[1]);
		}
	}

	String jdbcUrl() {
		return "jdbc:postgresql://" + HOSTNAME + ":" + this.port + "/" + DATABASE;
	}

	/**
	 * The parameters by which pgjdbc verifies the server.
	 * @return for the end of a URL, without a question mark
	 */
	String tlsParameters() {
		return "sslmode=verify-full&sslrootcert=" + this.caCertificate;
	}

	static AwsBasicCredentials credentials() {
		return AwsBasicCredentials.create(ACCESS_KEY_ID, SECRET_ACCESS_KEY);
	}

	/**
	 * Sign a token that takes the place of a static password for the next 15 minutes.
	 * @return a token that the database accepts
	 */
	String fixedPassword() {
		return RdsUtilities.builder()
			.region(Region.of(REGION))
			.credentialsProvider(StaticCredentialsProvider.create(credentials()))
			.build()
			.generateAuthenticationToken((request) -> request.hostname(HOSTNAME).port(this.port).username(USERNAME));
	}

}

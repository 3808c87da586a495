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
package io.github.iamdatasource.integration;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.aws.ContainerCredentialsServer;
import io.github.iamdatasource.aws.InstanceMetadataServer;
import io.github.iamdatasource.aws.Role;
import io.github.iamdatasource.aws.Sessions;
import io.github.iamdatasource.aws.StsServer;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that has its credentials in the environment asks nobody but the database for
 * anything, whatever else is there to be asked.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class NoNetworkTests {

	private static final String CALLER = "arn:aws:iam::123456789012:user/environment";

	private static final String JWT = "NeverLogThis.of.nobody";

	private static final Role ORDERS = Role.of("arn:aws:iam::123456789012:role/orders")
		.trusting(CALLER)
		.trustingWebIdentity(JWT)
		.connectingAs("app");

	private final OrdersDatabase database;

	private final Sessions sessions;

	private final StsServer sts;

	private final InstanceMetadataServer metadata;

	private final ContainerCredentialsServer container;

	@TempDir
	private Path folder;

	NoNetworkTests(OrdersDatabase database) {
		this.database = database;
		this.sessions = Sessions.knownTo(database.rds());
		this.sts = StsServer.start(this.sessions)
			.user(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY, CALLER)
			.role(ORDERS);
		this.metadata = InstanceMetadataServer.start(this.sessions, ORDERS, "eu-west-1");
		this.container = ContainerCredentialsServer.start(this.sessions, ORDERS).podToken(JWT);
	}

	@AfterEach
	void close() {
		this.container.close();
		this.metadata.close();
		this.sts.close();
		this.sessions.close();
	}

	@Test
	void nobodyIsAskedButTheDatabase() throws Exception {
		assertThat(run("none")).contains("signed in as app, refreshed, UP", "connections to: " + databaseOnly());
		assertThat(this.sts.calls()).isEmpty();
		assertThat(this.metadata.calls()).isEmpty();
		assertThat(this.container.calls()).isEmpty();
		assertThat(this.sessions.issued()).isEmpty();
		assertThat(loadedClasses()).anyMatch((name) -> name.startsWith("io.github.iamdatasource.credentials."))
			.noneMatch((name) -> name.startsWith("software.amazon.awssdk.services."))
			.noneMatch((name) -> name.startsWith("software.amazon.awssdk.http.urlconnection."))
			.noneMatch((name) -> name.startsWith("sun.net.www.protocol.http.HttpURLConnection"));
	}

	/** So that it is known that somebody who is asked would have been seen. */
	@Test
	void whoIsAskedForARoleIsSeen() throws Exception {
		assertThat(run("role", "--iam.datasource.credentials.role-arn=" + ORDERS.arn()))
			.contains("signed in as app, refreshed, UP", this.sts.endpoint().toString())
			.doesNotContain("connections to: " + databaseOnly());
		assertThat(this.sts.calls("AssumeRole")).isNotEmpty();
		assertThat(loadedClasses()).anyMatch((name) -> name.startsWith("software.amazon.awssdk.services.sts."))
			.anyMatch((name) -> name.startsWith("sun.net.www.protocol.http.HttpURLConnection"));
	}

	private String run(String name, String... arguments) throws Exception {
		Path token = Files.writeString(this.folder.resolve("token"), JWT);
		Path profile = Files.writeString(this.folder.resolve("config"), """
				[default]
				region = eu-central-1
				role_arn = %s
				credential_source = Ec2InstanceMetadata
				""".formatted(ORDERS.arn()));
		return ChildApplication.signingIn("NoNetworkTests-" + name, this.database)
			.withMain(App.class)
			.withOption("-Xlog:class+load:file=" + this.folder.resolve("classes"))
			.with("AWS_ACCESS_KEY_ID", TestCredentials.ACCESS_KEY)
			.with("AWS_SECRET_ACCESS_KEY", TestCredentials.SECRET_KEY)
			.with("AWS_CONFIG_FILE", profile)
			.with("AWS_ROLE_ARN", ORDERS.arn())
			.with("AWS_WEB_IDENTITY_TOKEN_FILE", token)
			.with("AWS_ENDPOINT_URL_STS", this.sts.endpoint())
			.with("AWS_CONTAINER_CREDENTIALS_FULL_URI", this.container.fullUri())
			.with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token)
			.with("AWS_EC2_METADATA_DISABLED", "false")
			.with("AWS_EC2_METADATA_SERVICE_ENDPOINT", this.metadata.endpoint())
			.run(Stream
				.concat(Stream.of("--iam.datasource.username=app", "--iam.datasource.token.refresh-after=1s"),
						Stream.of(arguments))
				.toArray(String[]::new));
	}

	private String databaseOnly() {
		return "[socket://" + OrdersDatabase.HOSTNAME + ":" + this.database.rds().port() + "]";
	}

	private List<String> loadedClasses() throws IOException {
		try (Stream<String> lines = Files.lines(this.folder.resolve("classes"))) {
			return lines.map((line) -> line.replaceFirst(".*\\] ", "").replaceFirst(" .*", "")).toList();
		}
	}

	/**
	 * Tells to whom it connects: the JDK asks for the proxy of each address, of HTTP
	 * requests and of plain connections.
	 */
	static class App {

		public static void main(String[] args) {
			Set<String> addresses = new ConcurrentSkipListSet<>();
			ProxySelector.setDefault(new Recorder(addresses));
			try (ConfigurableApplicationContext context = SpringApplication.run(PoolClassPathTests.App.class, args)) {
				IamDataSource dataSource = context.getBean(IamJdbcConnectionDetails.class).getDataSource();
				Awaitility.await().until(() -> dataSource.getTokenSource().snapshot().counts().refreshes() > 0);
				// Over a connection that is opened now.
				String user = new JdbcTemplate(dataSource).queryForObject("select current_user", String.class);
				System.out.println("signed in as " + user + ", refreshed, "
						+ context.getBean(HealthEndpoint.class).health().getStatus());
			}
			System.out.println("connections to: " + addresses);
		}

	}

	private static final class Recorder extends ProxySelector {

		private final Set<String> addresses;

		Recorder(Set<String> addresses) {
			this.addresses = addresses;
		}

		@Override
		public List<Proxy> select(URI address) {
			this.addresses.add(address.toString());
			return List.of(Proxy.NO_PROXY);
		}

		@Override
		public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
			// There is none.
		}

	}

}

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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.actuate.IamDataSourceDescriptor;
import io.github.iamdatasource.actuate.IamDataSourceEndpoint;
import io.github.iamdatasource.actuate.IamDataSourceEndpoint.Renewable;
import io.github.iamdatasource.aws.StsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What the Actuator endpoint tells and does.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class ActuatorEndpointTests {

	private static final String NAME = "dataSource";

	private final OrdersDatabase database;

	ActuatorEndpointTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void tellsAllThatIsKnown() {
		Instant end = Instant.now().plusSeconds(3600);
		try (ConfigurableApplicationContext context = application().with(TestCredentials.session(end)).run()) {
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class)).isEqualTo(1);
			IamDataSourceDescriptor told = told(context);
			assertThat(told.endpoint()).isEqualTo(OrdersDatabase.HOSTNAME + ":" + this.database.rds().port());
			assertThat(told.username()).isEqualTo("app");
			assertThat(told.region()).isEqualTo("eu-west-1");
			assertThat(told.token().state()).isEqualTo("usable");
			assertThat(told.token().signatures()).isEqualTo(1);
			assertThat(Duration.parse(told.token().expiresIn())).isBetween(Duration.ofMinutes(14),
					Duration.ofMinutes(15));
			assertThat(told.token().lastFailure()).isNull();
			assertThat(told.credentials().source()).isEqualTo("application's AwsCredentialsProvider bean");
			assertThat(told.credentials().accessKeyEnding()).isEqualTo("MPLE");
			assertThat(Duration.parse(told.credentials().expireIn())).isBetween(Duration.ofMinutes(59),
					Duration.ofMinutes(60));
			assertThat(told.credentials().caller()).isNull();
			assertThat(told.tls().mode()).isEqualTo("verify-full");
			assertThat(told.tls().protocol()).isEqualTo("TLSv1.3");
			assertThat(told.tls().cipherSuite()).startsWith("TLS_");
			assertThat(told.tls().peerSubject()).isEqualTo("CN=iam-datasource emulator");
			assertThat(Instant.parse(told.tls().peerExpiresAt())).isAfter(Instant.now());
			assertThat(told.logins()).containsOnlyKeys("succeeded", "rejected", "failed", "no-token");
			assertThat(told.logins().get("succeeded").count()).isPositive();
			assertThat(Duration.parse(told.logins().get("succeeded").meanTime())).isPositive();
			assertThat(told.lastFailures()).isEmpty();
			assertThat(told.otherEndpoints()).isEmpty();
		}
	}

	@Test
	void tellsWhatFailedAndWhoseTokenWasRejected() {
		try (StsServer sts = StsServer.start(this.database.rds())
			.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY,
					"arn:aws:iam::123456789012:user/deploy");
				ConfigurableApplicationContext context = application()
					.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
					.with("iam.datasource.credentials.identify-caller", "true")
					.with("iam.datasource.credentials.sts-endpoint", sts.endpoint())
					.run()) {
			assertThat(catchThrowable(() -> context.getBean(DataSource.class).getConnection()))
				.isInstanceOf(SQLException.class);
			IamDataSourceDescriptor told = told(context);
			assertThat(told.logins().get("rejected").count()).isPositive();
			assertThat(told.lastFailures()).isNotEmpty().first().satisfies((failure) -> {
				assertThat(failure.what()).isEqualTo("rejected");
				assertThat(failure.sqlState()).isEqualTo("28000");
				assertThat(failure.problem()).contains("did not accept the token");
				assertThat(failure.action()).contains("GRANT rds_iam");
				assertThat(Instant.parse(failure.at())).isBefore(Instant.now());
			});
			assertThat(told.credentials().caller()).isEqualTo("arn:aws:iam::123456789012:user/deploy");
			assertThat(told.tls().protocol()).isNull();
		}
	}

	@Test
	void signsATokenWithNewCredentials() {
		try (ConfigurableApplicationContext context = application().run()) {
			IamDataSourceDescriptor told = context.getBean(IamDataSourceEndpoint.class).renew(NAME, Renewable.TOKEN);
			assertThat(told).isNotNull();
			assertThat(told.token().signatures()).isEqualTo(2);
		}
	}

	@Test
	void tellsOfASignatureThatFailed() {
		boolean[] gone = new boolean[1];
		try (ConfigurableApplicationContext context = application().with(() -> {
			if (gone[0]) {
				throw ScriptedCredentials.failure();
			}
			return TestCredentials.user().resolveCredentials();
		}).run()) {
			gone[0] = true;
			IamDataSourceDescriptor told = context.getBean(IamDataSourceEndpoint.class).renew(NAME, Renewable.TOKEN);
			assertThat(told).isNotNull();
			assertThat(told.token().state()).isEqualTo("refresh-failing");
			assertThat(told.token().lastFailure().problem()).contains(ScriptedCredentials.REASON);
		}
	}

	/** One that is in use stays open until it is given back. */
	@ParameterizedTest
	@EnumSource
	void replacesConnectionsSoftly(Pool kind) throws SQLException {
		try (ConfigurableApplicationContext context = kind.under(application()).run()) {
			DataSource pool = context.getBean(DataSource.class);
			IamDataSourceEndpoint endpoint = context.getBean(IamDataSourceEndpoint.class);
			int before = session(pool);
			try (Connection connection = pool.getConnection()) {
				endpoint.renew(NAME, Renewable.CONNECTIONS);
				assertThat(connection.isValid(5)).isTrue();
			}
			endpoint.renew(NAME, Renewable.CONNECTIONS);
			assertThat(session(pool)).isNotEqualTo(before);
		}
	}

	@Test
	void knowsNoOtherName() {
		try (ConfigurableApplicationContext context = application().run()) {
			IamDataSourceEndpoint endpoint = context.getBean(IamDataSourceEndpoint.class);
			assertThat(endpoint.dataSource("other")).isNull();
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.renew("other", Renewable.TOKEN));
		}
	}

	@Test
	void isNotThereUnlessItIsExposed() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).run()) {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(HikariDataSource.class);
			assertThat(context.getBeansOfType(IamDataSourceEndpoint.class)).isEmpty();
		}
	}

	private Application application() {
		return Application.signingIn(this.database).with("management.endpoints.web.exposure.include", "iamdatasource");
	}

	private static int session(DataSource pool) {
		return Objects.requireNonNull(new JdbcTemplate(pool).queryForObject("select pg_backend_pid()", Integer.class));
	}

	private static IamDataSourceDescriptor told(ConfigurableApplicationContext context) {
		IamDataSourceEndpoint endpoint = context.getBean(IamDataSourceEndpoint.class);
		assertThat(endpoint.dataSources().dataSources()).containsOnlyKeys(NAME);
		IamDataSourceDescriptor told = endpoint.dataSource(NAME);
		assertThat(Outsider.sees((Object) told)).isNotEmpty();
		return Objects.requireNonNull(told);
	}

}

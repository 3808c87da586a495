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
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.actuate.IamDataSourceEndpoint;
import io.github.iamdatasource.actuate.IamDataSourceEndpoint.Renewable;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.integration.TwoHosts.Logins;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.TlsMode;
import io.github.iamdatasource.token.TokenSource;
import io.github.iamdatasource.token.TokenState;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Several data sources in one application.
 */
class AdditionalDataSourcesTests {

	private static final String REPORTS = "iam.datasource.additional.reports.";

	@RegisterExtension
	static final TwoHostsExtension extension = new TwoHostsExtension(Engine.POSTGRESQL);

	@Test
	void eachSignsInToItsOwnDatabase() {
		try (ConfigurableApplicationContext context = application(Repositories.class).run()) {
			Repositories repositories = context.getBean(Repositories.class);
			assertThat(repositories.primary).isSameAs(context.getBean("dataSource"));
			assertThat(repositories.reports).isSameAs(context.getBean("reportsDataSource"));
			context.getBean(JdbcTemplate.class).execute("select 1");
			assertThat(logins().firstAccepted()).isPositive();
			assertThat(logins().secondAccepted()).isZero();
			Logins before = hosts().logins();
			assertThat(user(repositories.reports)).isEqualTo("app");
			assertThat(hosts().logins().since(before).firstAccepted()).isZero();
			assertThat(hosts().logins().since(before).secondAccepted()).isPositive();
			assertThat(context.getBean(JdbcTemplate.class).getDataSource()).isSameAs(repositories.primary);
		}
	}

	@Test
	void poolHasItsOwnSettings() {
		try (ConfigurableApplicationContext context = application().with(REPORTS + "hikari.maximum-pool-size", 3)
			.with("spring.datasource.hikari.maximum-pool-size", 4)
			.with("iam.datasource.additional.read-models.url", url(hosts().second()))
			.with("iam.datasource.additional.read-models.hikari.pool-name", "models")
			.run()) {
			HikariDataSource reports = context.getBean("reportsDataSource", HikariDataSource.class);
			assertThat(reports.getMaximumPoolSize()).isEqualTo(3);
			assertThat(reports.getPoolName()).isEqualTo("reports");
			assertThat(reports.getJdbcUrl()).isEqualTo(url(hosts().second()));
			assertThat(reports.getUsername()).isEqualTo("app");
			assertThat(context.getBean("dataSource", HikariDataSource.class).getMaximumPoolSize()).isEqualTo(4);
			assertThat(context.getBean("readModelsDataSource", HikariDataSource.class).getPoolName())
				.isEqualTo("models");
		}
	}

	@Test
	void actuatorTellsOfEach() {
		try (ConfigurableApplicationContext context = application()
			.with("management.endpoints.web.exposure.include", "iamdatasource,health")
			.run()) {
			user(reports(context));
			HealthEndpoint health = context.getBean(HealthEndpoint.class);
			assertThat(health.healthForPath("iamDataSource")).isInstanceOfSatisfying(CompositeHealthDescriptor.class,
					(composite) -> assertThat(composite.getComponents()).containsOnlyKeys("dataSource",
							"reportsDataSource"));
			assertThat(health.healthForPath("db", "reportsDataSource").getStatus()).isEqualTo(Status.UP);
			assertThat(details(health.healthForPath("iamDataSource", "dataSource")))
				.contains("endpoint=" + TwoHosts.address(hosts().first()));
			assertThat(details(health.healthForPath("iamDataSource", "reportsDataSource")))
				.contains("endpoint=" + TwoHosts.address(hosts().second()), "region=us-east-1");
			IamDataSourceEndpoint endpoint = context.getBean(IamDataSourceEndpoint.class);
			assertThat(endpoint.dataSources().dataSources()).containsOnlyKeys("dataSource", "reportsDataSource");
			assertThat(endpoint.dataSource("reportsDataSource").region()).isEqualTo("us-east-1");
			assertThat(endpoint.renew("reportsDataSource", Renewable.TOKEN).token().signatures()).isEqualTo(2);
			assertThat(endpoint.dataSource("dataSource").token().signatures()).isEqualTo(1);
		}
	}

	@Test
	void oneThatIsDownTakesTheWholeDownAndIsNamed() {
		try (ConfigurableApplicationContext context = application().run()) {
			TwoHosts.forgetThePrincipal(hosts().second());
			assertThat(catchThrowable(() -> reports(context).getConnection())).isNotNull();
			HealthEndpoint health = context.getBean(HealthEndpoint.class);
			assertThat(health.healthForPath("iamDataSource").getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.healthForPath("iamDataSource", "dataSource").getStatus()).isEqualTo(Status.UP);
			assertThat(health.healthForPath("iamDataSource", "reportsDataSource").getStatus()).isEqualTo(Status.DOWN);
		}
	}

	@Test
	void metersHaveTheNamesThatThePoolsHave() {
		try (ConfigurableApplicationContext context = application().run()) {
			user(reports(context));
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			for (String name : List.of("dataSource", "reports")) {
				assertThat(registry.get("iam.datasource.token.age").tag("name", name).gauge().value()).isNotNegative();
				assertThat(registry.get("jdbc.connections.max").tag("name", name).gauge().value()).isPositive();
			}
			assertThat(registry.get("hikaricp.connections").tag("pool", "reports").gauge().value()).isPositive();
			assertThat(registry.get("iam.datasource.login")
				.tags("name", "reports", "outcome", "succeeded")
				.functionTimer()
				.count()).isPositive();
			assertThat(registry.get("iam.datasource.login")
				.tags("name", "dataSource", "outcome", "succeeded")
				.functionTimer()
				.count()).isZero();
		}
	}

	@Test
	void hasWhatIsNotSetFromThePrimaryAndOtherwiseItsOwn() {
		IamPrincipal session = IamPrincipal.withKeys(TestCredentials.SESSION_ACCESS_KEY, TestCredentials.SECRET_KEY)
			.withSessionToken(TestCredentials.SESSION_TOKEN)
			.allowedToConnectAs("app");
		TwoHosts.forgetThePrincipal(hosts().second());
		hosts().second().addPrincipal(session);
		try (ConfigurableApplicationContext context = application(ReportsCredentials.class)
			.with("iam.datasource.credentials.bean", "credentialsProvider")
			.with(REPORTS + "credentials.bean", "reportsCredentials")
			.with(REPORTS + "tls.mode", "verify-ca")
			.with(REPORTS + "tls.ca-certificates", hosts().caFile().toString())
			.with(REPORTS + "token.refresh-after", "3m")
			.run()) {
			assertThat(user(reports(context))).isEqualTo("app");
			assertThat(user(context.getBean(DataSource.class))).isEqualTo("app");
			assertThat(under(context, "reportsDataSource").getTlsMode()).isEqualTo(TlsMode.VERIFY_CA);
			assertThat(under(context, "dataSource").getTlsMode()).isEqualTo(TlsMode.VERIFY_FULL);
			assertThat(logins().firstRejected() + logins().secondRejected()).isZero();
		}
		finally {
			hosts().second().removePrincipal(TestCredentials.SESSION_ACCESS_KEY);
		}
	}

	/** A tunnel to the other database, as seen from here. */
	@Test
	void hasAHostNameAPortAndARegionOfItsOwn() {
		try (ConfigurableApplicationContext context = application()
			.with(REPORTS + "url", "jdbc:postgresql://localhost:" + hosts().second().port() + "/orders")
			.with(REPORTS + "hostname", TwoHosts.SECOND)
			.run()) {
			assertThat(user(reports(context))).isEqualTo("app");
			assertThat(under(context, "reportsDataSource").getEndpoint().region()).isEqualTo("us-east-1");
		}
	}

	@Test
	void sharesTheTokenOfTheSameUserAtTheSameEndpoint() {
		CountingCredentials credentials = new CountingCredentials();
		try (ConfigurableApplicationContext context = application().with(credentials)
			.with(REPORTS + "url", url(hosts().first()))
			.run()) {
			assertThat(user(reports(context))).isEqualTo("app");
			assertThat(user(context.getBean(DataSource.class))).isEqualTo("app");
			assertThat(credentials.asked).hasValue(1);
			assertThat(tokens(context, "reportsDataSource")).isSameAs(tokens(context, "dataSource"));
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			for (String name : List.of("dataSource", "reports")) {
				assertThat(registry.get("iam.datasource.token.sign")
					.tags("name", name, "outcome", "success")
					.functionTimer()
					.count()).isEqualTo(1);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "credentials.bean, credentialsProvider, true", "credentials.bean, reportsCredentials, false",
			"token.refresh-after, 3m, false", "tls.mode, verify-ca, true" })
	void sharesNoTokenThatIsSignedInAnotherWay(String property, String value, boolean shared) {
		try (ConfigurableApplicationContext context = application(ReportsCredentials.class)
			.with("iam.datasource.credentials.bean", "credentialsProvider")
			.with("iam.datasource.credentials.identify-caller", "true")
			.with(REPORTS + "url", url(hosts().first()))
			.with(REPORTS + property, value)
			.with(REPORTS + "tls.ca-certificates", hosts().caFile().toString())
			.run()) {
			assertThat(tokens(context, "reportsDataSource") == tokens(context, "dataSource")).isEqualTo(shared);
		}
	}

	/** Neither set of credentials comes before the other has been asked for. */
	@Test
	void waitsForAllTokensAtTheSameTime() {
		try (ConfigurableApplicationContext context = application(MeetingCredentials.class).withoutCredentials()
			.with("iam.datasource.credentials.bean", "firstCredentials")
			.with(REPORTS + "credentials.bean", "secondCredentials")
			.run()) {
			assertThat(tokens(context, "dataSource").current()).isNotNull();
			assertThat(tokens(context, "reportsDataSource").current()).isNotNull();
		}
	}

	@Test
	void startUpHasALineForEach() {
		try (ConfigurableApplicationContext context = application(DataSourceLogTests.Listening.class).run()) {
			assertThat(DataSourceLogTests.told(context)).flatExtracting(ILoggingEvent::getKeyValuePairs)
				.filteredOn((pair) -> pair.key.equals("iam.datasource.name"))
				.containsExactly(new KeyValuePair("iam.datasource.name", "dataSource"),
						new KeyValuePair("iam.datasource.name", "reportsDataSource"));
		}
	}

	@Test
	void oneThatIsClosedLeavesTheTokenToTheOthers() throws SQLException {
		TokenSource tokens;
		try (ConfigurableApplicationContext context = application().with(REPORTS + "url", url(hosts().first())).run()) {
			IamDataSource reports = under(context, "reportsDataSource");
			tokens = reports.getTokenSource();
			((DefaultListableBeanFactory) context.getBeanFactory()).destroySingleton("reportsDataSource");
			assertThatExceptionOfType(SQLException.class).isThrownBy(reports::getConnection)
				.withMessageContaining("was closed");
			reports.close();
			assertThat(tokens.snapshot().state()).isEqualTo(TokenState.USABLE);
			try (Connection connection = context.getBean("dataSource", DataSource.class).getConnection()) {
				assertThat(connection.isValid(5)).isTrue();
			}
		}
		assertThat(tokens.snapshot().state()).isEqualTo(TokenState.CLOSED);
	}

	@Test
	void leavesNothingBehindHoweverOftenItIsStarted() {
		Set<Thread> before = threads();
		for (int i = 0; i < 2; i++) {
			TokenSource primary;
			TokenSource reports;
			try (ConfigurableApplicationContext context = application().run()) {
				assertThat(user(reports(context))).isEqualTo("app");
				primary = tokens(context, "dataSource");
				reports = tokens(context, "reportsDataSource");
				assertThat(reports).isNotSameAs(primary);
			}
			assertThat(primary.snapshot().state()).isEqualTo(TokenState.CLOSED);
			assertThat(reports.snapshot().state()).isEqualTo(TokenState.CLOSED);
		}
		Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
	}

	@Test
	void onlyOneAdditionalIsTheDataSourceOfAll() {
		try (ConfigurableApplicationContext context = additionalOnly().run()) {
			assertThat(context.getBeanNamesForType(DataSource.class)).containsExactly("reportsDataSource");
			assertThat(context.getBeansOfType(IamJdbcConnectionDetails.class)).isEmpty();
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class))
				.isEqualTo("app");
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("iamDataSource").getStatus())
				.isEqualTo(Status.UP);
			assertThat(context.getBean(MeterRegistry.class)
				.get("iam.datasource.token.age")
				.tag("name", "reports")
				.gauge()
				.value()).isNotNegative();
		}
	}

	@Test
	void onlySeveralAdditionalAreInjectedByTheirNames() {
		try (ConfigurableApplicationContext context = additionalOnly(Reports.class)
			.with("iam.datasource.additional.read-models.url", url(hosts().first()))
			.run()) {
			assertThat(context.getBeanNamesForType(DataSource.class)).containsExactlyInAnyOrder("reportsDataSource",
					"readModelsDataSource");
			assertThatExceptionOfType(NoUniqueBeanDefinitionException.class)
				.isThrownBy(() -> context.getBean(DataSource.class));
			assertThat(context.getBeansOfType(JdbcTemplate.class)).isEmpty();
			Reports reports = context.getBean(Reports.class);
			assertThat(reports.reports).isSameAs(context.getBean("reportsDataSource"));
			assertThat(reports.readModels).isSameAs(context.getBean("readModelsDataSource"));
			assertThat(user(reports.readModels)).isEqualTo("app");
		}
	}

	@Test
	void dataSourceWithAPasswordRemainsThePrimary() {
		try (ConfigurableApplicationContext context = additionalOnly(Repositories.class)
			.with("spring.datasource.url", "jdbc:h2:mem:beside")
			.with("spring.datasource.username", "sa")
			.run()) {
			Repositories repositories = context.getBean(Repositories.class);
			assertThat(((HikariDataSource) repositories.primary).getJdbcUrl()).isEqualTo("jdbc:h2:mem:beside");
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select h2version()", String.class))
				.isNotEmpty();
			assertThat(user(repositories.reports)).isEqualTo("app");
			assertThat(PooledIamDataSource.under(repositories.primary)).isNull();
		}
	}

	@Test
	void dataSourceOfTheApplicationRemainsThePrimary() {
		try (ConfigurableApplicationContext context = application(OwnDataSource.class, Repositories.class).run()) {
			Repositories repositories = context.getBean(Repositories.class);
			assertThat(repositories.primary).isInstanceOf(EmbeddedDatabase.class);
			assertThat(user(repositories.reports)).isEqualTo("app");
			assertThat(context.getBean(JdbcTemplate.class).getDataSource()).isSameAs(repositories.primary);
		}
	}

	@Test
	void disabledThereIsNone() {
		try (ConfigurableApplicationContext context = application().with("iam.datasource.enabled", "false").run()) {
			assertThat(context.getBeanNamesForType(DataSource.class)).containsExactly("dataSource");
		}
	}

	private static Application application(Class<?>... configuration) {
		return additionalOnly(configuration).with("iam.datasource.url", url(hosts().first()));
	}

	private static Application additionalOnly(Class<?>... configuration) {
		return Application.unconfigured(configuration)
			.with("iam.datasource.username", "app")
			.with("iam.datasource.tls.ca-certificates", hosts().caFile().toString())
			.with(REPORTS + "url", url(hosts().second()))
			// Nothing logs in that the test has not asked to.
			.with(REPORTS + "hikari.minimum-idle", 0)
			.with(REPORTS + "hikari.connection-timeout", 2000);
	}

	private static TwoHosts hosts() {
		return extension.hosts();
	}

	private static Logins logins() {
		return extension.logins();
	}

	private static String url(RdsIamEmulator rds) {
		return "jdbc:postgresql://" + TwoHosts.address(rds) + "/orders";
	}

	private static DataSource reports(ConfigurableApplicationContext context) {
		return context.getBean("reportsDataSource", DataSource.class);
	}

	private static IamDataSource under(ConfigurableApplicationContext context, String name) {
		return Objects.requireNonNull(PooledIamDataSource.under(context.getBean(name, DataSource.class)));
	}

	private static TokenSource tokens(ConfigurableApplicationContext context, String name) {
		return under(context, name).getTokenSource();
	}

	private static String user(DataSource dataSource) {
		return new JdbcTemplate(dataSource).queryForObject("select current_user", String.class);
	}

	private static String details(HealthDescriptor health) {
		return ((IndicatedHealthDescriptor) health).getDetails().toString();
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("iam-datasource-")
					|| thread.getName().startsWith("reports"))
			.collect(Collectors.toSet());
	}

	private static final class CountingCredentials implements AwsCredentialsProvider {

		private final AtomicInteger asked = new AtomicInteger();

		@Override
		public AwsCredentials resolveCredentials() {
			this.asked.incrementAndGet();
			return AwsBasicCredentials.create(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Repositories {

		private final DataSource primary;

		private final DataSource reports;

		Repositories(DataSource primary, @Qualifier("reports") DataSource reports) {
			this.primary = primary;
			this.reports = reports;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Reports {

		private final DataSource reports;

		private final DataSource readModels;

		Reports(@Qualifier("reports") DataSource reports, @Qualifier("read-models") DataSource readModels) {
			this.reports = reports;
			this.readModels = readModels;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReportsCredentials {

		@Bean
		AwsCredentialsProvider reportsCredentials() {
			return TestCredentials.session(null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MeetingCredentials {

		private final CountDownLatch asked = new CountDownLatch(2);

		@Bean
		AwsCredentialsProvider firstCredentials() {
			return this::meet;
		}

		@Bean
		AwsCredentialsProvider secondCredentials() {
			return this::meet;
		}

		private AwsCredentials meet() {
			this.asked.countDown();
			try {
				assertThat(this.asked.await(30, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return AwsBasicCredentials.create(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		DataSource ownDataSource() {
			return new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2).build();
		}

	}

}

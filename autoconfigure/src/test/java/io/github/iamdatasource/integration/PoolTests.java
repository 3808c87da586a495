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

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.sql.DataSource;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.Rejection;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.TokenState;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.test.autoconfigure.TestDatabaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What holds for each pool, and without one.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class PoolTests {

	private final OrdersDatabase database;

	PoolTests(OrdersDatabase database) {
		this.database = database;
	}

	@ParameterizedTest
	@EnumSource
	void signsInThroughTheBeanThatWasAskedFor(Pool pool) {
		long accepted = this.database.rds().accepted();
		try (ConfigurableApplicationContext context = pool.under(application()).run()) {
			DataSource bean = context.getBean("dataSource", DataSource.class);
			assertThat(bean.getClass().getName()).isEqualTo(pool.type());
			assertThat(context.getBeansOfType(DataSource.class)).containsOnlyKeys("dataSource");
			assertThat(iamDataSource(context)).isNotNull()
				.isSameAs(context.getBean(IamJdbcConnectionDetails.class).getDataSource());
			assertThat(query(context, "select current_user")).isEqualTo("app");
			assertThat(this.database.rds().accepted()).isGreaterThan(accepted);
			assertThat(iamDataSource(context).snapshot().logins().get(Outcome.SUCCEEDED)).isPositive();
		}
	}

	@ParameterizedTest
	@EnumSource
	void transactionsRollBack(Pool pool) {
		try (ConfigurableApplicationContext context = pool.under(application()).run()) {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			jdbc.execute("create table if not exists rolled_back_by_pool (id int)");
			TransactionTemplate transaction = new TransactionTemplate(context.getBean(JdbcTransactionManager.class));
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
					jdbc.update("insert into rolled_back_by_pool values (1)");
					throw new IllegalStateException("roll back");
				}));
			assertThat(query(context, "select count(*) from rolled_back_by_pool")).isEqualTo("0");
		}
	}

	@ParameterizedTest
	@EnumSource
	void healthAndMetersAreThere(Pool pool) {
		try (ConfigurableApplicationContext context = pool.under(application()).run()) {
			CompositeHealthDescriptor health = (CompositeHealthDescriptor) context.getBean(HealthEndpoint.class)
				.health();
			assertThat(health.getComponents().get("iamDataSource").getStatus()).isEqualTo(Status.UP);
			assertThat(health.getComponents().get("db").getStatus()).isEqualTo(Status.UP);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("iam.datasource.login").tag("outcome", "succeeded").functionTimer().count())
				.isPositive();
			assertThat(meters.get("iam.datasource.token.age").tag("name", "dataSource").gauge().value()).isBetween(0.0,
					60.0);
			if (pool != Pool.NONE) {
				assertThat(meters.get("jdbc.connections.max").tag("name", "dataSource").gauge().value()).isEqualTo(3);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void settingsOfThePoolAreThoseOfTheApplication(Pool pool) throws SQLException {
		try (ConfigurableApplicationContext context = pool.under(application()).run()) {
			DataSource dataSource = context.getBean(DataSource.class);
			try (Connection first = dataSource.getConnection();
					Connection second = dataSource.getConnection();
					Connection third = dataSource.getConnection()) {
				assertThat(List.of(first.isValid(5), second.isValid(5), third.isValid(5))).containsOnly(true);
				assertThat(Outsider.sees(catchThrowable(dataSource::getConnection))).isInstanceOf(SQLException.class);
			}
		}
	}

	/**
	 * The first token is worth nothing any more when the second connection is opened. The
	 * server counts what it saw of both.
	 */
	@ParameterizedTest
	@EnumSource
	void connectionsOfTwoTokensAreUsableAtOnce(Pool pool) throws SQLException {
		String accessKey = "AKIAROTATEDPOOL" + pool;
		this.database.rds()
			.addPrincipal(IamPrincipal.withKeys(accessKey, TestCredentials.SECRET_KEY).allowedToConnectAs("app"));
		try {
			AtomicReference<AwsCredentialsProvider> credentials = new AtomicReference<>(
					TestCredentials.longLived(accessKey, TestCredentials.SECRET_KEY));
			try (ConfigurableApplicationContext context = pool
				.under(application().with(() -> credentials.get().resolveCredentials()))
				.run()) {
				DataSource dataSource = context.getBean(DataSource.class);
				try (Connection before = dataSource.getConnection()) {
					credentials.set(TestCredentials.user());
					this.database.rds().removePrincipal(accessKey);
					long rejected = this.database.rds().rejected(Rejection.UNKNOWN_ACCESS_KEY);
					long accepted = this.database.rds().accepted();
					try (Connection after = dataSource.getConnection()) {
						assertThat(this.database.rds().rejected(Rejection.UNKNOWN_ACCESS_KEY)).isEqualTo(rejected + 1);
						assertThat(this.database.rds().accepted()).isEqualTo(accepted + 1);
						assertThat(session(before)).startsWith("app").isNotEqualTo(session(after));
						assertThat(session(after)).startsWith("app");
					}
				}
			}
		}
		finally {
			this.database.rds().removePrincipal(accessKey);
		}
	}

	@ParameterizedTest
	@EnumSource
	void rejectedLoginIsExplainedToTheCaller(Pool pool) {
		try (ConfigurableApplicationContext context = pool
			.under(application()
				.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY)))
			.run()) {
			long rejected = this.database.rds().rejected(Rejection.POLICY_DENIES);
			Throwable failure = Outsider.sees(catchThrowable(context.getBean(DataSource.class)::getConnection));
			assertThat(failure).isInstanceOf(SQLException.class);
			assertThat(causes(failure)).filteredOn(IamLoginException.class::isInstance)
				.first()
				.satisfies((cause) -> assertThat(cause).hasMessageContaining("did not accept the token")
					.hasMessageContaining("rds-db:connect")
					.hasMessageContaining("GRANT rds_iam"));
			assertThat(this.database.rds().rejected(Rejection.POLICY_DENIES)).isGreaterThan(rejected);
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("iamDataSource").getStatus())
				.isEqualTo(Status.DOWN);
		}
	}

	@ParameterizedTest
	@EnumSource
	void serverThatIsNotTrustedGetsNoToken(Pool pool) {
		long before = this.database.rds().accepted() + this.database.rds().rejected();
		try (ConfigurableApplicationContext context = pool
			.under(application().without("iam.datasource.tls.ca-certificates"))
			.run()) {
			Throwable failure = Outsider.sees(catchThrowable(context.getBean(DataSource.class)::getConnection));
			assertThat(causes(failure)).filteredOn(IamLoginException.class::isInstance)
				.first()
				.satisfies((cause) -> assertThat(cause).hasMessageContaining("No token was sent"));
		}
		assertThat(this.database.rds().accepted() + this.database.rds().rejected()).isEqualTo(before);
	}

	@ParameterizedTest
	@EnumSource
	void missingCredentialsStopTheStartUp(Pool pool) {
		Outsider.sees(catchThrowable(pool.under(application().withoutCredentials())::run));
		FailureAnalysis analysis = ReportedAnalyses.take();
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription())
			.contains("No authentication token could be signed, for want of AWS credentials")
			.contains("AWS_ACCESS_KEY_ID");
	}

	@ParameterizedTest
	@EnumSource
	void migratesBeforeTheFirstConnectionOfTheApplication(Pool pool) {
		try (ConfigurableApplicationContext context = pool.under(application())
			.with("spring.flyway.enabled", "true")
			.with("spring.flyway.default-schema", "migrated_by_pool")
			.run()) {
			assertThat(query(context,
					"select count(*) from pg_tables where schemaname = 'migrated_by_pool' and tableowner = 'app'"))
				.isNotEqualTo("0");
		}
	}

	@ParameterizedTest
	@EnumSource
	void lazyConnectionFetchKeepsWorking(Pool pool) {
		try (ConfigurableApplicationContext context = pool.under(application())
			.with("spring.datasource.connection-fetch", "lazy")
			.run()) {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(LazyConnectionDataSourceProxy.class);
			// The first one also asks the driver for its defaults.
			beginAndCommit(context);
			Map<Outcome, Long> logins = iamDataSource(context).snapshot().logins();
			beginAndCommit(context);
			assertThat(iamDataSource(context).snapshot().logins()).isEqualTo(logins);
			assertThat(query(context, "select current_user")).isEqualTo("app");
		}
	}

	@ParameterizedTest
	@EnumSource
	void closingLeavesNothing(Pool pool) throws SQLException {
		Set<Thread> before = threads(pool);
		IamDataSource dataSource;
		try (ConfigurableApplicationContext context = pool.under(application()).run()) {
			dataSource = iamDataSource(context);
			context.getBean(DataSource.class).getConnection().close();
			assertThat(threads(pool)).anyMatch((thread) -> thread.getName().equals("iam-datasource-refresher"));
			if (pool != Pool.NONE) {
				assertThat(threads(pool)).anyMatch((thread) -> thread.getName().startsWith(pool.threads()));
			}
		}
		Awaitility.await().untilAsserted(() -> assertThat(threads(pool)).isSubsetOf(before));
		assertThat(dataSource.snapshot().token().state()).isEqualTo(TokenState.CLOSED);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void managementSeesNeitherParametersNorSecrets(Pool pool) throws JMException {
		Set<ObjectName> before = new HashSet<>(mBeans().queryNames(null, null));
		try (ConfigurableApplicationContext context = pool
			.under(application().with("iam.datasource.url",
					this.database.rds().jdbcUrl() + "?ApplicationName=NotToBeShown"))
			.with("spring.jmx.enabled", "true")
			.with("spring.datasource.hikari.register-mbeans", "true")
			.with("spring.datasource.tomcat.jmx-enabled", "true")
			.run()) {
			assertThat(query(context, "show application_name")).isEqualTo("NotToBeShown");
			Set<ObjectName> names = new HashSet<>(mBeans().queryNames(null, null));
			names.removeAll(before);
			Map<String, String> shown = new HashMap<>();
			for (ObjectName name : names) {
				for (MBeanAttributeInfo attribute : mBeans().getMBeanInfo(name).getAttributes()) {
					shown.put(name + " " + attribute.getName(), value(name, attribute));
				}
			}
			Outsider.sees(shown);
			assertThat(shown.keySet()).anyMatch((name) -> name.toLowerCase().contains("active"));
			assertThat(shown.values()).noneMatch((value) -> value.contains("NotToBeShown"));
			assertThat(context.getBean(DataSource.class).toString()).doesNotContain("NotToBeShown");
		}
	}

	@ParameterizedTest
	@CsvSource({ "HIKARI, spring.datasource.hikari.jdbc-url", "HIKARI, spring.datasource.hikari.jdbcUrl",
			"HIKARI, spring.datasource.hikari.username", "HIKARI, spring.datasource.hikari.password",
			"HIKARI, spring.datasource.hikari.driver-class-name",
			"HIKARI, spring.datasource.hikari.data-source-class-name", "TOMCAT, spring.datasource.tomcat.url",
			"TOMCAT, spring.datasource.tomcat.username", "TOMCAT, spring.datasource.tomcat.password",
			"TOMCAT, spring.datasource.tomcat.driver-class-name", "TOMCAT, spring.datasource.tomcat.dataSourceJNDI",
			"TOMCAT, spring.datasource.tomcat.connection-properties", "DBCP2, spring.datasource.dbcp2.url",
			"DBCP2, spring.datasource.dbcp2.username", "DBCP2, spring.datasource.dbcp2.password",
			"DBCP2, spring.datasource.dbcp2.driver-class-name",
			"DBCP2, spring.datasource.dbcp2.connection-properties" })
	void settingThatWouldBeIgnoredIsRefused(Pool pool, String property) {
		String value = property.endsWith("class-name") ? "org.postgresql.Driver" : "a=NeverLogThis";
		FailureAnalysis analysis = failure(pool.under(application()).with(property, value));
		assertThat(analysis.getDescription().replace("-", "")).containsIgnoringCase(property.replace("-", ""));
		assertThat(analysis.getDescription()).contains("Value: …", "Set in: ", "has no effect")
			.doesNotContain("NeverLogThis");
		assertThat(analysis.getAction()).contains("Remove it.", "iam.datasource.url");
	}

	@Test
	void settingOfAnotherPoolIsNobodysBusiness() {
		try (ConfigurableApplicationContext context = Pool.TOMCAT.under(application())
			.with("spring.datasource.hikari.username", "other")
			.with("spring.datasource.dbcp2.connection-properties", "a=b")
			.run()) {
			assertThat(query(context, "select current_user")).isEqualTo("app");
		}
	}

	@Test
	void dataSourceWithoutAPoolIsKnownByItsType() {
		try (ConfigurableApplicationContext context = Pool.NONE
			.under(Application.signingIn(this.database, NeedsTheDataSourceByItsType.class))
			.run()) {
			assertThat(context.getBean("seen")).hasToString(context.getBean(DataSource.class).toString());
		}
	}

	@ParameterizedTest
	@EnumSource
	void testThatBringsItsOwnDatabaseNeedsNoneOfIt(Pool pool) {
		try (ConfigurableApplicationContext context = pool
			.under(Application.unconfigured(TestDatabaseAutoConfiguration.class))
			.with("spring.test.database.replace", "any")
			.run()) {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(EmbeddedDatabase.class);
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("iamDataSource").getStatus())
				.isEqualTo(Status.UNKNOWN);
		}
	}

	private Application application() {
		return Application.signingIn(this.database);
	}

	private static FailureAnalysis failure(Application application) {
		Outsider.sees(catchThrowable(() -> application.run().close()));
		FailureAnalysis analysis = ReportedAnalyses.take();
		assertThat(analysis).isNotNull();
		return analysis;
	}

	private static IamDataSource iamDataSource(ConfigurableApplicationContext context) {
		return Objects.requireNonNull(PooledIamDataSource.under(context.getBean(DataSource.class)));
	}

	private static void beginAndCommit(ConfigurableApplicationContext context) {
		new TransactionTemplate(context.getBean(JdbcTransactionManager.class)).executeWithoutResult((status) -> {
		});
	}

	private static String query(ConfigurableApplicationContext context, String sql) {
		return context.getBean(JdbcTemplate.class).queryForObject(sql, String.class);
	}

	private static String session(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("select current_user || ' ' || pg_backend_pid()")) {
			result.next();
			return result.getString(1);
		}
	}

	private static List<Throwable> causes(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
	}

	private static MBeanServer mBeans() {
		return ManagementFactory.getPlatformMBeanServer();
	}

	private static String value(ObjectName name, MBeanAttributeInfo attribute) {
		Function<Object, String> text = (value) -> (value instanceof Object[] all) ? List.of(all).toString()
				: String.valueOf(value);
		try {
			return attribute.isReadable() ? text.apply(mBeans().getAttribute(name, attribute.getName())) : "";
		}
		catch (JMException | RuntimeException ex) {
			return String.valueOf(ex);
		}
	}

	private static Set<Thread> threads(Pool pool) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("iam-datasource-")
					|| (pool != Pool.NONE && thread.getName().startsWith(pool.threads())))
			.collect(Collectors.toSet());
	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsTheDataSourceByItsType {

		@Bean
		String seen(IamDataSource dataSource) {
			return dataSource.toString();
		}

	}

}

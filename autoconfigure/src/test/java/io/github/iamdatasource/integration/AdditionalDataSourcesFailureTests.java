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

import javax.sql.DataSource;

import io.github.iamdatasource.TestCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the user reads of a mistake in the settings of an additional data source.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class AdditionalDataSourcesFailureTests {

	private static final String ADDITIONAL = "iam.datasource.additional";

	private static final String REPORTS = ADDITIONAL + ".reports";

	private final OrdersDatabase database;

	AdditionalDataSourcesFailureTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void noUrl() {
		ReportedAnalyses.assertFails(application().without(REPORTS + ".url").with(REPORTS + ".username", "app"),
				"Property: " + REPORTS + ".url", "Value: (not set)", "that begin with " + REPORTS + ".");
	}

	@Test
	void nothingButThePoolIsSet() {
		ReportedAnalyses.assertFails(
				application().without(REPORTS + ".url").with(REPORTS + ".hikari.maximum-pool-size", 3),
				"Property: " + REPORTS + ".url", "Value: (not set)");
	}

	@Test
	void noUsernameAnywhere() {
		ReportedAnalyses.assertFails(application().without("iam.datasource.url").without("iam.datasource.username"),
				"Property: iam.datasource.username", "Value: (not set)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					port                          | 70000         | 70000      | A port is a number
					hostname                      | a b           | a…         | not a host name
					region                        | eu-west       | eu-west    | not the name of an AWS region
					url                           | jdbc:sqlserver://h | jdbc:sqlserver://h | is not supported
					credentials.role-arn          | orders        | orders     | not the ARN of an IAM role
					credentials.bean              | missing       | missing    | no bean of this name
					credentials.role-session-name | s             | (set)      | Set iam.datasource.additional.reports.credentials.role-arn to
					credentials.sts-endpoint      | ftp://h       | ftp://h    | https or http URL
					tls.ca-certificates           | /no/such.pem  | /no/such.pem | /no/such.pem
					tls.bundle                    | missing       | missing    | no SSL bundle
					token.refresh-after           | 20m           | 1200s      | A token lives 15 minutes
					token.expiry-margin           | 0s            | 0s         | A token lives 15 minutes
					hikari.username               | app           | …          | those of iam.datasource.additional.reports.url and iam.datasource.username
					hikari.driver-class-name      | no.such.Driver | …         | It has no effect
					hikari.data-source-properties.sslmode | disable | sslmode   | It has no effect
					""")
	void mistakeIsToldUnderTheNameOfTheProperty(String property, String value, String shown, String told) {
		String name = REPORTS + "." + property.replaceFirst("\\.sslmode$", "");
		Application application = application().with(REPORTS + "." + property, value);
		if (property.equals("hostname") || property.equals("port")) {
			application.with(REPORTS + ".url", "jdbc:postgresql://localhost/orders");
		}
		ReportedAnalyses.assertFails(application, "Property: " + name, "Value: " + shown, told,
				"Set in: \"" + REPORTS + "." + property + "\" from property source");
	}

	/** What is inherited is found where it was written. */
	@Test
	void mistakeInWhatIsInheritedIsToldUnderTheNameOfThePrimary() {
		ReportedAnalyses.assertFails(
				application().without("iam.datasource.url").with("iam.datasource.credentials.role-arn", "orders"),
				"Property: iam.datasource.credentials.role-arn");
	}

	@Test
	void urlThatNamesATunnelLeadsToTheRightProperties() {
		ReportedAnalyses.assertFails(application().with(REPORTS + ".url", "jdbc:postgresql://localhost:5432/orders"),
				"Property: " + REPORTS + ".url",
				"set " + REPORTS + ".hostname (and " + REPORTS + ".port, if it differs)");
	}

	@Test
	void parameterOfTheUrlLeadsToTheRightProperty() {
		ReportedAnalyses.assertFails(
				application().with(REPORTS + ".url", this.database.rds().jdbcUrl() + "?user=app")
					.with(REPORTS + ".username", "app"),
				"Property: " + REPORTS + ".url", "Set " + REPORTS + ".username instead");
	}

	@Test
	void loginThatFailsLeadsToTheRightProperties() {
		FailureAnalysis analysis = ReportedAnalyses.ofFailing(application(LogIn.class).with(REPORTS + ".url",
				"jdbc:postgresql://ordres.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com:5432/orders"));
		assertThat(analysis.getDescription()).startsWith("There is no host of the name ordres.");
		assertThat(analysis.getAction()).startsWith("Check the name in " + REPORTS + ".url against");
	}

	@Test
	void rejectionLeadsToTheRightProperties() {
		FailureAnalysis analysis = ReportedAnalyses
			.ofFailing(application(LogIn.class).with(REPORTS + ".hikari.connection-timeout", "2000")
				.with(REPORTS + ".region", "us-east-1"));
		assertThat(analysis.getAction()).startsWith("Remove " + REPORTS + ".region, or set it to eu-west-1.");
	}

	@Test
	void noCredentials() {
		ReportedAnalyses.assertFails(application().with(() -> {
			throw ScriptedCredentials.failure();
		}), "No authentication token could be signed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[my.reports]", "[a b]", "[-reports]", "[a--b]", "[réports]" })
	void nameThatIsNone(String name) {
		ReportedAnalyses.assertFails(application().with(ADDITIONAL + name + ".url", this.database.rds().jdbcUrl()),
				"Property: " + ADDITIONAL + name, "cannot be the name of a data source", "like read-models",
				"Set in: ");
	}

	@Test
	void nameWhoseBeanTheApplicationHas() {
		ReportedAnalyses.assertFails(application(OwnBean.class), "Property: " + REPORTS, "'reportsDataSource'",
				"has a bean of this name already", "Call one of the two something else");
	}

	@Test
	void namesWhoseBeansWouldBeCalledTheSame() {
		ReportedAnalyses.assertFails(
				application().with(ADDITIONAL + ".read-models.url", this.database.rds().jdbcUrl())
					.with(ADDITIONAL + "[read_models].url", this.database.rds().jdbcUrl()),
				"Property: " + ADDITIONAL + "[read_models]", "'readModelsDataSource'", "that of 'read-models'");
	}

	@Test
	void noPoolOnTheClassPath() throws Exception {
		String output = ChildApplication.signingIn("AdditionalDataSourcesFailureTests-noPool", this.database)
			.withoutJars("HikariCP")
			.run("--iam.datasource.username=app", "--" + REPORTS + ".url=" + this.database.rds().jdbcUrl());
		assertThat(output).contains("APPLICATION FAILED TO START", "Property: " + REPORTS,
				"HikariCP as their connection pool, which is not on the class path",
				"Add the dependency com.zaxxer:HikariCP");
	}

	private Application application(Class<?>... configuration) {
		return Application.signingIn(this.database, configuration)
			.with(REPORTS + ".url", this.database.rds().jdbcUrl())
			.with(TestCredentials.user());
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBean {

		@Bean
		String reportsDataSource() {
			return "reports";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LogIn {

		@Bean
		InitializingBean login(@Qualifier("reports") DataSource reports) {
			return () -> reports.getConnection().close();
		}

	}

}

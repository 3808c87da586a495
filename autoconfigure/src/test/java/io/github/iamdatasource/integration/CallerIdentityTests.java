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

import java.time.Clock;
import java.time.Duration;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.aws.Fault;
import io.github.iamdatasource.aws.Role;
import io.github.iamdatasource.aws.Sessions;
import io.github.iamdatasource.aws.StsServer;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamLoginException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What a rejected login tells of those whose credentials have signed its token.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class CallerIdentityTests {

	private static final String USER = "arn:aws:iam::123456789012:user/deploy";

	private final OrdersDatabase database;

	private final StsServer sts;

	CallerIdentityTests(OrdersDatabase database) {
		this.database = database;
		this.sts = StsServer.start(database.rds())
			.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY, USER);
	}

	@AfterEach
	void close() {
		this.sts.close();
	}

	@Test
	void userIsNamedWithTheResourceThatItsPolicyNeeds() {
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(rejection(context))
				.hasMessageContaining("Signed by: the access key that ends in 'DDEN' of " + USER + " from the ")
				.hasMessageContaining("the IAM policy of " + USER + " allows rds-db:connect on "
						+ "arn:aws:rds-db:eu-west-1:123456789012:dbuser:<resource id>/app;");
		}
	}

	@Test
	void roleIsNamedWithTheSession() {
		Role role = Role.of("arn:aws:iam::123456789012:role/orders").trusting(USER);
		this.sts.role(role);
		try (ConfigurableApplicationContext context = application()
			.with("iam.datasource.credentials.role-arn", role.arn())
			.with("spring.application.name", "blue")
			.run()) {
			assertThat(rejection(context))
				.hasMessageContaining(" of arn:aws:sts::123456789012:assumed-role/orders/blue from the role "
						+ role.arn() + "; Token: ")
				.hasMessageContaining("the IAM policy of the role 'orders' allows rds-db:connect on ");
		}
	}

	@Test
	void oneQuestionIsEnoughForAllRejections() {
		try (ConfigurableApplicationContext context = application().run()) {
			for (int i = 0; i < 5; i++) {
				assertThat(rejection(context)).hasMessageContaining(USER);
			}
			assertThat(this.sts.calls("GetCallerIdentity")).hasSize(1);
		}
	}

	@Test
	void nobodyIsAskedAsLongAsLoginsSucceed() throws Exception {
		try (ConfigurableApplicationContext context = application().with(TestCredentials.user()).run()) {
			dataSource(context).getConnection().close();
			assertThat(this.sts.calls()).isEmpty();
		}
	}

	@Test
	void nobodyIsAskedIfThatIsNotAllowed() {
		try (ConfigurableApplicationContext context = application()
			.with("iam.datasource.credentials.identify-caller", "false")
			.run()) {
			assertThat(rejection(context)).hasMessageContaining("the IAM policy of the application allows");
			assertThat(this.sts.calls()).isEmpty();
		}
	}

	@Test
	void stsThatDoesNotKnowTheAccessKeySaysSo() {
		try (ConfigurableApplicationContext context = application()
			.with(TestCredentials.longLived("AKIAIUNKNOWNUNKNOWN1", TestCredentials.SECRET_KEY))
			.run()) {
			assertThat(rejection(context)).hasMessageContaining("AWS STS does not know this access key");
		}
	}

	@Test
	void stsThatFindsTheSignatureWrongSaysSo() {
		try (ConfigurableApplicationContext context = application()
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, "NeverLogThis/other"))
			.run()) {
			assertThat(rejection(context))
				.hasMessageContaining("the secret access key does not belong to this access key");
		}
	}

	@Test
	void clockThatIsWrongIsToldWithHowMuch() {
		try (Sessions sessions = Sessions.knownTo(this.database.rds());
				StsServer earlier = StsServer.start(sessions, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-20)))
					.user(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY, USER);
				ConfigurableApplicationContext context = application()
					.with("iam.datasource.credentials.sts-endpoint", earlier.endpoint())
					.run()) {
			assertThat(rejection(context)).hasMessageContaining(USER)
				.hasMessageMatching("(?s)This machine's clock is 1(199|20\\d) s ahead of that of AWS.*");
		}
	}

	@Test
	void loginFailsWithoutAnAnswerOfStsToo() {
		this.sts.answer(Fault.HANG);
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(rejection(context)).hasMessageContaining("the IAM policy of the application allows");
		}
		finally {
			this.sts.answerAsUsual();
		}
	}

	@Test
	void answerThatCannotBeReadTellsNothing() {
		this.sts.answer(Fault.GARBAGE);
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(rejection(context)).hasMessageContaining("the IAM policy of the application allows");
		}
	}

	private Application application() {
		return Application.signingIn(this.database)
			.with(TestCredentials.longLived(TestCredentials.DENIED_ACCESS_KEY, TestCredentials.SECRET_KEY))
			.with("iam.datasource.credentials.identify-caller", "true")
			.with("iam.datasource.credentials.sts-endpoint", this.sts.endpoint());
	}

	private static IamDataSource dataSource(ConfigurableApplicationContext context) {
		return context.getBean(IamJdbcConnectionDetails.class).getDataSource();
	}

	private static Throwable rejection(ConfigurableApplicationContext context) {
		Throwable failure = Outsider.sees(catchThrowable(() -> dataSource(context).getConnection()));
		assertThat(failure).isInstanceOf(IamLoginException.class).hasMessageContaining("did not accept the token");
		return failure;
	}

}

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

import java.sql.SQLException;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What the log says of a data source that signs in.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class DataSourceLogTests {

	private final OrdersDatabase database;

	DataSourceLogTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void oneLineTellsHowItSignsInAndNothingIsSaidOfEachLogin() throws Exception {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database, Listening.class).run()) {
			IamDataSource dataSource = context.getBean(IamJdbcConnectionDetails.class).getDataSource();
			for (int i = 0; i < 3; i++) {
				dataSource.getConnection().close();
			}
			String endpoint = OrdersDatabase.HOSTNAME + ":" + this.database.rds().port();
			List<ILoggingEvent> told = told(context);
			assertThat(told).extracting(ILoggingEvent::getFormattedMessage)
				.containsExactly("Signs in to " + endpoint + " in eu-west-1 as 'app', with credentials from the "
						+ "application's AwsCredentialsProvider bean and TLS verify-full");
			assertThat(told.get(0).getKeyValuePairs()).contains(new KeyValuePair("iam.datasource.endpoint", endpoint),
					new KeyValuePair("iam.datasource.username", "app"),
					new KeyValuePair("iam.datasource.tls", "verify-full"));
		}
	}

	@Test
	void loginsThatFailAreToldOnceWithAllThatIsKnownAndOnceThatTheySucceedAgain() throws Exception {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database, Listening.class).run()) {
			IamDataSource dataSource = context.getBean(IamJdbcConnectionDetails.class).getDataSource();
			this.database.rds().rejectLogins(true);
			assertFail(dataSource, 3);
			this.database.rds().rejectLogins(false);
			this.database.rds().stopServing();
			assertFail(dataSource, 3);
			this.database.rds().resumeServing();
			for (int i = 0; i < 3; i++) {
				dataSource.getConnection().close();
			}
			String endpoint = OrdersDatabase.HOSTNAME + ":" + this.database.rds().port();
			List<ILoggingEvent> told = told(context);
			assertThat(told).extracting(ILoggingEvent::getLevel)
				.containsExactly(Level.INFO, Level.WARN, Level.WARN, Level.INFO);
			assertThat(told.get(1).getFormattedMessage())
				.startsWith("Logins to " + endpoint
						+ " as 'app' fail. The database did not accept the token as a login of user 'app'")
				.contains("    Signed for: " + endpoint + " in eu-west-1", "\"Action\": \"rds-db:connect\"",
						"    GRANT rds_iam TO \"app\";");
			assertThat(told.get(1).getKeyValuePairs()).contains(new KeyValuePair("iam.datasource.outcome", "rejected"));
			assertThat(told.get(2).getFormattedMessage())
				.startsWith("Logins to " + endpoint + " as 'app' fail. Nothing accepts connections at ");
			assertThat(told.get(3).getFormattedMessage())
				.isEqualTo("Logins to " + endpoint + " as 'app' succeed again");
		}
		finally {
			this.database.rds().rejectLogins(false);
			this.database.rds().resumeServing();
		}
	}

	@Test
	void whatComesAndGoesIsNotToldEachTime() throws Exception {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database, Listening.class).run()) {
			IamDataSource dataSource = context.getBean(IamJdbcConnectionDetails.class).getDataSource();
			for (int i = 0; i < 10; i++) {
				this.database.rds().rejectLogins(true);
				assertFail(dataSource, 1);
				this.database.rds().rejectLogins(false);
				dataSource.getConnection().close();
			}
			assertThat(told(context)).extracting(ILoggingEvent::getLevel)
				.containsExactly(Level.INFO, Level.WARN, Level.INFO);
		}
		finally {
			this.database.rds().rejectLogins(false);
		}
	}

	private static void assertFail(IamDataSource dataSource, int times) {
		for (int i = 0; i < times; i++) {
			assertThat(Outsider.sees(catchThrowable(dataSource::getConnection))).isInstanceOf(SQLException.class);
		}
	}

	static List<ILoggingEvent> told(ConfigurableApplicationContext context) {
		return context.getBean(Listening.class).events.list.stream()
			.filter((event) -> event.getLoggerName().equals(IamDataSource.class.getName()))
			.toList();
	}

	/**
	 * Listens from the time on when beans are created: Spring Boot has set up logging by
	 * then.
	 */
	static class Listening implements DisposableBean {

		private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.iamdatasource");

		private final ListAppender<ILoggingEvent> events = new ListAppender<>();

		Listening() {
			this.events.start();
			this.logger.addAppender(this.events);
		}

		@Override
		public void destroy() {
			this.logger.detachAppender(this.events);
		}

	}

}

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

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.autoconfigure.IamJdbcConnectionDetails;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Credentials and region as Spring Cloud AWS is configured, and without it from the AWS
 * SDK's default chain.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class SpringCloudAwsTests {

	private final OrdersDatabase database;

	SpringCloudAwsTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void credentialsAreThoseOfSpringCloudAws() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.withSpringCloudAws()
			.with("spring.cloud.aws.credentials.access-key", TestCredentials.ACCESS_KEY)
			.with("spring.cloud.aws.credentials.secret-key", TestCredentials.SECRET_KEY)
			.run()) {
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class))
				.isEqualTo("app");
		}
	}

	@Test
	void regionIsThatOfSpringCloudAwsIfTheHostNameHasNone() {
		try (ConfigurableApplicationContext context = Application.signingIn(this.database)
			.withSpringCloudAws()
			.with("iam.datasource.url", "jdbc:postgresql://db.example.com:" + this.database.rds().port() + "/orders")
			.with("iam.datasource.hostname", "db.example.com")
			.with("spring.cloud.aws.credentials.access-key", TestCredentials.ACCESS_KEY)
			.with("spring.cloud.aws.credentials.secret-key", TestCredentials.SECRET_KEY)
			.with("spring.cloud.aws.region.static", "ap-south-1")
			.run()) {
			assertThat(context.getBean(IamJdbcConnectionDetails.class).getDataSource().getEndpoint().region())
				.isEqualTo("ap-south-1");
		}
	}

	@Test
	void credentialsAreThoseOfTheSdksDefaultChainWithoutIt() {
		System.setProperty("aws.accessKeyId", TestCredentials.ACCESS_KEY);
		System.setProperty("aws.secretAccessKey", TestCredentials.SECRET_KEY);
		try (ConfigurableApplicationContext context = Application.signingIn(this.database).withoutCredentials().run()) {
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class))
				.isEqualTo("app");
			assertThat(context.getBeansOfType(AwsCredentialsProvider.class)).isEmpty();
		}
		finally {
			System.clearProperty("aws.accessKeyId");
			System.clearProperty("aws.secretAccessKey");
		}
	}

}

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
package io.github.iamdatasource.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;

import org.springframework.beans.factory.support.StaticListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RegionResolver}.
 */
class RegionResolverTests {

	private static final String PROPERTY = "iam.datasource.region";

	private static final String IRELAND = "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

	@Test
	void propertyComesFirst() {
		assertThat(resolver(() -> Region.US_EAST_1).resolve(PROPERTY, " EU-central-1 ", IRELAND, "eu-west-1"))
			.isEqualTo("eu-central-1");
	}

	@Test
	void hostNameComesSecond() {
		assertThat(resolver(() -> Region.US_EAST_1).resolve(PROPERTY, null, IRELAND, "eu-west-1"))
			.isEqualTo("eu-west-1");
	}

	@Test
	void beanComesThird() {
		assertThat(resolver(() -> Region.US_EAST_1).resolve(PROPERTY, "", "db.example.com", null))
			.isEqualTo("us-east-1");
	}

	@Test
	void sdkChainComesLast() {
		System.setProperty("aws.region", "ap-south-1");
		try {
			assertThat(resolver(null).resolve(PROPERTY, null, "db.example.com", null)).isEqualTo("ap-south-1");
		}
		finally {
			System.clearProperty("aws.region");
		}
	}

	@Test
	void saysThatThereIsNone() {
		AwsRegionProvider none = () -> {
			throw SdkClientException.create("none");
		};
		for (AwsRegionProvider provider : new AwsRegionProvider[] { none, null, () -> null }) {
			assertThatExceptionOfType(InvalidIamDataSourceException.class)
				.isThrownBy(() -> resolver(provider).resolve(PROPERTY, null, "db.example.com", null))
				.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("iam.datasource.region"))
				.withMessageContaining("'db.example.com'")
				.withMessageContaining("AWS_REGION");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "eu west", "eu_west_1", "eu-west-1a", "Ireland", "a@b#c", "eu-west" })
	void refusesWhatIsNoRegion(String region) {
		assertThatExceptionOfType(InvalidIamDataSourceException.class)
			.isThrownBy(() -> resolver(null).resolve(PROPERTY, region, IRELAND, "eu-west-1"))
			.withMessageContaining("'" + region + "'")
			.withMessageContaining("not the name of an AWS region");
	}

	private static RegionResolver resolver(@org.jspecify.annotations.Nullable AwsRegionProvider provider) {
		StaticListableBeanFactory beanFactory = new StaticListableBeanFactory();
		if (provider != null) {
			beanFactory.addBean("regionProvider", provider);
		}
		return new RegionResolver(beanFactory);
	}

}

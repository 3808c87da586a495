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

import javax.sql.DataSource;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the data sources below {@code iam.datasource.additional}.
 * <p>
 * Each is a bean that is injected by its {@code @Qualifier}. Spring Boot's own data
 * source, whatever it signs in with, remains the one that everything else takes. If there
 * is to be none, they are ordinary beans, so that Spring Boot makes none either.
 */
@AutoConfiguration(before = DataSourceAutoConfiguration.class, after = IamDataSourceAutoConfiguration.class)
@ConditionalOnClass({ DataSource.class, JdbcConnectionDetails.class, AwsCredentialsProvider.class })
@ConditionalOnBooleanProperty(name = "iam.datasource.enabled", matchIfMissing = true)
@Conditional(OnAdditionalDataSources.class)
@Import({ IamDataSourceConfiguration.class, AdditionalDataSourcesRegistrar.class })
public final class IamAdditionalDataSourcesAutoConfiguration {

	@Bean(HikariDataSources.BEAN_NAME)
	HikariDataSources iamAdditionalDataSources(IamDataSourceProperties properties, IamDataSourceFactory factory,
			Environment environment) {
		return new HikariDataSources(properties, factory, new HikariPools(environment));
	}

}

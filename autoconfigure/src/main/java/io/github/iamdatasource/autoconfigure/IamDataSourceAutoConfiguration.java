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
import javax.sql.XADataSource;

import io.github.iamdatasource.jdbc.IamDataSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JndiDataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.XADataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration that lets Spring Boot's own {@link DataSource} sign in to Amazon RDS
 * with IAM authentication tokens.
 * <p>
 * It publishes {@link JdbcConnectionDetails} without a password and puts an
 * {@link IamDataSource} under the pool that {@link DataSourceAutoConfiguration} makes of
 * them, or in the place of a pool if {@code spring.datasource.type} says so. It backs off
 * when the application has a {@code DataSource}, connection details or an R2DBC
 * connection factory of its own, and when the properties name additional data sources
 * only.
 */
@AutoConfiguration(before = DataSourceAutoConfiguration.class,
		after = { JndiDataSourceAutoConfiguration.class, XADataSourceAutoConfiguration.class },
		afterName = { "io.awspring.cloud.autoconfigure.core.CredentialsProviderAutoConfiguration",
				"io.awspring.cloud.autoconfigure.core.RegionProviderAutoConfiguration",
				"org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration" })
@ConditionalOnClass({ DataSource.class, JdbcConnectionDetails.class, AwsCredentialsProvider.class })
@ConditionalOnBooleanProperty(name = "iam.datasource.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(value = { DataSource.class, XADataSource.class, JdbcConnectionDetails.class },
		type = "io.r2dbc.spi.ConnectionFactory")
@Conditional(OnPrimaryDataSource.class)
@EnableConfigurationProperties(DataSourceProperties.class)
@Import(IamDataSourceConfiguration.class)
public final class IamDataSourceAutoConfiguration {

	@Bean
	static PrimaryDataSourcePostProcessor iamPrimaryDataSourcePostProcessor() {
		return new PrimaryDataSourcePostProcessor();
	}

	// Lazy: a test that replaces the data source needs no properties and no
	// credentials.
	@Bean(IamJdbcConnectionDetails.BEAN_NAME)
	@Lazy
	IamJdbcConnectionDetails iamJdbcConnectionDetails(IamDataSourceProperties properties,
			DataSourceProperties bootProperties, Environment environment, IamDataSourceFactory factory) {
		BootProperties.requireConsistent(properties, bootProperties, environment);
		return new IamJdbcConnectionDetails(factory.create(EffectiveSettings.ofPrimary(properties)));
	}

}

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

import java.time.Clock;

import javax.sql.DataSource;
import javax.sql.XADataSource;

import io.github.iamdatasource.endpoint.EndpointNames;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
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
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration that lets Spring Boot's own {@link DataSource} sign in to Amazon RDS
 * with IAM authentication tokens.
 * <p>
 * It publishes {@link JdbcConnectionDetails} without a password and puts an
 * {@link IamDataSource} under the pool that {@link DataSourceAutoConfiguration} makes of
 * them, or in the place of a pool if {@code spring.datasource.type} says so. It backs off
 * when the application has a {@code DataSource}, connection details or an R2DBC
 * connection factory of its own.
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
@EnableConfigurationProperties({ IamDataSourceProperties.class, DataSourceProperties.class })
public final class IamDataSourceAutoConfiguration {

	@Bean
	static IamDataSourceBeanPostProcessor iamDataSourceBeanPostProcessor(
			ObjectProvider<IamJdbcConnectionDetails> connectionDetails, Environment environment,
			ResourceLoader resourceLoader) {
		requirePool(environment.getProperty("spring.datasource.type"), resourceLoader.getClassLoader());
		return new IamDataSourceBeanPostProcessor(connectionDetails, environment);
	}

	@Bean
	static PrimaryDataSourcePostProcessor iamPrimaryDataSourcePostProcessor() {
		return new PrimaryDataSourcePostProcessor();
	}

	/**
	 * Spring Boot would configure no data source, or even an embedded database. Known as
	 * early as post-processors are made, before a bean misses its data source.
	 */
	private static void requirePool(@Nullable String type, @Nullable ClassLoader classLoader) {
		if (!IamDataSource.class.getName().equals(type)
				&& ConnectionPool.TYPES.stream().noneMatch((pool) -> ClassUtils.isPresent(pool, classLoader))) {
			throw new InvalidIamDataSourceException("spring.datasource.type", type,
					"There is no connection pool on the class path that is supported.",
					"Add the dependency org.springframework.boot:spring-boot-starter-jdbc (or com.zaxxer:HikariCP, "
							+ "org.apache.tomcat:tomcat-jdbc or org.apache.commons:commons-dbcp2). To do without a pool, "
							+ "and log in for each connection, set the property to " + IamDataSource.class.getName()
							+ ". To do without IAM tokens, set iam.datasource.enabled=false.");
		}
	}

	// Lazy: a test that replaces the data source needs no properties and no
	// credentials.
	@Bean
	@Lazy
	IamJdbcConnectionDetails iamJdbcConnectionDetails(IamDataSourceProperties properties,
			DataSourceProperties bootProperties, Environment environment, IamDataSourceFactory factory) {
		BootProperties.requireConsistent(properties, bootProperties, environment);
		return new IamJdbcConnectionDetails(factory.create(EffectiveSettings.ofPrimary(properties)));
	}

	@Bean
	@Lazy
	IamDataSourceFactory iamDataSourceFactory(BeanFactory beans, SigningCredentials credentials,
			ResourceLoader resourceLoader, ObjectProvider<SslBundles> sslBundles, EndpointNames endpointNames,
			ObjectProvider<TokenSignerDecorator> signerDecorators) {
		return new IamDataSourceFactory(new RegionResolver(beans), credentials, resourceLoader,
				sslBundles.getIfAvailable(), endpointNames, signerDecorators.orderedStream().toList(),
				Clock.systemUTC());
	}

	@Bean
	@Lazy
	IamDataSources iamDataSources(ListableBeanFactory beans) {
		return new IamDataSources(beans);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	EndpointNames iamEndpointNames() {
		return new EndpointNames(Clock.systemUTC());
	}

	@Bean
	@Lazy
	SigningCredentials iamSigningCredentials(ListableBeanFactory beans, Environment environment,
			ObjectProvider<LoggingSystem> loggingSystem) {
		CredentialsLogGuard logGuard = new CredentialsLogGuard(
				loggingSystem.getIfAvailable(() -> LoggingSystem.get(getClass().getClassLoader())));
		return new SigningCredentials(beans, environment, new RegionResolver(beans), logGuard, Clock.systemUTC());
	}

}

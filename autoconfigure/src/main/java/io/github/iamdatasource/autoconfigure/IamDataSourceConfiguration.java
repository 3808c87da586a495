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

import io.github.iamdatasource.endpoint.EndpointNames;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/**
 * What all IAM data sources of an application have in common.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IamDataSourceProperties.class)
class IamDataSourceConfiguration {

	@Bean
	static IamDataSourceBeanPostProcessor iamDataSourceBeanPostProcessor(
			ObjectProvider<IamJdbcConnectionDetails> connectionDetails, Environment environment, BeanFactory beans,
			ResourceLoader resourceLoader) {
		if (beans.containsBean(IamJdbcConnectionDetails.BEAN_NAME)) {
			requirePool(environment.getProperty("spring.datasource.type"), resourceLoader.getClassLoader());
		}
		return new IamDataSourceBeanPostProcessor(connectionDetails, environment);
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

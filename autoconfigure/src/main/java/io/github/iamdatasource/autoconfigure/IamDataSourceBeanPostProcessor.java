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

import java.time.Duration;

import javax.sql.DataSource;

import io.github.iamdatasource.endpoint.PropertyNames;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;

/**
 * Puts an {@link IamDataSource} under the connection pool that Spring Boot configures, so
 * that everything else about the pool stays as it always is, or in the place of a data
 * source without a pool.
 */
class IamDataSourceBeanPostProcessor implements DestructionAwareBeanPostProcessor,
		SmartInstantiationAwareBeanPostProcessor, PriorityOrdered, SmartInitializingSingleton {

	private static final String BEAN_NAME = IamDataSources.PRIMARY;

	/** What it is called behind a proxy, as in the refresh scope of Spring Cloud. */
	private static final String SCOPED_BEAN_NAME = ScopedProxyUtils.getTargetBeanName(BEAN_NAME);

	/**
	 * How long a start-up waits for credentials at least, even if a login may not: they
	 * are not at hand yet.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/** As long as a login whose time is not limited waits for its token. */
	private static final Duration PATIENCE_WITHOUT_LIMIT = Duration.ofSeconds(30);

	private final ObjectProvider<IamJdbcConnectionDetails> connectionDetails;

	private final Environment environment;

	private volatile @Nullable DataSource pool;

	private volatile @Nullable IamDataSource used;

	private volatile Duration patience = PATIENCE_WITHOUT_LIMIT;

	IamDataSourceBeanPostProcessor(ObjectProvider<IamJdbcConnectionDetails> connectionDetails,
			Environment environment) {
		this.connectionDetails = connectionDetails;
		this.environment = environment;
	}

	@Override
	public @Nullable Class<?> predictBeanType(Class<?> beanClass, String beanName) {
		return isToBeUnpooled(beanClass, beanName) ? IamDataSource.class : null;
	}

	/**
	 * Spring Boot could not create an {@code IamDataSource} of the connection details.
	 */
	@Override
	public @Nullable Object postProcessBeforeInstantiation(Class<?> beanClass, String beanName) {
		if (isToBeUnpooled(beanClass, beanName)) {
			this.used = this.connectionDetails.getObject().getDataSource();
			return this.used;
		}
		return null;
	}

	private boolean isToBeUnpooled(Class<?> beanClass, String beanName) {
		// All that is known of a bean whose type is a property. That of a test which
		// brings its own database is another one.
		return beanClass == DataSource.class && BEAN_NAME.equals(beanName)
				&& IamDataSource.class.getName().equals(this.environment.getProperty("spring.datasource.type"));
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) throws BeansException {
		if (bean instanceof DataSource dataSource
				&& (BEAN_NAME.equals(beanName) || SCOPED_BEAN_NAME.equals(beanName))) {
			ConnectionPool found = ConnectionPool.of(dataSource);
			if (found != null) {
				this.connectionDetails.ifAvailable((details) -> use(details, found));
				this.pool = dataSource;
			}
		}
		return bean;
	}

	private void use(IamJdbcConnectionDetails details, ConnectionPool pool) {
		new IgnoredPoolSettings(this.environment).refuse(pool, pool.prefix(), PropertyNames.PRIMARY);
		IamDataSource dataSource = details.getDataSource();
		Duration lifetime = details.getSessionLifetime();
		if (lifetime != null) {
			pool.limitLifetime(lifetime);
		}
		pool.use(dataSource);
		this.patience = patience(pool.maximumWait());
		this.used = dataSource;
	}

	/**
	 * Without credentials there is no use in starting. They had the rest of the start-up
	 * to come.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		IamDataSource used = this.used;
		if (used != null) {
			used.awaitToken(this.patience);
			StartUpLog.tell(BEAN_NAME, used);
		}
	}

	private static Duration patience(@Nullable Duration wait) {
		if (wait == null) {
			return PATIENCE_WITHOUT_LIMIT;
		}
		return (wait.compareTo(PATIENCE) > 0) ? wait : PATIENCE;
	}

	/**
	 * Let nobody wait for credentials any more: the pool closes only when its logins have
	 * ended.
	 */
	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		IamDataSource used = this.used;
		// Under no other name: when Spring Cloud binds properties anew or refreshes its
		// scope, it destroys the pool while the application goes on.
		if (used != null && bean == this.pool && BEAN_NAME.equals(beanName)) {
			used.close();
		}
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		return bean == this.pool;
	}

	/**
	 * Return the data source that opens the application's connections.
	 * @return the data source, or {@code null} if it was not needed so far
	 */
	@Nullable IamDataSource getUsed() {
		return this.used;
	}

	@Override
	public int getOrder() {
		// After those of Spring Boot that apply connection details to a pool
		return Ordered.HIGHEST_PRECEDENCE + 10;
	}

}

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

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
 * source without a pool. Looks after all pools that have one under them.
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

	/** For one whose time was over while another was waited for. */
	private static final Duration LEAST_PATIENCE = Duration.ofSeconds(1);

	/** For the work that is under way when the service ends a session. */
	private static final Duration SESSION_MARGIN = Duration.ofMinutes(5);

	private final ObjectProvider<IamJdbcConnectionDetails> connectionDetails;

	private final Environment environment;

	/** By the names of the beans. */
	private final Map<String, LookedAfter> lookedAfter = new ConcurrentSkipListMap<>();

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
			IamDataSource unpooled = this.connectionDetails.getObject().getDataSource();
			this.lookedAfter.put(beanName, new LookedAfter(unpooled, unpooled, PATIENCE_WITHOUT_LIMIT));
			return unpooled;
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
		if (bean instanceof DataSource dataSource) {
			ConnectionPool pool = ConnectionPool.of(dataSource);
			if (pool != null) {
				if (BEAN_NAME.equals(beanName) || SCOPED_BEAN_NAME.equals(beanName)) {
					this.connectionDetails.ifAvailable((details) -> use(details, pool));
				}
				lookAfter(dataSource, pool, beanName);
			}
		}
		return bean;
	}

	private void use(IamJdbcConnectionDetails details, ConnectionPool pool) {
		new IgnoredPoolSettings(this.environment).refuse(pool, pool.prefix(), PropertyNames.PRIMARY);
		pool.use(details.getDataSource());
	}

	private void lookAfter(DataSource bean, ConnectionPool pool, String beanName) {
		IamDataSource used = pool.used();
		if (used != null) {
			used.getEndpoint()
				.service()
				.longestSession()
				.ifPresent((longest) -> pool.limitLifetime(longest.minus(SESSION_MARGIN)));
			this.lookedAfter.put(beanName, new LookedAfter(bean, used, patience(pool.maximumWait())));
		}
	}

	private static Duration patience(@Nullable Duration wait) {
		if (wait == null) {
			return PATIENCE_WITHOUT_LIMIT;
		}
		return (wait.compareTo(PATIENCE) > 0) ? wait : PATIENCE;
	}

	/**
	 * Without credentials there is no use in starting. They had the rest of the start-up
	 * to come, and all data sources wait for theirs at the same time.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		Duration waited = Duration.ZERO;
		for (Map.Entry<String, LookedAfter> entry : this.lookedAfter.entrySet()) {
			LookedAfter it = entry.getValue();
			long begun = System.nanoTime();
			Duration rest = it.patience.minus(waited);
			it.used.awaitToken((rest.compareTo(LEAST_PATIENCE) > 0) ? rest : LEAST_PATIENCE);
			waited = waited.plusNanos(System.nanoTime() - begun);
			StartUpLog.tell(entry.getKey(), it.used);
		}
	}

	/**
	 * Let nobody wait for credentials any more: the pool closes only when its logins have
	 * ended.
	 */
	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		// Under no other name: when Spring Cloud binds properties anew or refreshes its
		// scope, it destroys the pool while the application goes on.
		LookedAfter it = SCOPED_BEAN_NAME.equals(beanName) ? null : this.lookedAfter.get(beanName);
		if (it != null && it.bean == bean) {
			it.used.close();
		}
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		return this.lookedAfter.values().stream().anyMatch((it) -> it.bean == bean);
	}

	/**
	 * Return the data sources that open the application's connections.
	 * @return those that were needed so far
	 */
	List<IamDataSource> getUsed() {
		return this.lookedAfter.values().stream().map(LookedAfter::used).toList();
	}

	@Override
	public int getOrder() {
		// After those of Spring Boot that apply connection details to a pool
		return Ordered.HIGHEST_PRECEDENCE + 10;
	}

	/**
	 * A data source that is looked after.
	 *
	 * @param bean the pool, or what is used without one
	 * @param used what opens the connections
	 * @param patience how long the start-up waits for its token
	 */
	private record LookedAfter(DataSource bean, IamDataSource used, Duration patience) {

	}

}

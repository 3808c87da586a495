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

import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Puts an {@link IamDataSource} under the HikariCP pool that Spring Boot configures, so
 * that everything else about the pool stays as it always is.
 */
class IamHikariDataSourceBeanPostProcessor
		implements DestructionAwareBeanPostProcessor, PriorityOrdered, SmartInitializingSingleton {

	/**
	 * How long a start-up waits for credentials at least, even if a login may not: they
	 * are not at hand yet.
	 */
	private static final long PATIENCE_MILLIS = 10_000;

	private final ObjectProvider<IamJdbcConnectionDetails> connectionDetails;

	private volatile @Nullable HikariDataSource pool;

	IamHikariDataSourceBeanPostProcessor(ObjectProvider<IamJdbcConnectionDetails> connectionDetails) {
		this.connectionDetails = connectionDetails;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) throws BeansException {
		if (bean instanceof HikariDataSource pool && "dataSource".equals(beanName)) {
			this.connectionDetails.ifAvailable((details) -> use(details.getDataSource(), pool));
		}
		return bean;
	}

	private void use(IamDataSource dataSource, HikariDataSource pool) {
		if (!pool.getDataSourceProperties().isEmpty()) {
			throw new InvalidIamDataSourceException("spring.datasource.hikari.data-source-properties",
					String.join(", ", pool.getDataSourceProperties().stringPropertyNames()),
					"HikariCP does not pass them on to a data source that it is given.",
					"Write them as parameters into iam.datasource.url, like ?reWriteBatchedInserts=true.");
		}
		pool.setDataSource(dataSource);
		this.pool = pool;
	}

	/**
	 * Without credentials there is no use in starting. They had the rest of the start-up
	 * to come.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		HikariDataSource pool = this.pool;
		IamDataSource used = getUsed();
		if (pool != null && used != null) {
			used.awaitToken(Duration.ofMillis(Math.max(PATIENCE_MILLIS, pool.getConnectionTimeout())));
		}
	}

	/**
	 * Let nobody wait for credentials any more: the pool closes only when its logins have
	 * ended.
	 */
	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		IamDataSource used = getUsed();
		if (used != null && bean == this.pool) {
			used.close();
		}
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		return bean == this.pool;
	}

	/**
	 * Return the data source that was put under the pool.
	 * @return the data source, or {@code null} if there was no pool so far
	 */
	@Nullable IamDataSource getUsed() {
		return PooledIamDataSource.under(this.pool);
	}

	@Override
	public int getOrder() {
		// After Spring Boot's HikariJdbcConnectionDetailsBeanPostProcessor
		return Ordered.HIGHEST_PRECEDENCE + 10;
	}

}

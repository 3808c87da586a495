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

import java.util.Arrays;

import javax.sql.DataSource;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Makes Spring Boot's own data source the primary one where there are others beside it. A
 * test that brings its own database replaces the only data source or the primary one, and
 * would otherwise replace none, and go to the real database.
 */
class PrimaryDataSourcePostProcessor implements BeanDefinitionRegistryPostProcessor, PriorityOrdered {

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		if (!registry.containsBeanDefinition(IamDataSources.PRIMARY)
				|| !(registry instanceof ConfigurableListableBeanFactory beans)) {
			return;
		}
		String[] names = beans.getBeanNamesForType(DataSource.class, true, false);
		if (names.length > 1 && Arrays.stream(names)
			.filter(registry::containsBeanDefinition)
			.noneMatch((name) -> registry.getBeanDefinition(name).isPrimary())) {
			registry.getBeanDefinition(IamDataSources.PRIMARY).setPrimary(true);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}

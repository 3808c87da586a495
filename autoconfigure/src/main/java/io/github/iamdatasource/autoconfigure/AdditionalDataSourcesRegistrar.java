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

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;
import javax.sql.XADataSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Registers a bean for each name below {@code iam.datasource.additional}.
 * <p>
 * Not a {@code BeanRegistrar}, which knows neither qualifiers nor default candidates. The
 * definitions name a factory method and its argument, as those can be written down ahead
 * of time.
 */
class AdditionalDataSourcesRegistrar implements ImportBeanDefinitionRegistrar {

	private final Environment environment;

	private final ConfigurableListableBeanFactory beans;

	private final ClassLoader classLoader;

	AdditionalDataSourcesRegistrar(Environment environment, BeanFactory beans, ClassLoader classLoader) {
		this.environment = environment;
		this.beans = (ConfigurableListableBeanFactory) beans;
		this.classLoader = classLoader;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		boolean others = isAnotherDataSourceMeant();
		List<AdditionalName> registered = new ArrayList<>();
		for (AdditionalName name : AdditionalName.in(this.environment)) {
			requireUsable(name, registered, registry);
			registry.registerBeanDefinition(name.beanName(), definition(name, !others));
			registered.add(name);
		}
	}

	private void requireUsable(AdditionalName name, List<AdditionalName> registered, BeanDefinitionRegistry registry) {
		if (!name.isValid()) {
			throw new InvalidIamDataSourceException(name.prefix(), "(set)",
					"'" + name.value() + "' cannot be the name of a data source.",
					"Call it by letters and digits, and put - or _ between words, like read-models.");
		}
		String beanName = name.beanName();
		for (AdditionalName other : registered) {
			if (beanName.equalsIgnoreCase(other.beanName())) {
				throw new InvalidIamDataSourceException(name.prefix(), "(set)",
						"Its bean would be called '" + beanName + "', and that of '" + other.value() + "' is called '"
								+ other.beanName() + "'.",
						"Call one of the two something else, or write its name in the same way everywhere if they are "
								+ "one.");
			}
		}
		if (registry.isBeanNameInUse(beanName)) {
			throw new InvalidIamDataSourceException(name.prefix(), "(set)", "Its bean would be called '" + beanName
					+ "', and the application has a bean of this name already" + origin(beanName, registry) + ".",
					"Call one of the two something else.");
		}
		if (!ClassUtils.isPresent(ConnectionPool.HIKARI, this.classLoader)) {
			throw new InvalidIamDataSourceException(name.prefix(), "(set)",
					"Additional data sources have HikariCP as their connection pool, which is not on the class path.",
					"Add the dependency com.zaxxer:HikariCP, or org.springframework.boot:spring-boot-starter-jdbc, which "
							+ "brings it.");
		}
	}

	private static String origin(String beanName, BeanDefinitionRegistry registry) {
		if (!registry.containsBeanDefinition(beanName)) {
			return "";
		}
		String description = registry.getBeanDefinition(beanName).getResourceDescription();
		return (description != null) ? ", defined in " + description : "";
	}

	private RootBeanDefinition definition(AdditionalName name, boolean defaultCandidate) {
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(ClassUtils.resolveClassName(ConnectionPool.HIKARI, this.classLoader));
		definition.setFactoryBeanName(HikariDataSources.BEAN_NAME);
		definition.setFactoryMethodName("create");
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name.value());
		definition.setDefaultCandidate(defaultCandidate);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name.value()));
		definition.setResourceDescription(name.prefix());
		return definition;
	}

	/**
	 * What Spring Boot configures, and what asks for a data source without a name, is not
	 * meant to take an additional one, unless there are no others.
	 */
	private boolean isAnotherDataSourceMeant() {
		return StringUtils.hasText(this.environment.getProperty("spring.datasource.url"))
				|| hasCandidate(DataSource.class) || hasCandidate(XADataSource.class)
				|| hasCandidate(JdbcConnectionDetails.class);
	}

	private boolean hasCandidate(Class<?> type) {
		return Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beans, type, true, false))
			.anyMatch(this::isCandidate);
	}

	private boolean isCandidate(String beanName) {
		if (!this.beans.containsBeanDefinition(beanName)) {
			return true;
		}
		BeanDefinition definition = this.beans.getBeanDefinition(beanName);
		return definition.isAutowireCandidate()
				&& (!(definition instanceof AbstractBeanDefinition known) || known.isDefaultCandidate());
	}

}

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

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import javax.sql.DataSource;

import io.github.iamdatasource.jdbc.IamDataSource;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.StringUtils;

/**
 * The application's data sources that sign in with IAM authentication tokens, for what
 * tells of all of them.
 */
public final class IamDataSources {

	/** The name of Spring Boot's own data source. */
	static final String PRIMARY = "dataSource";

	private static final String SUFFIX = "DataSource";

	private final ListableBeanFactory beans;

	IamDataSources(ListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Find all data sources that have an {@link IamDataSource} under them, each once even
	 * if another bean wraps it.
	 * @return what was found, by the names of the beans
	 */
	public SortedMap<String, Found> find() {
		SortedMap<String, Found> all = new TreeMap<>();
		Map<IamDataSource, String> names = new IdentityHashMap<>();
		new TreeMap<>(this.beans.getBeansOfType(DataSource.class, false, true)).forEach((name, bean) -> {
			IamDataSource under = PooledIamDataSource.under(bean);
			if (under != null && (!names.containsKey(under) || !isWrapper(bean))) {
				names.put(under, name);
				all.put(name, new Found(bean, under));
			}
		});
		all.keySet().retainAll(names.values());
		return all;
	}

	private static boolean isWrapper(DataSource bean) {
		return !(bean instanceof IamDataSource) && ConnectionPool.of(bean) == null;
	}

	/**
	 * Return what meters call a data source, as those of its pool do.
	 * @param beanName the name of its bean
	 * @return such as {@code reports} for {@code reportsDataSource}
	 */
	public static String meterName(String beanName) {
		return (beanName.length() > SUFFIX.length() && StringUtils.endsWithIgnoreCase(beanName, SUFFIX))
				? beanName.substring(0, beanName.length() - SUFFIX.length()) : beanName;
	}

	/**
	 * A data source that signs in with IAM authentication tokens.
	 *
	 * @param bean what the application gets its connections from
	 * @param physical what opens them, under the pool
	 */
	public record Found(DataSource bean, IamDataSource physical) {

	}

}

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

import io.github.iamdatasource.jdbc.IamDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceUnwrapper;

/**
 * Finds the {@link IamDataSource} under a connection pool.
 */
public final class PooledIamDataSource {

	private PooledIamDataSource() {
	}

	/**
	 * Return what opens the physical connections of a pool.
	 * @param dataSource any data source, or {@code null}
	 * @return the IAM data source under it, or it itself if it is one without a pool, or
	 * {@code null} if it has another
	 */
	public static @Nullable IamDataSource under(@Nullable DataSource dataSource) {
		if (dataSource == null) {
			return null;
		}
		DataSource root = DataSourceUnwrapper.unwrapRoot(dataSource);
		if (root instanceof IamDataSource unpooled) {
			return unpooled;
		}
		ConnectionPool pool = ConnectionPool.of(root);
		return (pool != null) ? pool.used() : null;
	}

	/**
	 * Have each connection of a pool closed when nobody uses it any more, so that others
	 * take its place. Without a pool there are none to replace.
	 * @param dataSource any data source
	 */
	public static void replaceConnections(DataSource dataSource) {
		ConnectionPool pool = ConnectionPool.of(DataSourceUnwrapper.unwrapRoot(dataSource));
		if (pool != null) {
			pool.replaceConnections();
		}
	}

}

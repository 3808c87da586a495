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

import io.github.iamdatasource.jdbc.IamDataSource;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * Connection details without a password: the pool that Spring Boot configures from them
 * gets its connections from an {@link IamDataSource}.
 */
public final class IamJdbcConnectionDetails implements JdbcConnectionDetails, DisposableBean {

	static final String BEAN_NAME = "iamJdbcConnectionDetails";

	private final IamDataSource dataSource;

	IamJdbcConnectionDetails(IamDataSource dataSource) {
		this.dataSource = dataSource;
	}

	@Override
	public String getUsername() {
		return this.dataSource.getEndpoint().username();
	}

	/**
	 * Return nothing: the token takes its place.
	 * @return an empty text, as Tomcat's pool cannot do with {@code null}
	 */
	@Override
	public String getPassword() {
		return "";
	}

	/**
	 * Return the URL without its parameters: the driver gets those from the IAM data
	 * source, and the pool would show them.
	 */
	@Override
	public String getJdbcUrl() {
		return this.dataSource.getUrl();
	}

	/**
	 * Return what opens the physical connections under the pool.
	 * @return the unpooled data source
	 */
	public IamDataSource getDataSource() {
		return this.dataSource;
	}

	/**
	 * End the refreshing of the token.
	 */
	@Override
	public void destroy() {
		this.dataSource.close();
	}

}

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
package io.github.iamdatasource.stack;

import java.util.Objects;

import javax.sql.DataSource;

import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that runs.
 *
 * @param context its context
 * @param keys what it signs its tokens with
 */
record RunningApplication(ConfigurableApplicationContext context, Keys keys) implements AutoCloseable {

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/**
	 * Do something three times: with the connections of the start-up, with others that
	 * were opened for it, and with others for which the token and the keys of before are
	 * good for nothing.
	 */
	void throughout(Use use) throws Exception {
		use.use();
		throughNewConnections(use);
		this.keys.rotate();
		throughNewConnections(use);
	}

	private void throughNewConnections(Use use) throws Exception {
		// Before, as the pool opens others by itself.
		long logins = logins();
		PooledIamDataSource.replaceConnections(bean(DataSource.class));
		use.use();
		assertThat(logins()).isGreaterThan(logins);
	}

	/** How many physical connections were opened so far. */
	long logins() {
		return iamDataSource().snapshot().logins().getOrDefault(Outcome.SUCCEEDED, 0L);
	}

	IamDataSource iamDataSource() {
		return Objects.requireNonNull(PooledIamDataSource.under(bean(DataSource.class)));
	}

	@Override
	public void close() {
		try {
			this.context.close();
		}
		finally {
			this.keys.forget();
		}
	}

	/**
	 * Something that is done with the database.
	 */
	interface Use {

		void use() throws Exception;

	}

}

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

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.iamdatasource.jdbc.IamDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Connections of the database user who migrates the database, without a pool. Once the
 * application has started nobody refreshes a token for it any more: who still wants a
 * connection, such as Actuator to tell which migrations there were, gets one with a token
 * that is signed for it.
 */
class MigrationDataSource extends AbstractDataSource implements SmartInitializingSingleton, DisposableBean {

	private final Supplier<IamDataSource> creator;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable IamDataSource open;

	private boolean over;

	MigrationDataSource(Supplier<IamDataSource> creator) {
		this.creator = creator;
	}

	@Override
	public Connection getConnection() throws SQLException {
		IamDataSource shared = shared();
		if (shared != null) {
			return shared.getConnection();
		}
		// An open connection does not need the token that it was opened with.
		try (IamDataSource once = this.creator.get()) {
			return once.getConnection();
		}
	}

	private @Nullable IamDataSource shared() {
		this.lock.lock();
		try {
			if (this.open == null && !this.over) {
				this.open = this.creator.get();
			}
			return this.open;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		// As a tool does that was told a user of its own.
		IamDataSource shared = shared();
		if (shared != null) {
			return shared.getConnection(username, password);
		}
		try (IamDataSource once = this.creator.get()) {
			return once.getConnection(username, password);
		}
	}

	/**
	 * Return whether a token is kept fresh for further connections.
	 * @return {@code false} before the first connection and after the migration
	 */
	boolean isOpen() {
		this.lock.lock();
		try {
			return this.open != null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The beans that migrate the database have done so by now.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		close();
	}

	@Override
	public void destroy() {
		close();
	}

	private void close() {
		this.lock.lock();
		try {
			this.over = true;
			if (this.open != null) {
				this.open.close();
				this.open = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}

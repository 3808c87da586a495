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
package io.github.iamdatasource.jdbc;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLSocketFactory;

import org.postgresql.ssl.WrappedFactory;

/**
 * Hands a {@link VerifyingSocketFactory} over to pgjdbc, which takes nothing but the name
 * of a class and one string.
 * <p>
 * Public because pgjdbc creates it by its name; of no use to anybody else.
 */
public final class PostgreSqlSocketFactory extends WrappedFactory {

	/** Held weakly: a data source that is gone leaves nothing but its key behind. */
	private static final Map<String, WeakReference<SSLSocketFactory>> HANDED_OVER = new ConcurrentHashMap<>();

	/**
	 * Called by pgjdbc for each connection.
	 * @param key the value of {@code sslfactoryarg}
	 */
	public PostgreSqlSocketFactory(String key) {
		WeakReference<SSLSocketFactory> reference = HANDED_OVER.get(key);
		SSLSocketFactory socketFactory = (reference != null) ? reference.get() : null;
		if (socketFactory == null) {
			throw new IllegalStateException("The data source that this connection is for is gone");
		}
		this.factory = socketFactory;
	}

	/**
	 * Make a socket factory known to the driver for as long as somebody else holds it.
	 * @param socketFactory the socket factory
	 * @return the value for {@code sslfactoryarg}
	 */
	static String handOver(SSLSocketFactory socketFactory) {
		HANDED_OVER.values().removeIf((reference) -> reference.get() == null);
		String key = UUID.randomUUID().toString();
		HANDED_OVER.put(key, new WeakReference<>(socketFactory));
		return key;
	}

}

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
package io.github.iamdatasource.integration;

import java.util.concurrent.atomic.AtomicInteger;

import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Counts the HTTP clients that the AWS SDK has opened and closed in a process that names
 * it by {@code software.amazon.awssdk.http.service.impl}.
 */
public final class WatchedHttpService implements SdkHttpService {

	static final AtomicInteger created = new AtomicInteger();

	static final AtomicInteger open = new AtomicInteger();

	@Override
	public SdkHttpClient.Builder<?> createHttpClientBuilder() {
		return new Builder();
	}

	private static final class Builder implements SdkHttpClient.Builder<Builder> {

		@Override
		public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
			created.incrementAndGet();
			open.incrementAndGet();
			return new Client(UrlConnectionHttpClient.builder().buildWithDefaults(defaults));
		}

	}

	private static final class Client implements SdkHttpClient {

		private final SdkHttpClient delegate;

		private boolean closed;

		Client(SdkHttpClient delegate) {
			this.delegate = delegate;
		}

		@Override
		public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
			return this.delegate.prepareRequest(request);
		}

		@Override
		public String clientName() {
			return this.delegate.clientName();
		}

		@Override
		public synchronized void close() {
			if (!this.closed) {
				this.closed = true;
				open.decrementAndGet();
			}
			this.delegate.close();
		}

	}

}

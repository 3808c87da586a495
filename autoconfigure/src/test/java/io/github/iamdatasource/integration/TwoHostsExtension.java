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

import java.util.Objects;

import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.integration.TwoHosts.Logins;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two hosts for all tests of a class, each of which finds them as if it were the first.
 */
final class TwoHostsExtension implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

	private final Engine engine;

	private @Nullable TwoHosts hosts;

	private @Nullable Logins before;

	TwoHostsExtension(Engine engine) {
		this.engine = engine;
	}

	@Override
	public void beforeAll(ExtensionContext context) throws Exception {
		this.hosts = TwoHosts.start(this.engine);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		this.before = hosts().logins();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		hosts().restore();
	}

	@Override
	public void afterAll(ExtensionContext context) throws Exception {
		if (this.hosts != null) {
			this.hosts.close();
		}
	}

	TwoHosts hosts() {
		return Objects.requireNonNull(this.hosts);
	}

	/**
	 * The logins since the test began.
	 */
	Logins logins() {
		return hosts().logins().since(Objects.requireNonNull(this.before));
	}

}

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
import java.util.concurrent.atomic.AtomicInteger;

import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Made-up keys of one application, which may connect as {@code app}. What is secret in
 * them contains {@code NeverLogThis}, which the build searches all test output for.
 */
final class Keys implements AwsCredentialsProvider {

	private static final AtomicInteger number = new AtomicInteger();

	private final RdsIamEmulator rds;

	private final AtomicInteger resolved = new AtomicInteger();

	private volatile @Nullable AwsBasicCredentials current;

	Keys(RdsIamEmulator rds) {
		this.rds = rds;
		rotate();
	}

	/**
	 * Put other keys in the place of these, whose tokens are good for nothing from now
	 * on.
	 */
	void rotate() {
		AwsBasicCredentials old = this.current;
		int next = number.incrementAndGet();
		AwsBasicCredentials created = AwsBasicCredentials.create("AKIA%016d".formatted(next),
				"NeverLogThis/of-the-stack-" + next);
		this.rds.addPrincipal(IamPrincipal.withKeys(created.accessKeyId(), created.secretAccessKey())
			.allowedToConnectAs("app")
			.allowedToConnectAs("ddl"));
		this.current = created;
		remove(old);
	}

	@Override
	public AwsBasicCredentials resolveCredentials() {
		this.resolved.incrementAndGet();
		return Objects.requireNonNull(this.current);
	}

	/** How often somebody wanted to sign with them. */
	int resolved() {
		return this.resolved.get();
	}

	private void remove(@Nullable AwsBasicCredentials credentials) {
		if (credentials != null) {
			this.rds.removePrincipal(credentials.accessKeyId());
		}
	}

	/**
	 * Have them good for nothing. Not called {@code close}, as a context would do that,
	 * even if others use them, too.
	 */
	void forget() {
		remove(this.current);
	}

}

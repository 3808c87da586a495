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

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.iamdatasource.TestCredentials;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Answers as the test wants, at first with the credentials of a user who may connect, and
 * remembers when it was asked, and for what.
 */
final class ScriptedCredentials implements CredentialsSource {

	static final String REASON = "the credentials cannot be had for a test";

	private final Clock clock;

	private final List<CredentialsFreshness> asked = new CopyOnWriteArrayList<>();

	private final List<Instant> askedAt = new CopyOnWriteArrayList<>();

	private volatile Function<CredentialsFreshness, AwsCredentialsIdentity> answer = (freshness) -> user();

	ScriptedCredentials(Clock clock) {
		this.clock = clock;
	}

	@Override
	public AwsCredentialsIdentity resolve(CredentialsFreshness freshness) {
		this.askedAt.add(this.clock.instant());
		this.asked.add(freshness);
		return this.answer.apply(freshness);
	}

	void answer(Function<CredentialsFreshness, AwsCredentialsIdentity> answer) {
		this.answer = answer;
	}

	void answer(Supplier<AwsCredentialsIdentity> answer) {
		this.answer = (freshness) -> answer.get();
	}

	void goDown() {
		this.answer = (freshness) -> {
			throw failure();
		};
	}

	void comeBack() {
		this.answer = (freshness) -> user();
	}

	static SdkClientException failure() {
		return SdkClientException.create(REASON);
	}

	static AwsCredentialsIdentity user() {
		return TestCredentials.user().resolveCredentials();
	}

	List<CredentialsFreshness> asked() {
		return this.asked;
	}

	List<Instant> askedAt() {
		return this.askedAt;
	}

}

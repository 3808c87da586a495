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
package io.github.iamdatasource.benchmarks;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.TokenSigner;

/**
 * Has tokens signed at true times, which the server judges by, and tells the token source
 * the times of another clock. Remembers when it did.
 */
final class RetimedSigner implements TokenSigner {

	private final TokenSigner signer;

	private final Clock clock;

	private final AtomicInteger signatures = new AtomicInteger();

	private final List<Instant> times = new CopyOnWriteArrayList<>();

	RetimedSigner(TokenSigner signer, Clock clock) {
		this.signer = signer;
		this.clock = clock;
	}

	@Override
	public AuthenticationToken sign(CredentialsFreshness freshness) {
		this.signatures.incrementAndGet();
		AuthenticationToken token = this.signer.sign(freshness);
		Instant now = this.clock.instant();
		this.times.add(now);
		return new AuthenticationToken(token.value(), now, now.plus(AuthenticationToken.LIFETIME), token.signedBy());
	}

	/**
	 * How many tokens were asked for so far.
	 * @return a count since the start
	 */
	int signatures() {
		return this.signatures.get();
	}

	/**
	 * When the tokens were signed.
	 * @return times of the other clock, in order
	 */
	List<Instant> times() {
		return this.times;
	}

}

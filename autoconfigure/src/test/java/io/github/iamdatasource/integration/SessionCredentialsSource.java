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

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Hands out session credentials as AWS STS does: each session has keys of its own and
 * ends after a while, and the next begins before that. The emulator knows each from the
 * moment it is issued until a while after its end.
 */
final class SessionCredentialsSource implements CredentialsSource, AutoCloseable {

	/** A token of a session is signed and used after it; nobody sends one so late. */
	private static final Duration KEPT = Duration.ofSeconds(10);

	private final RdsIamEmulator rds;

	private final Duration shortest;

	private final long spreadMillis;

	private final Duration renewedBefore;

	/** The same sessions in each run, as far as the calls come at the same times. */
	private final Random random = new Random(1);

	private final List<AwsSessionCredentials> known = new ArrayList<>();

	private @Nullable AwsSessionCredentials current;

	private int issued;

	/**
	 * Create the source.
	 * @param rds the emulator that shall know the sessions
	 * @param shortest how long a session lives at least, give or take a second
	 * @param longest how long it lives at most, give or take a second
	 * @param renewedBefore how long before its end it is not handed out any more
	 */
	SessionCredentialsSource(RdsIamEmulator rds, Duration shortest, Duration longest, Duration renewedBefore) {
		this.rds = rds;
		this.shortest = shortest;
		this.spreadMillis = longest.minus(shortest).toMillis();
		this.renewedBefore = renewedBefore;
	}

	@Override
	public synchronized AwsCredentialsIdentity resolve(CredentialsFreshness freshness) {
		Instant now = Instant.now();
		AwsSessionCredentials session = this.current;
		if (session == null || freshness == CredentialsFreshness.NEW
				|| !end(session).isAfter(now.plus(this.renewedBefore))) {
			forgetThoseLongOver(now);
			session = issue(now);
			this.current = session;
		}
		return session;
	}

	private AwsSessionCredentials issue(Instant now) {
		this.issued++;
		Duration life = this.shortest.plusMillis(this.random.nextLong(this.spreadMillis));
		// In the second half of a second: as a token tells the second in which it was
		// signed, one that is as short-lived as in a soak seldom outlives a session that
		// ends in the first.
		Instant end = now.plus(life).truncatedTo(ChronoUnit.SECONDS).plusMillis(500 + this.random.nextLong(500));
		AwsSessionCredentials session = AwsSessionCredentials.builder()
			.accessKeyId("ASIASESSION" + this.issued)
			.secretAccessKey("NeverLogThis/secret/of/session/" + this.issued)
			.sessionToken("NeverLogThis//session/token/" + this.issued + "/" + "x".repeat(300))
			.expirationTime(end)
			.build();
		this.rds.addPrincipal(IamPrincipal.withKeys(session.accessKeyId(), session.secretAccessKey())
			.withSessionToken(session.sessionToken(), end)
			.allowedToConnectAs("app"));
		this.known.add(session);
		return session;
	}

	private void forgetThoseLongOver(Instant now) {
		for (Iterator<AwsSessionCredentials> sessions = this.known.iterator(); sessions.hasNext();) {
			AwsSessionCredentials session = sessions.next();
			if (end(session).plus(KEPT).isBefore(now)) {
				this.rds.removePrincipal(session.accessKeyId());
				sessions.remove();
			}
		}
	}

	private static Instant end(AwsSessionCredentials session) {
		return session.expirationTime().orElseThrow();
	}

	synchronized int issued() {
		return this.issued;
	}

	/** The emulator forgets all sessions. */
	@Override
	public synchronized void close() {
		this.known.forEach((session) -> this.rds.removePrincipal(session.accessKeyId()));
	}

}

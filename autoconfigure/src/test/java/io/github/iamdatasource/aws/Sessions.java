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
package io.github.iamdatasource.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that servers have issued. The emulated RDS knows each from the moment it
 * is issued, until all are forgotten.
 */
public final class Sessions implements AutoCloseable {

	/** For all servers, as the emulator takes no access key id twice. */
	private static final AtomicInteger numbers = new AtomicInteger();

	private final Consumer<IamPrincipal> join;

	private final Consumer<String> leave;

	private final Map<String, Session> issued = new LinkedHashMap<>();

	Sessions(Consumer<IamPrincipal> join, Consumer<String> leave) {
		this.join = join;
		this.leave = leave;
	}

	/**
	 * Begins without any.
	 * @param rds the emulator that shall know them
	 * @return the sessions
	 */
	public static Sessions knownTo(RdsIamEmulator rds) {
		return new Sessions(rds::addPrincipal, rds::removePrincipal);
	}

	/**
	 * Issues session credentials with which tokens can be signed from now on.
	 * @param role the role, which says as whom they may connect
	 * @param name the session's name
	 * @param life how long they live, less up to a second, as AWS tells whole seconds
	 * @return the session
	 */
	public synchronized Session issue(Role role, String name, Duration life) {
		int number = numbers.incrementAndGet();
		Instant end = Instant.now().plus(life).truncatedTo(ChronoUnit.SECONDS);
		// With what has to be escaped in a URL.
		Session session = new Session("ASIASESSION" + String.format(Locale.ROOT, "%09d", number),
				"NeverLogThis/secret+" + number,
				"NeverLogThis//session/" + number + "+" + UUID.randomUUID() + "x".repeat(300) + "==", end, role,
				role.sessionArn(name));
		IamPrincipal principal = IamPrincipal.withKeys(session.accessKeyId(), session.secretAccessKey())
			.withSessionToken(session.sessionToken(), end);
		this.join.accept(principal.allowedToConnectAs(role.databaseUsers().toArray(String[]::new)));
		this.issued.put(session.accessKeyId(), session);
		return session;
	}

	synchronized @Nullable Session find(String accessKeyId) {
		return this.issued.get(accessKeyId);
	}

	/**
	 * All that were issued.
	 * @return the sessions, the oldest first
	 */
	public synchronized List<Session> issued() {
		return List.copyOf(this.issued.values());
	}

	/**
	 * The one that was issued last.
	 * @return the session
	 * @throws IllegalStateException if there is none
	 */
	public synchronized Session newest() {
		return this.issued.values()
			.stream()
			.reduce((first, second) -> second)
			.orElseThrow(() -> new IllegalStateException("No session was issued"));
	}

	/** The emulator forgets all sessions. */
	@Override
	public synchronized void close() {
		this.issued.keySet().forEach(this.leave);
		this.issued.clear();
	}

}

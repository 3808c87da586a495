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
package io.github.iamdatasource.emulator;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.github.iamdatasource.emulator.front.LoginPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who has a good token and is a known database user, and counts.
 */
final class LoginDesk implements LoginPolicy {

	private static final Logger logger = System.getLogger(RdsIamEmulator.class.getName());

	private final TokenVerifier verifier;

	private final Map<String, String> passwords;

	private final LongAdder accepted = new LongAdder();

	private final Map<Rejection, LongAdder> rejected = new EnumMap<>(Rejection.class);

	private volatile boolean rejectsAll;

	LoginDesk(TokenVerifier verifier, Map<String, String> passwords) {
		this.verifier = verifier;
		this.passwords = Map.copyOf(passwords);
		for (Rejection rejection : Rejection.values()) {
			this.rejected.put(rejection, new LongAdder());
		}
	}

	@Override
	public boolean takesTokensOf(String databaseUser) {
		if (this.passwords.containsKey(databaseUser)) {
			return true;
		}
		reject(databaseUser, Rejection.UNKNOWN_DATABASE_USER);
		return false;
	}

	@Override
	public boolean accepts(String databaseUser, String token) {
		// What is wrong with the login itself comes first: an outage is to hide no
		// mistake.
		Rejection rejection = this.verifier.verify(token, databaseUser)
			.orElse(this.rejectsAll ? Rejection.OUTAGE : null);
		if (rejection != null) {
			reject(databaseUser, rejection);
			return false;
		}
		this.accepted.increment();
		return true;
	}

	void rejectAll(boolean on) {
		this.rejectsAll = on;
	}

	@Override
	public void refusedPlaintext(String databaseUser) {
		reject(databaseUser, Rejection.PLAINTEXT);
	}

	@Override
	public String passwordBehind(String databaseUser) {
		String password = this.passwords.get(databaseUser);
		if (password == null) {
			throw new IllegalArgumentException("Not one of the emulator's database users");
		}
		return password;
	}

	private void reject(String databaseUser, Rejection rejection) {
		count(rejection).increment();
		// The name is the client's: it may not write lines of its own.
		logger.log(Level.DEBUG, () -> "Refused a login as " + databaseUser.replaceAll("\\p{Cntrl}", "?") + ": "
				+ rejection + " (" + rejection.description() + ")");
	}

	long accepted() {
		return this.accepted.sum();
	}

	long rejected(Rejection rejection) {
		return count(rejection).sum();
	}

	private LongAdder count(Rejection rejection) {
		LongAdder count = this.rejected.get(rejection);
		if (count == null) {
			throw new IllegalStateException("Every rejection has its count");
		}
		return count;
	}

}

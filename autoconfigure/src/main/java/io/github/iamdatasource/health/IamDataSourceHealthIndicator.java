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
package io.github.iamdatasource.health;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.health.LoginProbe.Attempt;
import io.github.iamdatasource.health.LoginProbe.End;
import io.github.iamdatasource.jdbc.IamDataSource;
import io.github.iamdatasource.jdbc.IamDataSourceSnapshot;
import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt;
import io.github.iamdatasource.jdbc.LoginAttempt.Outcome;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import io.github.iamdatasource.token.TokenSigningException;
import io.github.iamdatasource.token.TokenSnapshot.SigningFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} that tells how old the token is and whether the next login
 * would work. Connections that are open already outlive their token, so a pool can look
 * fine when no new connection could be opened.
 * <p>
 * {@code DOWN} if there is no usable token and none can be signed, or if the database
 * rejected a login and none has succeeded since. With a probe, also if the newest login
 * failed for any other reason, or is not answered. {@code WARNING}, or what the settings
 * say, while no token can be signed and the last one still works. An idle application is
 * not down: an expired token is signed anew by the check.
 */
public class IamDataSourceHealthIndicator extends AbstractHealthIndicator {

	private final IamDataSource dataSource;

	private final HealthSettings settings;

	private final @Nullable LoginProbe probe;

	private final Clock clock;

	/**
	 * Create the indicator.
	 * @param dataSource what to tell about
	 * @param clock tells how old the token is
	 */
	public IamDataSourceHealthIndicator(IamDataSource dataSource, Clock clock) {
		this(dataSource, HealthSettings.DEFAULT, clock);
	}

	/**
	 * Create the indicator.
	 * @param dataSource what to tell about
	 * @param settings how a check goes
	 * @param clock tells how old the token and the newest login are
	 */
	public IamDataSourceHealthIndicator(IamDataSource dataSource, HealthSettings settings, Clock clock) {
		super("IAM data source health check failed");
		this.dataSource = dataSource;
		this.settings = settings;
		this.probe = (settings.probeInterval() != null) ? new LoginProbe(dataSource, settings.probeInterval(), clock)
				: null;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		long begun = System.nanoTime();
		AuthenticationToken token = null;
		Attempt awaited = null;
		TokenSigningException noToken = null;
		try {
			token = this.dataSource.getTokenSource().getToken(this.settings.timeout());
			if (this.probe != null) {
				awaited = this.probe.ask(this.settings.timeout().minusNanos(System.nanoTime() - begun));
			}
		}
		catch (TokenSigningException ex) {
			noToken = ex;
		}
		IamDataSourceSnapshot snapshot = this.dataSource.snapshot();
		Verdict verdict = (noToken != null) ? Verdict.down(whatToCheck(noToken)) : judge(snapshot, awaited);
		builder.status(verdict.status());
		if (verdict.check() != null) {
			builder.withDetail("check", verdict.check());
		}
		if (token != null) {
			addToken(builder, token);
		}
		addEndpoint(builder, snapshot.endpoint());
		addOtherEndpoints(builder, snapshot);
		addLastSigningFailure(builder, snapshot.token().lastFailure());
		addLogins(builder, snapshot);
		addProbe(builder, snapshot);
	}

	private static String whatToCheck(TokenSigningException noToken) {
		CredentialsUnavailableException reason = noToken.getReason();
		if (reason != null) {
			return "No token can be signed. " + reason.getAction();
		}
		return (noToken.getCause() instanceof TimeoutException)
				// Of ours: it tells how long the check has waited.
				? noToken.getMessage() + ". Look at what provides them."
				: "No token can be signed. Check that the application can get AWS credentials.";
	}

	private Verdict judge(IamDataSourceSnapshot snapshot, @Nullable Attempt awaited) {
		LoginAttempt rejection = snapshot.rejection();
		if (rejection != null) {
			return Verdict.down(action(rejection));
		}
		if (awaited != null) {
			End end = awaited.end();
			if (end == null) {
				return Verdict
					.down("A login to find out whether the next would work has not been answered yet. Check that "
							+ "the database runs and can be reached from here.");
			}
			if (!end.isLogin()) {
				return Verdict
					.down("A login to find out whether the next would work failed for an unexpected reason, of which "
							+ "the detail 'probe' tells the kind.");
			}
		}
		LoginAttempt login = snapshot.lastLogin();
		if (this.probe != null && login != null && login.outcome() != Outcome.SUCCEEDED) {
			String action = action(login);
			return Verdict.down((action != null) ? action
					: "The newest login failed. Check that the database runs and can be reached from here.");
		}
		return new Verdict((snapshot.token().lastFailure() != null) ? this.settings.refreshFailingStatus() : Status.UP,
				null);
	}

	private static @Nullable String action(LoginAttempt login) {
		return (login.failure() instanceof IamLoginException explained) ? explained.getAction() : null;
	}

	private void addToken(Health.Builder builder, AuthenticationToken token) {
		Instant now = this.clock.instant();
		builder.withDetail("tokenAge", token.age(now).truncatedTo(ChronoUnit.SECONDS).toString())
			.withDetail("tokenExpiresIn", token.remaining(now).truncatedTo(ChronoUnit.SECONDS).toString())
			.withDetail("tokenSignedAt", token.signedAt().toString());
	}

	private void addEndpoint(Health.Builder builder, DatabaseEndpoint endpoint) {
		builder.withDetail("endpoint", endpoint.hostAndPort())
			.withDetail("username", endpoint.username())
			.withDetail("region", endpoint.region());
	}

	// Of an alias, or of a URL with several hosts.
	private void addOtherEndpoints(Health.Builder builder, IamDataSourceSnapshot snapshot) {
		Map<String, String> others = new TreeMap<>();
		snapshot.tokens().forEach((endpoint, token) -> {
			if (!endpoint.equals(snapshot.endpoint())) {
				others.put(endpoint.hostAndPort(), lowerCase(token.state()));
			}
		});
		if (!others.isEmpty()) {
			builder.withDetail("otherEndpoints", others);
		}
	}

	// Also while the token before is still good: then this tells what is to come.
	private void addLastSigningFailure(Health.Builder builder, @Nullable SigningFailure failure) {
		if (failure != null) {
			Map<String, Object> details = new LinkedHashMap<>();
			details.put("at", seconds(failure.at()));
			details.put("failure", told(failure.cause()));
			details.put("failuresInARow", failure.inARow());
			details.put("nextAttemptAt", seconds(failure.nextAttemptAt()));
			builder.withDetail("lastSigningFailure", details);
		}
	}

	private static String told(TokenSigningException failure) {
		CredentialsUnavailableException reason = failure.getReason();
		if (reason != null) {
			return reason.getProblem();
		}
		return ((failure.getCause() != null) ? failure.getCause() : failure).getClass().getName();
	}

	private void addLogins(Health.Builder builder, IamDataSourceSnapshot snapshot) {
		LoginAttempt last = snapshot.lastLogin();
		if (last != null) {
			builder.withDetail("lastLogin", told(last.at(), last.outcome(), last.failure()));
		}
		LoginAttempt rejection = snapshot.rejection();
		if (rejection != null && !rejection.equals(last)) {
			builder.withDetail("lastRejection", told(rejection.at(), rejection.outcome(), rejection.failure()));
		}
	}

	private void addProbe(Health.Builder builder, IamDataSourceSnapshot snapshot) {
		Attempt newest = (this.probe != null) ? this.probe.newest() : null;
		if (newest == null) {
			return;
		}
		End end = newest.end();
		if (end != null) {
			builder.withDetail("probe", told(end.at(), outcome(end.failure(), snapshot), end.failure()));
			return;
		}
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("startedAt", seconds(newest.startedAt()));
		details.put("outcome", "not-answered");
		builder.withDetail("probe", details);
	}

	/** As the data source has it, which knows this very exception. */
	private static Outcome outcome(@Nullable Throwable failure, IamDataSourceSnapshot snapshot) {
		return (failure == null) ? Outcome.SUCCEEDED
				: snapshot.failures()
					.stream()
					.filter((login) -> login.failure() == failure)
					.map(LoginAttempt::outcome)
					.findFirst()
					.orElse(Outcome.FAILED);
	}

	private static Map<String, Object> told(Instant at, Outcome outcome, @Nullable Throwable failure) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("at", seconds(at));
		details.put("outcome", lowerCase(outcome));
		if (failure != null) {
			details.put("failure", failure.getClass().getName());
		}
		if (failure instanceof SQLException ex) {
			details.put("sqlState", String.valueOf(ex.getSQLState()));
		}
		return details;
	}

	private static String lowerCase(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static String seconds(Instant instant) {
		return instant.truncatedTo(ChronoUnit.SECONDS).toString();
	}

	/**
	 * What is made of all that is known.
	 */
	private record Verdict(Status status, @Nullable String check) {

		static Verdict down(@Nullable String check) {
			return new Verdict(Status.DOWN, check);
		}

	}

}

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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
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

/**
 * {@link HealthIndicator} that tells how old the token is and whether the next login
 * would work. Connections that are open already outlive their token, so a pool can look
 * fine when no new connection could be opened.
 * <p>
 * {@code DOWN} if there is no usable token and none can be signed, or if the database
 * rejected the newest login. An idle application is not down: an expired token is signed
 * anew by the check.
 */
public class IamDataSourceHealthIndicator extends AbstractHealthIndicator {

	/** How long a check may take if there is no token and one has to be signed. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final IamDataSource dataSource;

	private final Clock clock;

	/**
	 * Create the indicator.
	 * @param dataSource what to tell about
	 * @param clock tells how old the token is
	 */
	public IamDataSourceHealthIndicator(IamDataSource dataSource, Clock clock) {
		super("IAM data source health check failed");
		this.dataSource = dataSource;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		try {
			AuthenticationToken token = this.dataSource.getTokenSource().getToken(PATIENCE);
			builder.up();
			addToken(builder, token);
		}
		catch (TokenSigningException ex) {
			CredentialsUnavailableException reason = ex.getReason();
			builder.down()
				.withDetail("check", "No token can be signed. " + ((reason != null) ? reason.getAction()
						: "Check that the application can get AWS credentials."));
		}
		IamDataSourceSnapshot snapshot = this.dataSource.snapshot();
		addEndpoint(builder, snapshot.endpoint());
		addOtherEndpoints(builder, snapshot);
		addLastSigningFailure(builder, snapshot.token().lastFailure());
		addLastLogin(builder, snapshot.lastLogin());
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

	private void addLastLogin(Health.Builder builder, @Nullable LoginAttempt login) {
		if (login == null) {
			return;
		}
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("at", seconds(login.at()));
		details.put("outcome", lowerCase(login.outcome()));
		if (login.failure() != null) {
			details.put("failure", login.failure().getClass().getName());
			details.put("sqlState", String.valueOf(login.failure().getSQLState()));
		}
		builder.withDetail("lastLogin", details);
		if (login.outcome() == Outcome.REJECTED) {
			builder.down();
			if (login.failure() instanceof IamLoginException explained) {
				builder.withDetail("check", explained.getAction());
			}
		}
	}

	private static String lowerCase(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static String seconds(Instant instant) {
		return instant.truncatedTo(ChronoUnit.SECONDS).toString();
	}

}

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
package io.github.iamdatasource.credentials;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import io.github.iamdatasource.token.CallerIdentities;
import io.github.iamdatasource.token.CallerIdentity;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.SigningIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Asks AWS STS whose credentials have signed a token. It needs no permission to answer.
 * It is asked once for each access key and not again for five minutes, on a thread that
 * exists for the question alone.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html">GetCallerIdentity</a>
 */
final class StsCallerIdentities implements CallerIdentities {

	private static final Logger logger = LoggerFactory.getLogger(StsCallerIdentities.class);

	/** How long it is not asked again. */
	private static final Duration PAUSE = Duration.ofMinutes(5);

	/** The same if it was the clock, which somebody sets. */
	private static final Duration PAUSE_AFTER_CLOCK = Duration.ofMinutes(1);

	private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

	private final CredentialsSource credentials;

	private final StsEndpoint endpoint;

	private final Clock clock;

	private final AtomicReference<@Nullable Question> newest = new AtomicReference<>();

	StsCallerIdentities(CredentialsSource credentials, StsEndpoint endpoint, Clock clock) {
		this.credentials = credentials;
		this.endpoint = endpoint;
		this.clock = clock;
	}

	@Override
	public @Nullable CallerIdentity find(SigningIdentity signedBy, Duration patience) {
		Question question = question(signedBy);
		if (!question.signedBy.equals(signedBy)) {
			return null;
		}
		try {
			return question.answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
		catch (TimeoutException | ExecutionException | CancellationException ex) {
			return null;
		}
	}

	@Override
	public @Nullable CallerIdentity known() {
		Question question = this.newest.get();
		return (question != null) ? question.answerSoFar() : null;
	}

	private Question question(SigningIdentity signedBy) {
		Question before = this.newest.get();
		Instant now = this.clock.instant();
		if (before != null && !before.isOver(signedBy, now)) {
			return before;
		}
		Question question = new Question(signedBy, now, new FutureTask<>(() -> ask(signedBy)));
		if (this.newest.compareAndSet(before, question)) {
			start(question);
			return question;
		}
		return question(signedBy);
	}

	private static void start(Question question) {
		// Nothing of the caller's own is kept by it.
		Thread thread = new Thread(null, question.answer, "iam-datasource-caller-identity", 0, false);
		thread.setDaemon(true);
		thread.setContextClassLoader(StsCallerIdentities.class.getClassLoader());
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			// The system gives no more threads.
			question.answer.cancel(false);
		}
	}

	private @Nullable CallerIdentity ask(SigningIdentity signedBy) {
		try {
			AwsCredentialsIdentity identity = this.credentials.resolve(CredentialsFreshness.CACHED);
			// They may have changed since.
			return signedBy.isOf(identity.accessKeyId()) ? ask(identity) : null;
		}
		catch (RuntimeException | LinkageError ex) {
			logger.debug("AWS STS could not be asked whose credentials were rejected: {}",
					CredentialsFailures.reason(ex));
			return null;
		}
	}

	private CallerIdentity ask(AwsCredentialsIdentity identity) {
		try (StsClient client = StsService.client(this.endpoint, (freshness) -> identity)) {
			GetCallerIdentityResponse answer = client.getCallerIdentity();
			return new CallerIdentity(answer.arn(), null, clockAhead(answer.sdkHttpResponse()));
		}
		catch (StsException ex) {
			String refusal = refusal(ex);
			if (refusal == null) {
				throw ex;
			}
			return new CallerIdentity(null, refusal,
					(ex.awsErrorDetails() != null) ? clockAhead(ex.awsErrorDetails().sdkHttpResponse()) : null);
		}
	}

	private static @Nullable String refusal(StsException answer) {
		return switch (StsFailures.code(answer)) {
			case "InvalidClientTokenId" ->
				"AWS STS does not know this access key: it was deleted or deactivated, is one of "
						+ "another AWS partition, or its session token is missing or wrong.";
			case "ExpiredToken", "ExpiredTokenException" ->
				"AWS STS says that the session credentials have expired, whatever they say themselves.";
			case "SignatureDoesNotMatch" ->
				"AWS STS says that the secret access key does not belong to this access key.";
			case "RequestExpired" -> "AWS STS takes this machine's clock for wrong.";
			default -> null;
		};
	}

	private @Nullable Duration clockAhead(@Nullable SdkHttpResponse response) {
		if (response == null) {
			return null;
		}
		try {
			return response.firstMatchingHeader("Date")
				.map((date) -> Duration.between(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)),
						this.clock.instant()))
				.orElse(null);
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	/**
	 * What was asked last.
	 *
	 * @param signedBy whose credentials
	 * @param at when
	 * @param answer has {@code null} if nobody could be asked
	 */
	private record Question(SigningIdentity signedBy, Instant at, FutureTask<@Nullable CallerIdentity> answer) {

		boolean isOver(SigningIdentity other, Instant now) {
			if (!this.answer.isDone()) {
				return false;
			}
			CallerIdentity answer = answerSoFar();
			if (answer != null && !this.signedBy.equals(other)) {
				return true;
			}
			// What was refused may be put right, and the clock may go wrong.
			Duration pause = (answer != null && isClockWrong(answer.clockAhead())) ? PAUSE_AFTER_CLOCK : PAUSE;
			return Duration.between(this.at, now).abs().compareTo(pause) >= 0;
		}

		private static boolean isClockWrong(@Nullable Duration ahead) {
			return ahead != null && ahead.abs().compareTo(CLOCK_TOLERANCE) > 0;
		}

		@Nullable CallerIdentity answerSoFar() {
			if (!this.answer.isDone()) {
				return null;
			}
			try {
				return this.answer.get();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return null;
			}
			catch (ExecutionException | CancellationException ex) {
				return null;
			}
		}

	}

}

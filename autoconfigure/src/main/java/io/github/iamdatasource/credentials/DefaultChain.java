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

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import io.github.iamdatasource.token.CredentialsUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * The AWS SDK's default chain: its providers, one after the other, until one has
 * credentials. That one is then asked again.
 * <p>
 * The SDK's own chain tells all reasons in one long line, and says nothing when it takes
 * another identity than the one that was configured, as that one could not be had.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html">Default
 * credentials provider chain</a>
 */
final class DefaultChain implements CredentialsSource {

	private static final Logger logger = LoggerFactory.getLogger(DefaultChain.class);

	private final Map<DefaultChainPlace, RenewableProvider> providers = new EnumMap<>(DefaultChainPlace.class);

	/** The first place that had credentials. */
	private final AtomicReference<@Nullable DefaultChainPlace> used = new AtomicReference<>();

	DefaultChain() {
		for (DefaultChainPlace place : DefaultChainPlace.values()) {
			this.providers.put(place, new RenewableProvider(place.description(), place::provider));
		}
	}

	@Override
	public String description() {
		DefaultChainPlace place = this.used.get();
		return "AWS SDK's default chain" + ((place != null) ? " (" + place.description() + ")" : "");
	}

	@Override
	public AwsCredentialsIdentity resolve(CredentialsFreshness freshness) {
		DefaultChainPlace place = this.used.get();
		if (place == null || freshness == CredentialsFreshness.NEW) {
			return walk(freshness);
		}
		try {
			return provider(place).resolve(freshness);
		}
		catch (RuntimeException ex) {
			throw explain(place, ex);
		}
	}

	/**
	 * Ask one after the other, but none beyond the one in use: who has an identity shall
	 * not become somebody else because it fails for a moment.
	 */
	private AwsCredentialsIdentity walk(CredentialsFreshness freshness) {
		List<Attempt> attempts = new ArrayList<>();
		for (DefaultChainPlace place : DefaultChainPlace.values()) {
			AwsCredentialsIdentity identity;
			try {
				identity = provider(place).resolve(freshness);
			}
			catch (RuntimeException ex) {
				String absence = place.absence();
				CredentialsUnavailableException failure = (absence != null) ? null : explain(place, ex);
				if (place == this.used.get()) {
					throw (failure != null) ? failure : explain(place, ex);
				}
				attempts.add(new Attempt(place, absence, failure));
				continue;
			}
			// Who has walked at the same time may have had to go less far.
			return (use(place, attempts) == place) ? identity : resolve(CredentialsFreshness.CACHED);
		}
		throw failure(attempts);
	}

	private RenewableProvider provider(DefaultChainPlace place) {
		return this.providers.get(place);
	}

	private static CredentialsUnavailableException explain(DefaultChainPlace place, RuntimeException failure) {
		return CredentialsFailures.explain(failure, place.description(), place.profileName());
	}

	/**
	 * Use a place from now on, unless one before it is in use already.
	 * @return the place in use
	 */
	private DefaultChainPlace use(DefaultChainPlace place, List<Attempt> attempts) {
		DefaultChainPlace before = this.used
			.getAndUpdate((current) -> (current == null || place.compareTo(current) < 0) ? place : current);
		if (before != null && before.compareTo(place) <= 0) {
			return before;
		}
		if (before != null) {
			logger.warn("The AWS credentials come from: {}. They came from: {}, which comes after it",
					place.description(), before.description());
		}
		for (Attempt attempt : attempts) {
			if (attempt.failure != null) {
				logger.warn(
						"The AWS credentials come from: {}. Those from: {} would come first but cannot be had, so the "
								+ "application may be somebody else than it should be. {} {}",
						place.description(), attempt.place.description(), attempt.failure.getProblem(),
						attempt.failure.getAction());
			}
		}
		return place;
	}

	private static CredentialsUnavailableException failure(List<Attempt> attempts) {
		Attempt main = attempts.stream()
			.filter((attempt) -> attempt.failure != null && attempt.place.isConfigured())
			.findFirst()
			.orElse(null);
		List<String> told = attempts.stream()
			.map((attempt) -> (attempt != main) ? attempt.told() : attempt.place.description() + " (failed, see above)")
			.toList();
		if (main != null && main.failure != null) {
			return new CredentialsUnavailableException(main.failure.getProblem(), told, main.failure.getAction(),
					main.failure.getCause());
		}
		CredentialsUnavailableException last = attempts.get(attempts.size() - 1).failure;
		return new CredentialsUnavailableException("There are none where the AWS SDK looks for them.", told,
				"Give the application an AWS identity that may connect to the database."
						+ ((last != null) ? " " + last.getAction() : ""),
				last);
	}

	@Override
	public void close() {
		this.providers.values().forEach(RenewableProvider::close);
	}

	/**
	 * A place that had no credentials.
	 *
	 * @param place the place
	 * @param absence why it is not meant to have any, or {@code null} if it is
	 * @param failure why it had none although it was meant to, or {@code null}
	 */
	private record Attempt(DefaultChainPlace place, @Nullable String absence,
			@Nullable CredentialsUnavailableException failure) {

		String told() {
			return this.place.description() + " (" + ((this.failure != null)
					? CredentialsFailures.withoutEnd(this.failure.getProblem()) : this.absence) + ")";
		}

	}

}

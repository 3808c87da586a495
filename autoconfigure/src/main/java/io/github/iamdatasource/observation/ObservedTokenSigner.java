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

package io.github.iamdatasource.observation;

import java.util.function.Supplier;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.TokenSigner;
import io.github.iamdatasource.token.TokenSigningException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link TokenSigner} that has another one observed.
 */
public final class ObservedTokenSigner implements TokenSigner {

	private static final Logger logger = LoggerFactory.getLogger(ObservedTokenSigner.class);

	private static final TokenSignatureObservationConvention DEFAULT_CONVENTION = new DefaultTokenSignatureObservationConvention();

	private final TokenSigner signer;

	private final String dataSource;

	private final DatabaseEndpoint endpoint;

	private final ObservationRegistry registry;

	private final @Nullable TokenSignatureObservationConvention convention;

	/**
	 * Create the signer.
	 * @param signer does the work
	 * @param dataSource name of the data source
	 * @param endpoint what the tokens are for
	 * @param registry who observes
	 * @param convention names and keys, or {@code null} for the default
	 */
	public ObservedTokenSigner(TokenSigner signer, String dataSource, DatabaseEndpoint endpoint,
			ObservationRegistry registry, @Nullable TokenSignatureObservationConvention convention) {
		this.signer = signer;
		this.dataSource = dataSource;
		this.endpoint = endpoint;
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public AuthenticationToken sign(CredentialsFreshness freshness) {
		TokenSignatureContext context = new TokenSignatureContext(this.dataSource, this.endpoint);
		Observation observation = observed(() -> TokenSignatureObservationDocumentation.TOKEN_SIGNATURE
			.observation(this.convention, DEFAULT_CONVENTION, () -> context, this.registry), Observation.NOOP);
		observed(observation::start);
		// In scope, so that the calls for credentials are part of the trace.
		Observation.Scope scope = observed(observation::openScope, Observation.Scope.NOOP);
		try {
			AuthenticationToken token = this.signer.sign(freshness);
			context.succeeded();
			return token;
		}
		catch (Throwable ex) {
			context.failed(ex);
			observed(() -> observation.error(withoutCauses(ex)));
			throw ex;
		}
		finally {
			observed(scope::close);
			observed(observation::stop);
		}
	}

	/** Nobody who only looks on may keep an application from its database. */
	private static <T> T observed(Supplier<T> step, T otherwise) {
		try {
			return step.get();
		}
		catch (RuntimeException ex) {
			logger.warn("Somebody who observes the signing of tokens has failed ({}); they are signed all the same",
					ex.getClass().getName());
			return otherwise;
		}
	}

	private static void observed(Runnable step) {
		observed(() -> {
			step.run();
			return true;
		}, false);
	}

	/**
	 * Whoever observes may write down all of it, and only our own messages are known to
	 * hold no secrets.
	 */
	private static TokenSigningException withoutCauses(Throwable failure) {
		TokenSigningException shown = new TokenSigningException((failure instanceof TokenSigningException)
				? String.valueOf(failure.getMessage()) : failure.getClass().getName());
		shown.setStackTrace(failure.getStackTrace());
		return shown;
	}

}

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
package io.github.iamdatasource.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.github.iamdatasource.token.CredentialsFreshness;
import io.github.iamdatasource.token.CredentialsSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Keeps the AWS SDK, and the HTTP clients that it may use, from logging secrets while
 * credentials are resolved, which they do when certain loggers are set to {@code DEBUG}
 * or {@code TRACE}.
 */
final class CredentialsLogGuard {

	private static final Log logger = LogFactory.getLog(CredentialsLogGuard.class);

	/** Writes the headers of requests, session tokens included, at {@code FINE}. */
	private static final Logger HTTP = Logger.getLogger("sun.net.www.protocol.http.HttpURLConnection");

	private static final List<Guarded> GUARDED = List.of(
			// The headers of requests to AWS STS, session tokens included.
			Guarded.at("software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner", LogLevel.INFO),
			// Addresses, which may be whole requests with a web identity token.
			Guarded.at("software.amazon.awssdk.utils.uri.SdkUri", LogLevel.INFO),
			// Why credentials could not be had, with what was answered instead of them,
			// even as a warning, and the command that they come from.
			Guarded.at("software.amazon.awssdk.utils.cache.CachedSupplier", LogLevel.ERROR),
			Guarded.at("software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain", LogLevel.INFO),
			// Whatever is sent and answered.
			Guarded.at(HTTP.getName(), LogLevel.INFO), Guarded.at("org.apache.hc.client5.http.wire", LogLevel.INFO),
			Guarded.at("org.apache.hc.client5.http.headers", LogLevel.INFO),
			Guarded.at("org.apache.http.wire", LogLevel.INFO), Guarded.at("org.apache.http.headers", LogLevel.INFO));

	private final LoggingSystem loggingSystem;

	CredentialsLogGuard(LoggingSystem loggingSystem) {
		this.loggingSystem = loggingSystem;
	}

	/**
	 * Return a source that looks after the loggers each time it is asked, as their levels
	 * can be changed while the application runs.
	 * @param source the source to guard
	 * @return the guarded source
	 */
	CredentialsSource guard(CredentialsSource source) {
		return new GuardedSource(this, source);
	}

	static List<String> names() {
		return GUARDED.stream().map(Guarded::name).toList();
	}

	private void silence() {
		if (HTTP.isLoggable(Level.FINE)) {
			HTTP.setLevel(Level.INFO);
		}
		List<String> announced = new ArrayList<>();
		for (Guarded guarded : GUARDED) {
			if (guarded.isTooTalkative()) {
				// As it is by default.
				boolean warns = !guarded.log.isDebugEnabled();
				this.loggingSystem.setLogLevel(guarded.name, guarded.limit);
				if (guarded.isTooTalkative()) {
					logger.warn("The logger " + guarded.name + " writes credentials into the log. Set its level to "
							+ guarded.limit);
				}
				else if (!warns) {
					announced.add(guarded.name);
				}
			}
		}
		if (!announced.isEmpty()) {
			logger.info("The levels of these loggers were raised, as they would write credentials into the log: "
					+ String.join(", ", announced));
		}
	}

	/**
	 * A logger.
	 *
	 * @param name its name
	 * @param log tells its level
	 * @param limit the lowest level at which it writes no credentials
	 */
	private record Guarded(String name, Log log, LogLevel limit) {

		static Guarded at(String name, LogLevel limit) {
			return new Guarded(name, LogFactory.getLog(name), limit);
		}

		boolean isTooTalkative() {
			return (this.limit == LogLevel.ERROR) ? this.log.isWarnEnabled() : this.log.isDebugEnabled();
		}

	}

	private record GuardedSource(CredentialsLogGuard guard, CredentialsSource source) implements CredentialsSource {

		@Override
		public AwsCredentialsIdentity resolve(CredentialsFreshness freshness) {
			this.guard.silence();
			return this.source.resolve(freshness);
		}

		@Override
		public String description() {
			return this.source.description();
		}

		@Override
		public void close() {
			this.source.close();
		}

	}

}

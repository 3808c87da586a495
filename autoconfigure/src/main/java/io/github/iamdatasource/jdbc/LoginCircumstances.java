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
package io.github.iamdatasource.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.token.AuthenticationToken;
import io.github.iamdatasource.token.CallerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What this side knows of a login that failed.
 *
 * @param address where the driver has connected to, or should have first, as the URL
 * names it
 * @param where the same in words: if it has connected to none of several hosts, all of
 * them
 * @param endpoint what it was taken for
 * @param token what was sent there, or {@code null} if nothing was
 * @param caller whose token it was, or {@code null} if that is not known
 * @param tls how the connection was encrypted, or {@code null} if no token could have
 * been sent over it
 * @param tlsMode what was to be verified
 * @param driver which driver it was, and what gave it the token
 * @param late whether the time for the login was over
 * @param now the time by this machine's clock
 */
record LoginCircumstances(HostAndPort address, String where, DatabaseEndpoint endpoint,
		@Nullable AuthenticationToken token, @Nullable CallerIdentity caller, @Nullable NegotiatedTls tls,
		TlsMode tlsMode, String driver, boolean late, Instant now) {

	/** More than the time that an answer takes. */
	private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

	LoginCircumstances withCaller(@Nullable CallerIdentity newCaller) {
		return new LoginCircumstances(this.address, this.where, this.endpoint, this.token, newCaller, this.tls,
				this.tlsMode, this.driver, this.late, this.now);
	}

	/** The account that a policy's resource is in, if it is known. */
	@Nullable String account() {
		return (this.caller != null) ? this.caller.account() : null;
	}

	/** How far this machine's clock is from that of AWS, if it is known. */
	@Nullable Duration clockAhead() {
		return (this.caller != null) ? this.caller.clockAhead() : null;
	}

	/** Whether something else than the endpoint itself is connected to. */
	boolean isIndirect() {
		return !HostAndPort.isSameHost(this.address.host(), this.endpoint.hostname());
	}

	Map<String, String> facts() {
		Map<String, String> facts = new LinkedHashMap<>();
		facts.put("Address", this.where);
		facts.put("Database user", "'" + this.endpoint.username() + "'");
		AuthenticationToken token = this.token;
		if (token != null) {
			facts.put("Signed for", this.endpoint.signingHost() + " in " + this.endpoint.region());
			facts.put("Signed by", "the access key that ends in '" + token.signedBy().accessKeyEnding() + "'" + of()
					+ " from the " + token.signedBy().source());
			facts.put("Token",
					seconds(token.age(this.now)) + " old and good for another " + seconds(token.remaining(this.now)));
			facts.put("Clock", this.now.truncatedTo(ChronoUnit.SECONDS) + ", " + comparedWithAws());
		}
		else {
			facts.put("Token", "none was sent");
		}
		facts.put("TLS", ((this.tls != null) ? negotiated(this.tls) + ", " : "") + this.tlsMode);
		facts.put("Driver", this.driver);
		return facts;
	}

	private String of() {
		return (this.caller != null && this.caller.arn() != null) ? " of " + this.caller.arn() : "";
	}

	private String comparedWithAws() {
		Duration ahead = clockAhead();
		if (ahead == null) {
			return "not compared with that of AWS";
		}
		if (ahead.abs().compareTo(CLOCK_TOLERANCE) <= 0) {
			return "which is that of AWS";
		}
		return seconds(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead of") + " that of AWS";
	}

	private static String negotiated(NegotiatedTls tls) {
		return tls.protocol() + " with " + tls.cipherSuite()
				+ ((tls.peerSubject() != null) ? ", certificate of " + tls.peerSubject() : "");
	}

	static String seconds(Duration duration) {
		return duration.toSeconds() + " s";
	}

}

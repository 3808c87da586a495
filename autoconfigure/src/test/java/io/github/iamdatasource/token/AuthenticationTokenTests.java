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
package io.github.iamdatasource.token;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AuthenticationToken}.
 */
class AuthenticationTokenTests {

	private static final Instant SIGNED = Instant.parse("2026-01-01T00:00:00Z");

	private final AuthenticationToken token = new AuthenticationToken("h:1/?secret", SIGNED,
			SIGNED.plus(AuthenticationToken.LIFETIME),
			new SigningIdentity("MPLE", null, "application's credentials provider"));

	@Test
	void toStringDoesNotShowTheValue() {
		assertThat(this.token.toString()).doesNotContain("secret").contains("2026-01-01T00:15:00Z");
	}

	@Test
	void identityTellsTheEndOfTheAccessKeyAlone() {
		assertThat(SigningIdentity.of("AKIAIOSFODNN7EXAMPLE", null, "test").toString()).contains("MPLE")
			.doesNotContain("XAMPLE");
	}

	/**
	 * As where the two keys were mixed up.
	 */
	@Test
	void identityTellsNothingOfWhatIsNoAccessKey() {
		assertThat(SigningIdentity.of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null, "test").accessKeyEnding())
			.isEqualTo("?");
		assertThat(SigningIdentity.of("key", null, "test").accessKeyEnding()).isEqualTo("?");
	}

	@Test
	void tellsItsAgeAndWhatRemains() {
		Instant now = SIGNED.plusSeconds(60);
		assertThat(this.token.age(now)).isEqualTo(Duration.ofMinutes(1));
		assertThat(this.token.remaining(now)).isEqualTo(Duration.ofMinutes(14));
		assertThat(this.token.remaining(now.plus(AuthenticationToken.LIFETIME))).isNegative();
	}

}

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RefreshPolicy}.
 */
class RefreshPolicyTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	@ParameterizedTest
	@CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
			refresh after | margin | token lives | chance | signed anew after
			# old enough, give or take a tenth
			PT10M         | PT1M   | PT15M       | 0.5    | PT10M
			PT10M         | PT1M   | PT15M       | 0      | PT9M
			PT10M         | PT1M   | PT15M       | 1      | PT11M
			PT10M         | PT1M   | PT15M       | 0.25   | PT9M30S
			PT1M          | PT1M   | PT15M       | 0.5    | PT1M
			# the end comes nearer
			PT14M         | PT1M   | PT15M       | 0.5    | PT14M
			PT14M         | PT1M   | PT15M       | 1      | PT14M
			PT14M         | PT1M   | PT15M       | 0      | PT12M36S
			PT10M         | PT6M   | PT15M       | 0.5    | PT9M
			PT10M         | PT6M   | PT15M       | 0      | PT9M
			# the credentials end before the token would
			PT10M         | PT1M   | PT5M        | 0.5    | PT4M
			PT10M         | PT1M   | PT1M1S      | 0.5    | PT1S
			# too soon for the margin: half of what is left, but never at once
			PT10M         | PT1M   | PT1M        | 0.5    | PT30S
			PT10M         | PT1M   | PT20S       | 0.5    | PT10S
			PT10M         | PT1M   | PT2S        | 0.5    | PT1S
			PT10M         | PT1M   | PT0.5S      | 0.5    | PT1S
			PT10M         | PT1M   | PT0S        | 0.5    | PT1S
			PT10M         | PT1M   | PT-5S       | 0.5    | PT1S
			# tokens of two seconds
			PT1S          | PT0.5S | PT2S        | 0.5    | PT1S
			PT1S          | PT0.5S | PT1.1S      | 0.5    | PT0.6S
			""")
	void signsAnew(Duration refreshAfter, Duration margin, Duration life, double chance, Duration expected) {
		Instant refreshAt = new RefreshPolicy(refreshAfter, margin).refreshAt(token(NOW, life), NOW, chance);
		assertThat(Duration.between(NOW, refreshAt)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
			margin | token lives | usable from | usable until
			PT1M   | PT15M       | PT-1M       | PT14M54S
			PT5M   | PT15M       | PT-5M       | PT14M30S
			PT1S   | PT15M       | PT-1S       | PT14M59.9S
			PT1M   | PT20S       | PT-1M       | PT14S
			# hardly any life left: half of it, and no less than a second
			PT1M   | PT10S       | PT-1M       | PT5S
			PT1M   | PT1.5S      | PT-1M       | PT1S
			PT1M   | PT0.5S      | PT-1M       | PT0.5S
			""")
	void handsOut(Duration margin, Duration life, Duration from, Duration until) {
		RefreshPolicy policy = new RefreshPolicy(Duration.ofMinutes(5), margin);
		AuthenticationToken token = token(NOW, life);
		assertThat(Duration.between(NOW, policy.usableFrom(token))).isEqualTo(from);
		assertThat(Duration.between(NOW, policy.usableUntil(token, NOW))).isEqualTo(until);
	}

	@ParameterizedTest
	@CsvSource({ "PT-1S, true", "PT0S, true", "PT59S, true", "PT1M, true", "PT1M0.001S, false", "PT1H, false" })
	void credentialsThatEndWithinTheMarginAreTooShort(Duration life, boolean tooShort) {
		assertThat(RefreshPolicy.DEFAULT.isTooShort(NOW.plus(life), NOW)).isEqualTo(tooShort);
	}

	@Test
	void aUsableTokenIsLeftWhenARefreshBeginsWhateverTheSettings() {
		for (int minutes = 1; minutes < 15; minutes++) {
			RefreshPolicy policy = new RefreshPolicy(Duration.ofMinutes(14), Duration.ofMinutes(minutes));
			AuthenticationToken token = token(NOW, AuthenticationToken.LIFETIME);
			assertThat(policy.refreshAt(token, NOW, 1)).isBefore(policy.usableUntil(token, NOW));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S", "PT15M", "PT1H", "PT0.0005S", "PT2562047788015215H" })
	void refusesWhatNoTokenLives(Duration duration) {
		Duration good = Duration.ofMinutes(1);
		assertThatIllegalArgumentException().isThrownBy(() -> new RefreshPolicy(duration, good))
			.withMessageContaining("'refreshAfter'")
			.withMessageContaining("15 minutes");
		assertThatIllegalArgumentException().isThrownBy(() -> new RefreshPolicy(good, duration))
			.withMessageContaining("'expiryMargin'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
			failures   | chance | waits
			1          | 0      | 1000
			1          | 1      | 800
			2          | 0      | 2000
			5          | 0      | 16000
			6          | 0      | 30000
			6          | 1      | 24000
			11         | 0      | 30000
			2147483647 | 0      | 30000
			""")
	void backsOff(int failures, double chance, long expected) {
		assertThat(Backoff.delay(failures, chance)).isEqualTo(expected);
	}

	private static AuthenticationToken token(Instant signedAt, Duration life) {
		return new AuthenticationToken("token", signedAt, signedAt.plus(life),
				new SigningIdentity("MPLE", null, "application's credentials provider"));
	}

}

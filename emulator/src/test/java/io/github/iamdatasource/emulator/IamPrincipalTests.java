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

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class IamPrincipalTests {

	private static final RdsEndpoint ENDPOINT = new RdsEndpoint("localhost", 5432, "eu-west-1", "123456789012",
			"db-ABCDEFGHIJKL01234");

	private static final String ARN = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app";

	private static final Instant EXPIRY = Instant.parse("2026-01-15T13:00:00Z");

	@Test
	void nothingIsAllowedByDefault() {
		assertThat(Tokens.PRINCIPAL.mayConnect(ENDPOINT, "app")).isFalse();
	}

	@Test
	void allowedUserIsAllowedAndNoOther() {
		IamPrincipal principal = Tokens.PRINCIPAL.allowedToConnectAs("app", "reporting_*");
		assertThat(principal.mayConnect(ENDPOINT, "app")).isTrue();
		assertThat(principal.mayConnect(ENDPOINT, "reporting_1")).isTrue();
		assertThat(principal.mayConnect(ENDPOINT, "App")).isFalse();
		assertThat(principal.mayConnect(ENDPOINT, "apple")).isFalse();
		assertThat(principal.mayConnect(ENDPOINT, "reporting")).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ ARN + ",true", "*,true", "arn:aws:rds-db:*:*:dbuser:*/app,true",
			"arn:aws:rds-db:eu-west-1:123456789012:dbuser:*/app,true",
			"arn:aws:rds-db:eu-west-1:123456789012:dbuser:*,true",
			"arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/a?p,true",
			"arn:aws:rds-db:eu-west-?:123456789012:dbuser:db-ABCDEFGHIJKL01234/app,true", "arn:aws:rds-db:*,true",
			"arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/ap,false",
			"arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/ap?p,false",
			"arn:aws:rds-db:eu-west-1:123456789012:db:orders,false",
			"arn:aws:rds-db:us-east-1:123456789012:dbuser:*/app,false",
			"arn:aws:rds-db:eu-west-1:999999999999:dbuser:*/app,false", "arn:aws:rds-db:*p,false",
			"arn:aws:rds-db:eu.west.1:123456789012:dbuser:*/app,false" })
	void resourceMatchesAsInIam(String pattern, boolean matches) {
		assertThat(Tokens.PRINCIPAL.allowed(pattern).mayConnect(ENDPOINT, "app")).isEqualTo(matches);
	}

	@Test
	void denialWinsWhateverTheOrder() {
		assertThat(Tokens.PRINCIPAL.allowed("*").denied(ARN).mayConnect(ENDPOINT, "app")).isFalse();
		assertThat(Tokens.PRINCIPAL.denied(ARN).allowedToConnectAs("app").mayConnect(ENDPOINT, "app")).isFalse();
		assertThat(Tokens.PRINCIPAL.denied(ARN).allowed("*").mayConnect(ENDPOINT, "admin")).isTrue();
	}

	@Test
	void wildcardsKnowAllCharacters() {
		IamPrincipal principal = Tokens.PRINCIPAL.allowedToConnectAs("?-\uD83D\uDE00");
		assertThat(principal.mayConnect(ENDPOINT, "\uD83D\uDC18-\uD83D\uDE00")).isTrue();
		assertThat(principal.mayConnect(ENDPOINT, "x-\uD83D\uDE00")).isTrue();
	}

	@Test
	void textShowsNoSecret() {
		String text = Tokens.PRINCIPAL.withSessionToken(Tokens.SESSION_TOKEN).allowedToConnectAs("app").toString();
		assertThat(text.contains("NeverLogThis")).isFalse();
		assertThat(text.contains("AKIDEXAMPLE with a session token, [allow database user app]")).isTrue();
		text = Tokens.PRINCIPAL.withSessionToken(Tokens.SESSION_TOKEN, EXPIRY).toString();
		assertThat(text.contains("NeverLogThis")).isFalse();
		assertThat(text.contains("AKIDEXAMPLE with a session token until 2026-01-15T13:00:00Z, []")).isTrue();
	}

	@Test
	void isAValue() {
		IamPrincipal principal = Tokens.PRINCIPAL.allowedToConnectAs("app");
		assertThat(principal.equals(Tokens.PRINCIPAL.allowedToConnectAs("app"))).isTrue();
		assertThat(principal.equals(Tokens.PRINCIPAL)).isFalse();
		assertThat(principal.equals(principal.withSessionToken(Tokens.SESSION_TOKEN))).isFalse();
		assertThat(principal.equals(IamPrincipal.withKeys("AKIDEXAMPLE", "x").allowedToConnectAs("app"))).isFalse();
		IamPrincipal ending = principal.withSessionToken(Tokens.SESSION_TOKEN, EXPIRY);
		assertThat(ending.equals(principal.withSessionToken(Tokens.SESSION_TOKEN, EXPIRY))).isTrue();
		assertThat(ending.equals(principal.withSessionToken(Tokens.SESSION_TOKEN, EXPIRY.plusNanos(1)))).isFalse();
		assertThat(ending.equals(principal.withSessionToken(Tokens.SESSION_TOKEN))).isFalse();
		assertThat(
				ending.withSessionToken(Tokens.SESSION_TOKEN).equals(principal.withSessionToken(Tokens.SESSION_TOKEN)))
			.isTrue();
	}

	@Test
	void sessionEndsAtItsMomentAndStaysWithEachCopy() {
		IamPrincipal principal = Tokens.PRINCIPAL.withSessionToken(Tokens.SESSION_TOKEN, EXPIRY)
			.allowedToConnectAs("app");
		assertThat(principal.sessionHasExpired(EXPIRY.minusNanos(1))).isFalse();
		assertThat(principal.sessionHasExpired(EXPIRY)).isTrue();
		assertThat(principal.denied("*").sessionHasExpired(EXPIRY)).isTrue();
		assertThat(principal.withSessionToken(Tokens.SESSION_TOKEN).sessionHasExpired(Instant.MAX)).isFalse();
		assertThat(Tokens.PRINCIPAL.sessionHasExpired(Instant.MAX)).isFalse();
	}

	@Test
	void emptyKeysAreExplained() {
		assertThatIllegalArgumentException().isThrownBy(() -> IamPrincipal.withKeys("", Tokens.SECRET_KEY))
			.withMessage("An access key id consists of letters and digits only");
		assertThatIllegalArgumentException().isThrownBy(() -> IamPrincipal.withKeys("AKIDEXAMPLE", " "))
			.withMessage("The secret access key is empty");
		assertThatIllegalArgumentException().isThrownBy(() -> Tokens.PRINCIPAL.withSessionToken(" ", EXPIRY))
			.withMessage("The session token is empty");
	}

}

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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

import io.github.iamdatasource.emulator.sigv4.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.iamdatasource.emulator.TokenBuilder.tokenFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Asserts on rejections and booleans only: a failure must not print a token.
 */
class TokenVerifierTests {

	private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");

	private static final RdsEndpoint ENDPOINT = new RdsEndpoint("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432,
			"eu-west-1", "123456789012", "db-ABCDEFGHIJKL01234");

	private static final RdsEndpoint DSQL = new RdsEndpoint("vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws", 5432,
			"us-east-1", "123456789012", "db-ABCDEFGHIJKL01234");

	private static final IamPrincipal PRINCIPAL = Tokens.PRINCIPAL.allowedToConnectAs("app");

	private static final IamPrincipal SESSION_PRINCIPAL = PRINCIPAL.withSessionToken(Tokens.SESSION_TOKEN);

	@Test
	void goodTokenIsAccepted() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW))).isEmpty();
	}

	@Test
	void goodTokenOfSessionCredentialsIsAccepted() throws Exception {
		assertThat(verify(SESSION_PRINCIPAL, withSessionToken(Tokens.SESSION_TOKEN))).isEmpty();
	}

	@Test
	void unknownParameterIsPartOfWhatIsSigned() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).parameter("A-New-One", "x%20y"))).isEmpty();
		String token = tokenFor(ENDPOINT, NOW).sign();
		assertThat(verify(token.replace("&X-Amz-Date", "&A-New-One=x&X-Amz-Date"), NOW))
			.contains(Rejection.SIGNATURE_MISMATCH);
	}

	@Test
	void orderOfParametersDoesNotMatter() throws Exception {
		String token = tokenFor(ENDPOINT, NOW).sign();
		String swapped = token.replace("Action=connect&DBUser=app", "DBUser=app&Action=connect");
		assertThat(swapped.equals(token)).isFalse();
		assertThat(verify(swapped, NOW)).isEmpty();
	}

	@Test
	void dsqlTakesTokensOfItsOwn() throws Exception {
		assertThat(verifyForDsql("app", dsqlToken("DbConnect"))).isEmpty();
		assertThat(verifyForDsql("admin", dsqlToken("DbConnectAdmin"))).isEmpty();
		assertThat(verifyForDsql("admin", dsqlToken("DbConnect"))).contains(Rejection.WRONG_ACTION);
		assertThat(verifyForDsql("app", dsqlToken("DbConnectAdmin"))).contains(Rejection.WRONG_ACTION);
		assertThat(verifyForDsql("app", dsqlToken("connect"))).contains(Rejection.WRONG_ACTION);
		assertThat(verifyForDsql("app", dsqlToken("DbConnect").without("Action"))).contains(Rejection.MALFORMED_TOKEN);
		assertThat(verifyForDsql("app", dsqlToken("DbConnect").service("rds-db"))).contains(Rejection.WRONG_SERVICE);
		assertThat(verifyForDsql("app", dsqlToken("DbConnect").authority("other" + DSQL.hostname())))
			.contains(Rejection.WRONG_HOST);
		assertThat(verifyForDsql("app", dsqlToken("DbConnect").authority(DSQL.hostname() + ":5432")))
			.contains(Rejection.WRONG_PORT);
		assertThat(verifyForDsql("app", tokenFor(DSQL, NOW))).contains(Rejection.WRONG_ACTION);
		assertThat(verify(dsqlToken("DbConnect"))).contains(Rejection.WRONG_ACTION);
		assertThat(verifyForDsql("app", dsqlToken("DbConnect").keys(Tokens.ACCESS_KEY, "x")))
			.contains(Rejection.SIGNATURE_MISMATCH);
	}

	@Test
	void dsqlTakesTokensForUpToAWeek() throws Exception {
		assertThat(verifyForDsql("app", dsqlToken("DbConnect").parameter("X-Amz-Expires", "604800"))).isEmpty();
		assertThat(verifyForDsql("app", dsqlToken("DbConnect").parameter("X-Amz-Expires", "604801")))
			.contains(Rejection.LIFETIME_TOO_LONG);
	}

	@Test
	void dsqlsPolicyNamesTheClusterAndNotTheUser() throws Exception {
		assertThat(verifyForDsql(Tokens.PRINCIPAL.allowedToConnectAs("other"), "app", dsqlToken("DbConnect")))
			.contains(Rejection.POLICY_DENIES);
		assertThat(verifyForDsql(Tokens.PRINCIPAL.allowed(DSQL.resourceArn("app")), "app", dsqlToken("DbConnect")))
			.isEmpty();
		assertThat(verifyForDsql(Tokens.PRINCIPAL.allowed("arn:aws:dsql:us-east-1:123456789012:cluster/*"), "app",
				dsqlToken("DbConnect")))
			.isEmpty();
		assertThat(verifyForDsql(Tokens.PRINCIPAL.allowed(DSQL.dbUserArn("app")), "app", dsqlToken("DbConnect")))
			.contains(Rejection.POLICY_DENIES);
	}

	private static TokenBuilder dsqlToken(String action) {
		return tokenFor(DSQL, NOW).authority(DSQL.hostname())
			.service("dsql")
			.without("DBUser")
			.parameter("Action", action);
	}

	private static Optional<Rejection> verifyForDsql(String databaseUser, TokenBuilder token)
			throws MalformedException {
		return verifyForDsql(Tokens.PRINCIPAL.allowedToConnectAs("app", "admin"), databaseUser, token);
	}

	private static Optional<Rejection> verifyForDsql(IamPrincipal principal, String databaseUser, TokenBuilder token)
			throws MalformedException {
		return new TokenVerifier(DSQL, List.of(principal), Clock.fixed(NOW, ZoneOffset.UTC)).verify(token.sign(),
				databaseUser);
	}

	/** As the AWS SDK for Go v1 makes them. */
	@Test
	void tokenWithoutASlashIsAccepted() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).withoutSlash())).isEmpty();
		String token = tokenFor(ENDPOINT, NOW).sign();
		assertThat(tokenFor(ENDPOINT, NOW).withoutSlash().sign().equals(token.replace("/?", "?"))).isTrue();
		assertThat(verify(tokenFor(ENDPOINT, NOW).withoutSlash().authority(ENDPOINT.hostname() + ":5433")))
			.contains(Rejection.WRONG_PORT);
		assertThat(verify(token.replace("/?", "//?"), NOW)).contains(Rejection.MALFORMED_TOKEN);
	}

	@Test
	void everySingleCharacterButTheSlashCounts() throws Exception {
		TokenVerifier verifier = verifier(SESSION_PRINCIPAL, NOW);
		String token = withSessionToken(Tokens.SESSION_TOKEN).sign();
		assertThat(verifier.verify(token, "app")).isEmpty();
		for (int position = 0; position < token.length(); position++) {
			char original = token.charAt(position);
			for (char replacement : replacements(original)) {
				String changed = token.substring(0, position) + replacement + token.substring(position + 1);
				assertThat(verifier.verify(changed, "app")).as("character %s replaced", position).isPresent();
			}
			if (position == token.indexOf('/')) {
				// It may be absent, though nothing else may be in its place.
				continue;
			}
			String shortened = token.substring(0, position) + token.substring(position + 1);
			assertThat(verifier.verify(shortened, "app")).as("character %s removed", position).isPresent();
		}
	}

	private static List<Character> replacements(char original) {
		char otherCase = Character.isUpperCase(original) ? Character.toLowerCase(original)
				: Character.toUpperCase(original);
		return List.of('a', 'Z', '0', '9', 'f', '%', '&', '=', '+', '/', ' ', '\0', 'ü', otherCase)
			.stream()
			.filter((replacement) -> replacement != original)
			.toList();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "Action", "DBUser", "X-Amz-Algorithm", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders" })
	void missingParameterMakesItMalformed(String name) throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).without(name))).contains(Rejection.MALFORMED_TOKEN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "secret", "localhost:5432", "localhost:5432/", "localhost:5432/?", "/?a=b",
			"https://localhost:5432/?Action=connect", "localhost:5432/path?Action=connect",
			"localhost:5432//?Action=connect", "localhost:5432?", "?a=b", "?", "localhost:5432/?Action",
			"localhost:5432/?=connect", "localhost:5432/?a=%", "localhost:5432/?a=%4", "localhost:5432/?a=%zz",
			"localhost:5432/?a=%2f", "localhost:5432/?a=%FF", "localhost:5432/?a=b&&c=d" })
	void otherPasswordsAreMalformed(String password) {
		assertThat(verify(password, NOW)).contains(Rejection.MALFORMED_TOKEN);
	}

	@Test
	void schemeMakesItMalformed() throws Exception {
		assertThat(verify("https://" + tokenFor(ENDPOINT, NOW).sign(), NOW)).contains(Rejection.MALFORMED_TOKEN);
	}

	@Test
	void repeatedParameterMakesItMalformed() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).sign() + "&DBUser=admin", NOW)).contains(Rejection.MALFORMED_TOKEN);
		assertThat(verify(tokenFor(ENDPOINT, NOW).sign() + "&D%42User=admin", NOW)).contains(Rejection.MALFORMED_TOKEN);
	}

	@Test
	void plusIsNoSpace() throws Exception {
		IamPrincipal principal = Tokens.PRINCIPAL.allowedToConnectAs("*");
		TokenVerifier verifier = verifier(principal, NOW);
		String token = tokenFor(ENDPOINT, NOW).parameter("DBUser", "a+b").sign();
		assertThat(verifier.verify(token, "a b")).contains(Rejection.WRONG_USER);
		assertThat(verifier.verify(token, "a+b")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "host%3Bx-amz-date", "Host", "" })
	void otherSignedHeadersMakeItMalformed(String headers) throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).parameter("X-Amz-SignedHeaders", headers)))
			.contains(Rejection.MALFORMED_TOKEN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "20260115T1200Z", "2026-01-15T12:00:00Z", "20260230T120000Z", "20260115T250000Z", "now" })
	void otherTimestampsMakeItMalformed(String timestamp) throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).parameter("X-Amz-Date", timestamp)))
			.contains(Rejection.MALFORMED_TOKEN);
	}

	@Test
	void scopeOfAnotherDayMakesItMalformed() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).parameter("X-Amz-Credential",
				"AKIDEXAMPLE%2F20260114%2Feu-west-1%2Frds-db%2Faws4_request")))
			.contains(Rejection.MALFORMED_TOKEN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "AKIDEXAMPLE", "AKIDEXAMPLE%2F20260115%2Feu-west-1%2Frds-db",
			"AKIDEXAMPLE%2F20260115%2Feu-west-1%2Frds-db%2Faws5_request",
			"AKIDEXAMPLE%2F20260115%2Feu-west-1%2Frds-db%2Faws4_request%2F" })
	void otherScopesMakeItMalformed(String credential) throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).parameter("X-Amz-Credential", credential)))
			.contains(Rejection.MALFORMED_TOKEN);
	}

	@Test
	void otherAlgorithmIsRejected() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).parameter("X-Amz-Algorithm", "AWS4-HMAC-SHA1")))
			.contains(Rejection.WRONG_ALGORITHM);
	}

	@Test
	void otherActionIsRejected() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).parameter("Action", "Connect"))).contains(Rejection.WRONG_ACTION);
	}

	@Test
	void otherUserIsRejected() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).parameter("DBUser", "admin"))).contains(Rejection.WRONG_USER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "ORDERS.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
			"orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com." })
	void otherHostIsRejected(String host) throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).authority(host + ":5432"))).contains(Rejection.WRONG_HOST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "5433", "05432", "+5432", "", "5432:5432" })
	void otherPortIsRejected(String port) throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).authority(ENDPOINT.hostname() + ":" + port)))
			.contains(Rejection.WRONG_PORT);
	}

	@Test
	void missingPortMakesItMalformed() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).authority(ENDPOINT.hostname()))).contains(Rejection.MALFORMED_TOKEN);
	}

	@Test
	void otherRegionIsRejected() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).region("us-east-1"))).contains(Rejection.WRONG_REGION);
	}

	@Test
	void otherServiceIsRejected() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).service("rds"))).contains(Rejection.WRONG_SERVICE);
	}

	@Test
	void unknownAccessKeyIsRejected() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).keys("AKIDOTHER", Tokens.SECRET_KEY)))
			.contains(Rejection.UNKNOWN_ACCESS_KEY);
	}

	@Test
	void otherSecretKeyIsRejected() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).keys(Tokens.ACCESS_KEY, "another")))
			.contains(Rejection.SIGNATURE_MISMATCH);
	}

	@Test
	void missingSessionTokenIsRejected() throws Exception {
		assertThat(verify(SESSION_PRINCIPAL, tokenFor(ENDPOINT, NOW))).contains(Rejection.SESSION_TOKEN_MISSING);
	}

	@Test
	void otherSessionTokenIsRejected() throws Exception {
		assertThat(verify(SESSION_PRINCIPAL, withSessionToken("another"))).contains(Rejection.SESSION_TOKEN_WRONG);
	}

	@Test
	void sessionTokenWithLongTermCredentialsIsRejected() throws Exception {
		assertThat(verify(PRINCIPAL, withSessionToken(Tokens.SESSION_TOKEN))).contains(Rejection.SESSION_TOKEN_WRONG);
	}

	@Test
	void tokenOfSessionCredentialsIsValidUntilTheyEnd() throws Exception {
		IamPrincipal ending = PRINCIPAL.withSessionToken(Tokens.SESSION_TOKEN, NOW.plusSeconds(60));
		String token = withSessionToken(Tokens.SESSION_TOKEN).sign();
		assertThat(verifier(ending, NOW.plusSeconds(59)).verify(token, "app")).isEmpty();
		assertThat(verifier(ending, NOW.plusSeconds(60).minusNanos(1)).verify(token, "app")).isEmpty();
		assertThat(verifier(ending, NOW.plusSeconds(60)).verify(token, "app")).contains(Rejection.SESSION_EXPIRED);
	}

	@Test
	void tokenSignedAfterItsSessionCredentialsHaveEndedIsRejected() throws Exception {
		IamPrincipal ended = PRINCIPAL.withSessionToken(Tokens.SESSION_TOKEN, NOW.minusSeconds(1));
		assertThat(verify(ended, withSessionToken(Tokens.SESSION_TOKEN))).contains(Rejection.SESSION_EXPIRED);
	}

	@Test
	void endOfTheSessionIsTheReasonEvenOfATokenThatHasExpiredToo() throws Exception {
		IamPrincipal ending = PRINCIPAL.withSessionToken(Tokens.SESSION_TOKEN, NOW.plus(Duration.ofMinutes(20)));
		String token = withSessionToken(Tokens.SESSION_TOKEN).sign();
		assertThat(verifier(ending, NOW.plus(Duration.ofMinutes(15))).verify(token, "app")).contains(Rejection.EXPIRED);
		assertThat(verifier(ending, NOW.plus(Duration.ofMinutes(20))).verify(token, "app"))
			.contains(Rejection.SESSION_EXPIRED);
	}

	@Test
	void endOfTheSessionDoesNotHideAWrongSignature() throws Exception {
		IamPrincipal ended = PRINCIPAL.withSessionToken(Tokens.SESSION_TOKEN, NOW);
		assertThat(verify(ended, withSessionToken(Tokens.SESSION_TOKEN).keys(Tokens.ACCESS_KEY, "another")))
			.contains(Rejection.SIGNATURE_MISMATCH);
		assertThat(verify(ended, withSessionToken("another"))).contains(Rejection.SESSION_TOKEN_WRONG);
		assertThat(verify(ended, tokenFor(ENDPOINT, NOW))).contains(Rejection.SESSION_TOKEN_MISSING);
	}

	@Test
	void tokenIsValidUntilItsLifetimeIsOver() throws Exception {
		String token = tokenFor(ENDPOINT, NOW).sign();
		assertThat(verify(token, NOW.plus(Duration.ofMinutes(15)).minusNanos(1))).isEmpty();
		assertThat(verify(token, NOW.plus(Duration.ofMinutes(15)))).contains(Rejection.EXPIRED);
	}

	@Test
	void shorterLifetimeCounts() throws Exception {
		String token = tokenFor(ENDPOINT, NOW).parameter("X-Amz-Expires", "1").sign();
		assertThat(verify(token, NOW.plusMillis(999))).isEmpty();
		assertThat(verify(token, NOW.plusSeconds(1))).contains(Rejection.EXPIRED);
	}

	@Test
	void verifierMayAcceptATokenForLessThanTheTokenClaims() throws Exception {
		String token = tokenFor(ENDPOINT, NOW).sign();
		Duration lifetime = Duration.ofSeconds(60);
		assertThat(verify(lifetime, token, NOW.plusSeconds(59))).isEmpty();
		assertThat(verify(lifetime, token, NOW.plusSeconds(60).minusNanos(1))).isEmpty();
		assertThat(verify(lifetime, token, NOW.plusSeconds(60))).contains(Rejection.EXPIRED);
	}

	@Test
	void tokenMayClaimLessThanTheVerifierAccepts() throws Exception {
		String token = tokenFor(ENDPOINT, NOW).parameter("X-Amz-Expires", "60").sign();
		assertThat(verify(Duration.ofSeconds(61), token, NOW.plusSeconds(59))).isEmpty();
		assertThat(verify(Duration.ofSeconds(61), token, NOW.plusSeconds(60))).contains(Rejection.EXPIRED);
		assertThat(verify(Duration.ofSeconds(59), token, NOW.plusSeconds(58))).isEmpty();
		assertThat(verify(Duration.ofSeconds(59), token, NOW.plusSeconds(59))).contains(Rejection.EXPIRED);
	}

	@Test
	void lifetimeCountsFromTheSecondInWhichTheTokenWasSigned() throws Exception {
		String token = tokenFor(ENDPOINT, NOW.plusMillis(999)).sign();
		Duration lifetime = Duration.ofSeconds(1);
		assertThat(verify(lifetime, token, NOW.plusMillis(999))).isEmpty();
		assertThat(verify(lifetime, token, NOW.plusMillis(1000))).contains(Rejection.EXPIRED);
	}

	@Test
	void verifiersOwnLifetimeAllowsNoLongerClaim() throws Exception {
		String token = tokenFor(ENDPOINT, NOW).parameter("X-Amz-Expires", "901").sign();
		assertThat(verify(Duration.ofSeconds(60), token, NOW)).contains(Rejection.LIFETIME_TOO_LONG);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S", "-PT15M", "PT15M0.000000001S", "PT1H" })
	void verifiersLifetimeIsPositiveAndNoLongerThanThatOfRds(Duration lifetime) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new TokenVerifier(ENDPOINT, List.of(PRINCIPAL), Clock.systemUTC(), lifetime))
			.withMessage("The token lifetime is not a positive duration of at most 15 minutes, "
					+ "as long as RDS accepts a token");
	}

	@Test
	void signerMayBeFiveMinutesAhead() throws Exception {
		String token = tokenFor(ENDPOINT, NOW).sign();
		assertThat(verify(token, NOW.minus(Duration.ofMinutes(5)))).isEmpty();
		assertThat(verify(token, NOW.minus(Duration.ofMinutes(5)).minusNanos(1))).contains(Rejection.NOT_YET_VALID);
	}

	@Test
	void longerLifetimeIsRejected() throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).parameter("X-Amz-Expires", "901")))
			.contains(Rejection.LIFETIME_TOO_LONG);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "0900", "900.0", "", "99999999999" })
	void otherLifetimesMakeItMalformed(String lifetime) throws Exception {
		assertThat(verify(tokenFor(ENDPOINT, NOW).parameter("X-Amz-Expires", lifetime)))
			.contains(Rejection.MALFORMED_TOKEN);
	}

	@Test
	void policyIsAskedForTheDatabaseUser() throws Exception {
		assertThat(verify(Tokens.PRINCIPAL.allowedToConnectAs("admin"), tokenFor(ENDPOINT, NOW)))
			.contains(Rejection.POLICY_DENIES);
	}

	@Test
	void twoPrincipalsWithOneAccessKeyAreExplained() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new TokenVerifier(ENDPOINT, List.of(PRINCIPAL, SESSION_PRINCIPAL), Clock.systemUTC()))
			.withMessage("Two principals have the access key id AKIDEXAMPLE: give all its permissions to one");
	}

	private static TokenBuilder withSessionToken(String sessionToken) {
		return tokenFor(ENDPOINT, NOW).parameter("X-Amz-Security-Token",
				sessionToken.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"));
	}

	private static Optional<Rejection> verify(TokenBuilder token) throws MalformedException {
		return verify(PRINCIPAL, token);
	}

	private static Optional<Rejection> verify(IamPrincipal principal, TokenBuilder token) throws MalformedException {
		return verifier(principal, NOW).verify(token.sign(), "app");
	}

	private static Optional<Rejection> verify(String token, Instant now) {
		return verifier(PRINCIPAL, now).verify(token, "app");
	}

	private static Optional<Rejection> verify(Duration lifetime, String token, Instant now) {
		return new TokenVerifier(ENDPOINT, List.of(PRINCIPAL), Clock.fixed(now, ZoneOffset.UTC), lifetime).verify(token,
				"app");
	}

	private static TokenVerifier verifier(IamPrincipal principal, Instant now) {
		return new TokenVerifier(ENDPOINT, List.of(principal), Clock.fixed(now, ZoneOffset.UTC));
	}

}

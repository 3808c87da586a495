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

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JdbcUrl} and {@link PostgreSqlUrl}.
 */
class JdbcUrlTests {

	@ParameterizedTest
	@CsvSource({ "jdbc:postgresql://db.example.com:6543/orders, db.example.com, 6543",
			"jdbc:postgresql://db.example.com/orders, db.example.com, 5432",
			"jdbc:postgresql://db.example.com/, db.example.com, 5432", "jdbc:postgresql:orders, localhost, 5432",
			"jdbc:postgresql://[::1]:6543/orders, [::1], 6543",
			"jdbc:postgresql://db.example.com/orders?ApplicationName=a&connectTimeout=3, db.example.com, 5432" })
	void hasTheAddressThatTheDriverConnectsTo(String url, String host, int port) {
		JdbcUrl parsed = JdbcUrl.parse(url);
		assertThat(parsed.host()).isEqualTo(host);
		assertThat(parsed.port()).isEqualTo(port);
	}

	@Test
	void keepsTheUsersParametersAndTakesThemOutOfTheUrl() {
		PostgreSqlUrl url = (PostgreSqlUrl) JdbcUrl
			.parse("jdbc:postgresql://db.example.com/my%20orders?ApplicationName=a%26b&reWriteBatchedInserts=true");
		assertThat(url.parameters()).containsOnly(java.util.Map.entry("ApplicationName", "a&b"),
				java.util.Map.entry("reWriteBatchedInserts", "true"));
		assertThat(url.database()).isEqualTo("my orders");
		assertThat(JdbcUrl.parse(url.withoutParameters()))
			.isEqualTo(new PostgreSqlUrl("db.example.com", 5432, "my orders", java.util.Map.of()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql://db.example.com/orders", "db.example.com", "jdbc:", "jdbc:postgresql", "jdbc",
			" " })
	void refusesWhatIsNoJdbcUrl(String url) {
		assertRefused(url).withMessage("It is not a JDBC URL.");
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:mysql://h/db, mysql", "jdbc:h2:mem:test, h2", "jdbc:aws-wrapper:postgresql://h/db, aws-wrapper",
			"jdbc:POSTGRESQL://h/db, POSTGRESQL" })
	void refusesAnUnknownSubprotocol(String url, String subprotocol) {
		assertRefused(url).withMessageContaining("'" + subprotocol + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://db.example.com:port/orders", "jdbc:postgresql://db.example.com:99999/o",
			"jdbc:postgresql://db.example.com", "jdbc:postgresql://a/b/c", "jdbc:postgresql:/orders",
			"jdbc:postgresql://h/%zz" })
	void refusesWhatTheDriverCannotParse(String url) {
		assertRefused(url).withMessage("The PostgreSQL driver cannot parse it.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "user", "password", "service", "authenticationPluginClassName", "sslfactory",
			"sslfactoryarg", "sslhostnameverifier", "sslcert", "sslkey", "sslpassword" })
	void refusesAParameterUnderWhichTheTokenWouldNotHold(String parameter) {
		assertRefused("jdbc:postgresql://h/db?ApplicationName=a&" + parameter + "=x")
			.withMessage("It has the parameter '" + parameter + "'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PASSWORD", "Password", "sslPassword" })
	void refusesASecretWhateverItsCase(String parameter) {
		assertRefused("jdbc:postgresql://h/db?" + parameter + "=x").withMessageContaining("It has the parameter '");
	}

	@Test
	void hostThatIsLeftOutIsTheDriversDefault() {
		assertThat(JdbcUrl.parse("jdbc:postgresql:///db").host()).isEqualTo("localhost");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PGHOST=other", "host=other", "PGPORT=1", "port=1" })
	void refusesASecondAddress(String parameter) {
		assertRefused("jdbc:postgresql://h/db?" + parameter).withMessageContaining("another host or port");
	}

	@Test
	void refusesSeveralHosts() {
		assertRefused("jdbc:postgresql://a,b:6543/db").withMessageContaining("several hosts");
	}

	@Test
	void refusesAUserInTheAddress() {
		assertRefused("jdbc:postgresql://user:word@h/db").withMessageContaining("before an '@'");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', value = { "jdbc:postgresql://h:1/db, jdbc:postgresql://h:1/db",
			"orders.example.com, orders.example.com", "jdbc:postgresql://h:port/db, jdbc:postgresql://h:port/db",
			"jdbc:postgresql://h:1/db?password=word, jdbc:postgresql://h:1/db…",
			"\"jdbc:postgresql://h/db?x=1\n&password=word\", jdbc:postgresql://h/db…",
			"\"jdbc:postgresql://h/db\n?password=word\", jdbc:postgresql://h/db…",
			"jdbc:postgresql://user:word@h:1/db, jdbc:postgresql://…",
			"jdbc:postgresql://user:wo?rd@h:1/db, jdbc:postgresql://…",
			"jdbc:postgresql://h/db?password=x@word, jdbc:postgresql://…", "postgres://user:word@h/db, postgres://…",
			"jdbc:sqlserver://h;user=u;password=word, jdbc:sqlserver://h…",
			"jdbc:postgresql://h/db&password=word, jdbc:postgresql://h/db…",
			"jdbc:postgresql://h/db#password=word, jdbc:postgresql://h/db…",
			"\"jdbc:mysql://(host=h,user=u,password=word)/db\", jdbc:mysql://…",
			"jdbc:db2://h/S:password=word;, jdbc:db2://h/S:password…",
			"jdbc:oracle:thin:scott/word@//h/db, jdbc:oracle:…", "user:word@h, …" })
	void showsNothingSecret(String url, String shown) {
		assertThat(JdbcUrl.redact(url)).doesNotContain("word@", "=word", "rd@").isEqualTo(shown);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "jdbc:postgresql://h/a/b?sslpassword=NeverLogThis", "jdbc:postgresql://h/a/b?x=NeverLogThis",
					"jdbc:postgresql://h?PASSWORD=NeverLogThis", "jdbc:postgresql://h;password=NeverLogThis/db" })
	void driverDoesNotLogWhatItCannotParse(String url) {
		// That it does not is seen by the search of all test output.
		assertRefused(url).satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("NeverLogThis"));
	}

	private static org.assertj.core.api.ThrowableAssertAlternative<InvalidSettingException> assertRefused(String url) {
		return assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> JdbcUrl.parse(url))
			.satisfies((ex) -> assertThat(ex.getAction()).isNotBlank());
	}

}

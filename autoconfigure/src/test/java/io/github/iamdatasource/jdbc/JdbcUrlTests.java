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

import java.util.List;
import java.util.Map;

import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JdbcUrl} and what each driver makes of it.
 */
class JdbcUrlTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "jdbc:postgresql://db.example.com:6543/orders | db.example.com:6543",
			"jdbc:postgresql://db.example.com/orders | db.example.com:5432",
			"jdbc:postgresql://db.example.com/ | db.example.com:5432", "jdbc:postgresql:orders | localhost:5432",
			"jdbc:postgresql:///db | localhost:5432", "jdbc:postgresql://[::1]:6543/orders | [::1]:6543",
			"jdbc:postgresql://DB.Example.COM./orders | db.example.com.:5432",
			"jdbc:postgresql://db.example.com/orders?ApplicationName=a&connectTimeout=3 | db.example.com:5432",
			"jdbc:postgresql://a,b:6543/db?targetServerType=primary | a:5432, b:6543",
			"jdbc:mysql://db.example.com:3307/orders | db.example.com:3307",
			"jdbc:mysql://db.example.com/orders | db.example.com:3306",
			"jdbc:mysql://db.example.com | db.example.com:3306", "jdbc:mysql:///orders | localhost:3306",
			"jdbc:mysql://[::1]:3307/orders | [::1]:3307", "jdbc:mysql://a,b:3307/db?connectTimeout=3 | a:3306, b:3307",
			"jdbc:mysql://address=(host=a)(port=3307)/db | a:3307", "jdbc:mysql://(host=a,port=3307)/db | a:3307",
			"jdbc:mysql:loadbalance://a,b/db | a:3306, b:3306",
			"jdbc:mariadb://db.example.com:3307/orders | db.example.com:3307",
			"jdbc:mariadb://db.example.com/orders?useServerPrepStmts=true | db.example.com:3306",
			"jdbc:mariadb://db.example.com | db.example.com:3306",
			"jdbc:mariadb:sequential://a,b:3307/db | a:3306, b:3307",
			"jdbc:mariadb://address=(host=a)(port=3307)/db | a:3307",
			"jdbc:mysql://db.example.com/orders?permitMysqlScheme | db.example.com:3306",
			"jdbc:aws-wrapper:postgresql://db.example.com/orders?wrapperPlugins=efm2 | db.example.com:5432",
			"jdbc:aws-wrapper:mysql://db.example.com/orders | db.example.com:3306",
			"jdbc:aws-wrapper:mariadb://db.example.com/orders | db.example.com:3306" })
	void hasTheAddressesThatTheDriverConnectsTo(String url, String hosts) {
		assertThat(JdbcUrl.parse(url).hosts()).hasToString("[" + hosts + "]");
	}

	@Test
	void keepsTheUsersParametersAndTakesThemOutOfTheUrl() {
		PostgreSqlUrl url = (PostgreSqlUrl) JdbcUrl
			.parse("jdbc:postgresql://db.example.com/my%20orders?ApplicationName=a%26b&reWriteBatchedInserts=true");
		assertThat(url.parameters()).containsOnly(Map.entry("ApplicationName", "a&b"),
				Map.entry("reWriteBatchedInserts", "true"));
		assertThat(url.database()).isEqualTo("my orders");
		assertThat(JdbcUrl.parse(url.toString()))
			.isEqualTo(new PostgreSqlUrl(List.of(new HostAndPort("db.example.com", 5432)), "my orders", Map.of()));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"jdbc:mysql://h:3307/my%20orders?connectionAttributes=a:b&useCompression=true | jdbc:mysql://h:3307/my+orders",
			"jdbc:mariadb://h:3307/orders?connectionAttributes=a:b&useCompression=true | jdbc:mariadb://h:3307/orders",
			"jdbc:aws-wrapper:mysql://h:3307/orders?connectionAttributes=a:b&useCompression=true | "
					+ "jdbc:aws-wrapper:mysql://h:3307/orders" })
	void driverGetsTheUsersParametersAndAUrlWithoutThem(String url, String address) {
		DriverProfile profile = DriverUrl.parse(url).profile(new TlsSettings(TlsMode.VERIFY_FULL, List.of()));
		assertThat(profile.url()).isEqualTo(address);
		assertThat(profile.properties()).containsEntry("connectionAttributes", "a:b")
			.containsEntry("useCompression", "true")
			.doesNotContainKeys("password", "user");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql://db.example.com/orders", "db.example.com", "jdbc:", "jdbc:postgresql", "jdbc",
			" " })
	void refusesWhatIsNoJdbcUrl(String url) {
		assertRefused(url).withMessage("It is not a JDBC URL.");
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:h2:mem:test, h2", "jdbc:oracle:thin:@h, oracle", "jdbc:aws-wrapper:h2://h/db, h2",
			"jdbc:POSTGRESQL://h/db, postgresql" })
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
			"sslfactoryarg", "sslhostnameverifier", "sslpasswordcallback", "requireAuth", "channelBinding" })
	void refusesAParameterUnderWhichTheTokenWouldNotHold(String parameter) {
		assertRefused("jdbc:postgresql://h/db?ApplicationName=a&" + parameter + "=x")
			.withMessage("It has the parameter '" + parameter + "'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PASSWORD", "Password", "PassWord" })
	void refusesASecretWhateverItsCase(String parameter) {
		assertRefused("jdbc:postgresql://h/db?" + parameter + "=x").withMessageContaining("It has the parameter '");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PGHOST=other", "host=other", "PGPORT=1", "port=1" })
	void refusesASecondAddress(String parameter) {
		assertRefused("jdbc:postgresql://h/db?" + parameter).withMessageContaining("another host or port");
	}

	@ParameterizedTest
	@ValueSource(strings = { "user", "password", "password1", "PASSWORD2", "authenticationPlugins",
			"defaultAuthenticationPlugin", "disabledAuthenticationPlugins", "socketFactory", "useConfigs",
			"propertiesTransform", "trustManagerFactoryProvider", "dnsSrv", "host", "port", "traceProtocol",
			"enablePacketDebug" })
	void mySqlRefusesAParameterUnderWhichTheTokenWouldNotHold(String parameter) {
		assertRefused("jdbc:mysql://h/db?connectTimeout=1&" + parameter + "=x")
			.withMessageContaining("It has the parameter '");
	}

	@ParameterizedTest
	@ValueSource(strings = { "user", "password", "Password2", "credentialType", "tlsSocketType", "localSocket", "pipe",
			"pool", "socketFactory" })
	void mariaDbRefusesAParameterUnderWhichTheTokenWouldNotHold(String parameter) {
		assertRefused("jdbc:mariadb://h/db?connectTimeout=1&" + parameter + "=x")
			.withMessageContaining("It has the parameter '");
	}

	@ParameterizedTest
	@ValueSource(strings = { "iam", "IAM", "awsSecretsManager", "awsSecretsManager2", "federatedAuth", "okta", "bg",
			"limitless" })
	void wrapperRefusesAPluginThatTheTokenWouldNotWorkWith(String plugin) {
		assertRefused("jdbc:aws-wrapper:postgresql://h/db?wrapperPlugins=efm2, " + plugin)
			.withMessage("It has the plugin '" + plugin + "' in wrapperPlugins.");
	}

	@Test
	void wrapperRefusesAPluginWhoseNameIsEncoded() {
		assertRefused("jdbc:aws-wrapper:postgresql://h/db?wrapperPlugins=%69am").withMessageContaining("'iam'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "connectionPoolType", "wrapperProfileName", "monitoring-sslmode", "monitoring-password",
			"topology-monitoring-sslMode", "frt-authenticationPluginClassName" })
	void wrapperRefusesAParameterByWhichItsOwnConnectionsWouldDiffer(String parameter) {
		assertRefused("jdbc:aws-wrapper:postgresql://h/db?" + parameter + "=x")
			.withMessage("It has the parameter '" + parameter + "'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:mysql://h/db?useSSL", "jdbc:mysql://h/db?allowMultiQueries",
			"jdbc:mariadb://h/db?allowMultiQueries", "jdbc:postgresql://h/db?reWriteBatchedInserts" })
	void parameterWithoutAValueIsOne(String url) {
		assertThat(JdbcUrl.parse(url).hosts()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:mysql://(host=h,connectionAttributes=NeverLogThis)/db",
			"jdbc:mysql://address=(host=h)(trustCertificateKeyStorePassword=NeverLogThis)/db",
			"jdbc:mariadb://address=(host=h)(trustStorePassword=NeverLogThis)/db",
			"jdbc:mariadb://address=(host=h)(localSocket=s)/db" })
	void refusesWhatIsSaidOfOneHostAlone(String url) {
		assertRefused(url).withMessageContaining("for one of its hosts alone")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("NeverLogThis"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:mysql+srv://h/db", "jdbc:mysql://h:port/db", "jdbc:mysql:h/db",
			"jdbc:mariadb://h:port/db", "jdbc:mariadb:h/db", "jdbc:mariadb:///db", "jdbc:mariadb:nonsense://h/db" })
	void refusesWhatTheOtherDriversCannotParse(String url) {
		assertRefused(url);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:mysql://user:NeverLogThis@h/db",
			"jdbc:mysql://(host=h,user=u,password=NeverLogThis)/db",
			"jdbc:mysql://address=(host=h)(password=NeverLogThis)/db", "jdbc:mariadb://user:NeverLogThis@h/db" })
	void refusesASecretInAnAddress(String url) {
		assertRefused(url).satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("NeverLogThis"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://h/db&password=NeverLogThis",
			"jdbc:postgresql://h/db;password=NeverLogThis", "jdbc:mysql://h/db&user=u&password=NeverLogThis",
			"jdbc:mariadb://h/db;password=NeverLogThis?x=y", "jdbc:mariadb://h/db#password=NeverLogThis",
			"jdbc:aws-wrapper:mysql://h/db&password=NeverLogThis" })
	void refusesParametersThatWouldBecomePartOfTheDatabasesName(String url) {
		assertRefused(url).withMessageContaining("without a question mark");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:mariadb://address=(host=h)(password=NeverLogThis)/db",
			"jdbc:mariadb://address=(host=h)( User = u)/db" })
	void refusesWhatMariaDbsDriverPassesOver(String url) {
		assertRefused(url).withMessageContaining("for one of its hosts alone");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://,/db", "jdbc:mariadb://address=(host=h",
			"jdbc:mariadb://h/db?x=address=(", "jdbc:mysql://(host=h,port=-1)/db" })
	void refusesWhatADriverTripsOver(String url) {
		assertRefused(url).withMessageContaining("driver cannot parse it");
	}

	@Test
	void takesAParameterWithoutAValue() {
		assertThat(((MySqlUrl) JdbcUrl.parse("jdbc:mysql://h/db?useCompression")).parameters())
			.containsEntry("useCompression", "");
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
					"jdbc:postgresql://h?PASSWORD=NeverLogThis", "jdbc:postgresql://h/db?sslpassword=NeverLogThis%zz",
					"jdbc:postgresql://h/db?port=NeverLogThis", "jdbc:postgresql://user:NeverLogThis?x@h/db",
					"jdbc:postgresql://user:NeverLogThis/x?y@h/db", "jdbc:postgresql://h/db?PGHOST=NeverLogThis,b",
					"jdbc:postgresql://address=(host=h)(password=NeverLogThis)/db/x",
					"jdbc:postgresql://h;password=NeverLogThis/db" })
	void driverDoesNotLogWhatItCannotParse(String url) {
		// That it does not is seen by the search of all test output.
		assertRefused(url).satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("NeverLogThis"));
	}

	private static org.assertj.core.api.ThrowableAssertAlternative<InvalidSettingException> assertRefused(String url) {
		return assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> JdbcUrl.parse(url))
			.satisfies((ex) -> assertThat(ex.getAction()).isNotBlank());
	}

}

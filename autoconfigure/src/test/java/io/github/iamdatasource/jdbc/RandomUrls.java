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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes up JDBC URLs, from sensible ones to junk. The same seed makes up the same URL.
 */
final class RandomUrls {

	/** In whatever may be secret; the build searches all output for it. */
	static final String SECRET = "NeverLogThis";

	private static final String JUNK = "aZ09.-_~:/?#[]@!$&'()*+,;=%| \t\"<>\\^`{}é\u212A\u0000\n";

	private static final List<String> KINDS = List.of("postgresql", "mysql", "mysql:loadbalance", "mysql:replication",
			"mysql+srv", "mariadb", "mariadb:sequential", "mariadb:loadbalance", "mariadb:replication",
			"mariadb:load-balance-read", "aws-wrapper:postgresql", "aws-wrapper:mysql", "aws-wrapper:mariadb",
			"aws-wrapper:aws-wrapper:mysql");

	private static final List<String> PARAMETERS = List.of("user", "password", "password1", "sslmode", "sslMode", "ssl",
			"useSSL", "host", "port", "PGHOST", "PGPORT", "service", "dnsSrv", "connectTimeout", "loginTimeout",
			"ApplicationName", "permitMysqlScheme", "socketFactory", "wrapperPlugins", "protocol", "address", "type",
			"path", "localSocket", "pool", "targetServerType", "loadBalanceHosts", "nonsense", "_addresses", "_haMode",
			"%75ser", "connectionAttributes", "useConfigs");

	private final Random random;

	RandomUrls(long seed) {
		this.random = new Random(seed);
	}

	String next() {
		String url = "jdbc:" + one(KINDS) + ":" + (chance(95) ? "//" : "") + authority() + path() + query();
		return chance(95) ? url : damaged(url);
	}

	/**
	 * Text with a secret where passwords are written: before an {@code @}, in a parameter
	 * of a host, or in one of the URL.
	 */
	String nextWithSecret() {
		String secret = SECRET + junk(4).replace("/", "");
		String authority = authority();
		return switch (this.random.nextInt(5)) {
			case 0 -> "jdbc:" + one(KINDS) + "://" + word() + ":" + secret + "@" + authority + path() + query();
			case 1 -> "jdbc:" + one(KINDS) + "://(host=" + host() + ",password=" + secret + ")" + path() + query();
			case 2 -> "jdbc:" + one(KINDS) + "://address=(host=" + host() + ")(password=" + secret + ")" + path();
			case 3 -> "jdbc:" + one(KINDS) + "://" + authority + path() + "?" + word() + "=" + secret;
			default -> "jdbc:" + one(KINDS) + "://" + authority + path() + query() + "&" + oddCase(one(PARAMETERS))
					+ "=" + secret;
		};
	}

	private String authority() {
		List<String> hosts = new ArrayList<>();
		int count = chance(60) ? 1 : this.random.nextInt(4);
		for (int i = 0; i < count; i++) {
			hosts.add(chance(85) ? host() + port() : keyValueHost());
		}
		String list = String.join(",", hosts);
		return chance(95) ? list : "[" + list + "]";
	}

	private String host() {
		return pick(() -> "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
				() -> oddCase("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com") + (chance(30) ? "." : ""), this::word,
				() -> word() + "." + word() + "." + word(), () -> "10.1.2." + this.random.nextInt(300), () -> "127.1",
				() -> "[::1]", () -> "[fe80::" + this.random.nextInt(9) + "%25eth0]", () -> "::1", () -> "",
				() -> "%6frders.example.com", () -> " " + word(), () -> "localhost", () -> "o\u212Aay.example.com",
				() -> junk(8));
	}

	private String keyValueHost() {
		return pick(() -> "(host=" + host() + ",port=" + number() + ")", () -> "(Host=" + host() + ")",
				() -> "(port=" + number() + ")", () -> "address=(host=" + host() + ")(port=" + number() + ")",
				() -> "ADDRESS=(protocol=tcp)(host=" + host() + ")(port=" + number() + ")",
				() -> "address=(host=" + host() + ")(type=" + one(List.of("replica", "primary", "x")) + ")",
				() -> "address=(host=" + word() + ")(host=" + word() + ")",
				() -> "(host=" + word() + ",sslMode=DISABLED)", () -> "(" + junk(6) + ")", () -> "address=" + junk(6));
	}

	private String port() {
		return chance(50) ? "" : ":" + number();
	}

	private String number() {
		return pick(() -> "5432", () -> Integer.toString(this.random.nextInt(70_000)), () -> "", () -> "0", () -> "-1",
				() -> "+5432", () -> "05432", () -> "99999999999", () -> " 3306", () -> junk(3));
	}

	private String path() {
		return pick(() -> "/orders", () -> "/orders", () -> "/", () -> "", () -> "/my%20orders", () -> "/a/b",
				() -> "/%zz", () -> "/a#b", () -> "/" + junk(5));
	}

	private String query() {
		if (chance(40)) {
			return "";
		}
		List<String> parameters = IntStream.range(0, this.random.nextInt(4)).mapToObj((i) -> parameter()).toList();
		// What follows the name of a database would belong to the name.
		boolean namesDatabase = parameters.stream()
			.anyMatch((parameter) -> parameter.toLowerCase(Locale.ROOT).contains("dbname"));
		return "?" + String.join((namesDatabase || chance(95)) ? "&" : ";", parameters);
	}

	private String parameter() {
		String name = chance(30) ? oddCase(one(PARAMETERS)) : one(PARAMETERS);
		return pick(() -> name + "=" + SECRET, () -> name + "=" + SECRET + junk(3).replace("&", ""),
				() -> name + "=true", () -> name + "=1", () -> name, () -> name + "=other.example.com",
				() -> name + "=%", () -> "=" + SECRET, () -> one(List.of("PGDBNAME", "dbname")) + "=" + word());
	}

	private String word() {
		return this.random.ints(1 + this.random.nextInt(6), 'a', 'z' + 1)
			.mapToObj(Character::toString)
			.collect(Collectors.joining());
	}

	private String junk(int longest) {
		return this.random.ints(this.random.nextInt(longest + 1), 0, JUNK.length())
			.mapToObj((i) -> JUNK.substring(i, i + 1))
			.collect(Collectors.joining());
	}

	private String oddCase(String text) {
		return text.chars()
			.mapToObj(Character::toString)
			.map((letter) -> this.random.nextBoolean() ? letter.toUpperCase(Locale.ROOT) : letter)
			.collect(Collectors.joining());
	}

	private String damaged(String url) {
		int at = this.random.nextInt(url.length());
		int end = Math.min(url.length(), at + this.random.nextInt(3));
		// What no question mark comes before is no parameter.
		String kept = (url.substring(at, end).indexOf('?') != -1) ? "?" : "";
		return url.substring(0, at) + kept + junk(2) + url.substring(end);
	}

	private boolean chance(int percent) {
		return this.random.nextInt(100) < percent;
	}

	private <T> T one(List<T> values) {
		return values.get(this.random.nextInt(values.size()));
	}

	@SafeVarargs
	private String pick(Supplier<String>... choices) {
		return choices[this.random.nextInt(choices.length)].get();
	}

}

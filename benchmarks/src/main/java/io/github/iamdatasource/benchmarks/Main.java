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
package io.github.iamdatasource.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.iamdatasource.benchmarks.Contender.Moment;

/**
 * Runs the benchmarks and experiments that are named, or all of them, against one
 * database of their own.
 */
public final class Main {

	private static final String QUICK = "--quick";

	private static final String ROUNDS = "--rounds=";

	/** How long slow credentials take. */
	private static final Duration SLOW = Duration.ofSeconds(2);

	private final DatabaseAccess database;

	private final boolean quick;

	private final int rounds;

	private Main(DatabaseAccess database, boolean quick, int rounds) {
		this.database = database;
		this.quick = quick;
		this.rounds = rounds;
	}

	/**
	 * The program.
	 * @param arguments {@code --quick}, to see only that everything works,
	 * {@code --rounds=N}, and what to run
	 * @throws Exception if one of them fails
	 */
	public static void main(String[] arguments) throws Exception {
		List<String> names = new ArrayList<>(List.of(arguments));
		boolean quick = names.remove(QUICK);
		int rounds = quick ? 1 : 20;
		for (String argument : arguments) {
			if (argument.startsWith(ROUNDS)) {
				rounds = Integer.parseInt(argument.substring(ROUNDS.length()));
				names.remove(argument);
			}
		}
		List<Measurement> measurements = names.isEmpty() ? List.of(Measurement.values())
				: names.stream().map(Measurement::of).toList();
		try (BenchmarkDatabase database = BenchmarkDatabase.start()) {
			database.access().setSystemProperties();
			Main main = new Main(database.access(), quick, rounds);
			for (Measurement measurement : measurements) {
				main.run(measurement);
			}
		}
		// The wrapper's monitors would go on for a while.
		System.exit(0);
	}

	private void run(Measurement measurement) throws Exception {
		JmhComparison jmh = new JmhComparison(this.database, this.quick);
		switch (measurement) {
			case TOKEN_READ -> jmh.run(TokenReadBenchmark.class, TokenReadBenchmark.METHODS, 1, 1, this.rounds);
			case EXPIRY -> burst(Moment.EXPIRY, Duration.ofMillis(100));
			case REFRESH -> {
				burst(Moment.FRESH, Duration.ZERO);
				Duration slow = this.quick ? Duration.ofMillis(500) : SLOW;
				burst(Moment.REFRESH, slow);
				reads(slow);
			}
			case MANY -> JavaProgram.run(ManySources.jvmArguments(), ManySources.class, this.quick ? "100" : "1000");
			case CONNECT -> {
				jmh.run(ConnectBenchmark.class, ConnectBenchmark.METHODS, 2, 1, this.rounds);
				jmh.run(ConnectBenchmark.class, ConnectBenchmark.METHODS, 2, 16, this.rounds);
			}
			case JARS -> new JarComparison(new StartupRun(this.database)).run();
			case STARTUP -> new StartupComparison(new StartupRun(this.database)).run(this.rounds, this.quick ? 0 : 2);
		}
	}

	private void burst(Moment moment, Duration delay) throws Exception {
		List<Contender> contenders = List.of(new PasswordContender(this.database), new StarterContender(this.database),
				new WrapperContender(this.database));
		try {
			new BurstExperiment(contenders, this.quick ? 4 : 64, this.rounds, this.quick ? 0 : 1).run(moment, delay);
		}
		finally {
			contenders.forEach(Contender::close);
		}
	}

	private void reads(Duration delay) throws Exception {
		List<TokenContender> contenders = List.of(new StarterContender(this.database),
				new WrapperContender(this.database));
		try {
			new ReadExperiment(contenders, this.rounds).run(delay);
		}
		finally {
			contenders.forEach(Contender::close);
		}
	}

	private enum Measurement {

		TOKEN_READ, EXPIRY, REFRESH, MANY, CONNECT, JARS, STARTUP;

		static Measurement of(String name) {
			return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
		}

	}

}

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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.iamdatasource.benchmarks.Contender.Moment;

/**
 * A burst of logins that finds each contender at the same moment in its token's life: how
 * often were the credentials looked up, how many tokens were signed, and how long did the
 * logins take.
 */
final class BurstExperiment {

	private static final int CONNECTION_TIMEOUT_MILLIS = 60_000;

	private final List<Contender> contenders;

	private final int threads;

	private final int rounds;

	private final int warmUps;

	/**
	 * Create an experiment.
	 * @param contenders who takes part
	 * @param threads how many logins there are at once
	 * @param rounds how many bursts for each contender
	 * @param warmUps how many more before them, which do not count
	 */
	BurstExperiment(List<Contender> contenders, int threads, int rounds, int warmUps) {
		this.contenders = contenders;
		this.threads = threads;
		this.rounds = rounds;
		this.warmUps = warmUps;
	}

	/**
	 * Run the experiment and print a table.
	 * @param moment when the burst comes
	 * @param delay how long the credentials take to resolve from then on
	 * @throws InterruptedException if this thread was interrupted
	 * @throws SQLException if a login failed
	 */
	void run(Moment moment, Duration delay) throws InterruptedException, SQLException {
		System.out.printf("%n%d logins at once; token: %s; credentials take %d ms; %d rounds%n", this.threads,
				moment.name().toLowerCase(Locale.ROOT), delay.toMillis(), this.rounds);
		System.out
			.println("| contender | pool | look-ups | signatures | login median, ms | 99.9 %, ms | longest, ms |");
		System.out.println("|---|---|---|---|---|---|---|");
		for (boolean pooled : new boolean[] { false, true }) {
			List<List<Outcome>> outcomes = new ArrayList<>();
			this.contenders.forEach((contender) -> outcomes.add(new ArrayList<>()));
			for (int round = -this.warmUps; round < this.rounds; round++) {
				for (int i = 0; i < this.contenders.size(); i++) {
					// Another one begins each time, so that none is always the last.
					int contender = Math.floorMod(i + round, this.contenders.size());
					Outcome outcome = burst(this.contenders.get(contender), pooled, moment, delay);
					if (round >= 0) {
						outcomes.get(contender).add(outcome);
					}
				}
			}
			for (int i = 0; i < this.contenders.size(); i++) {
				print(this.contenders.get(i), pooled, outcomes.get(i));
			}
		}
	}

	private Outcome burst(Contender contender, boolean pooled, Moment moment, Duration delay)
			throws InterruptedException, SQLException {
		contender.credentials().delay(Duration.ZERO);
		try (Connection connection = contender.unpooled().open()) {
			// So there is a token, and everything has been loaded.
			connection.isValid(0);
		}
		contender.credentials().delay(delay);
		int lookUps = contender.credentials().lookUps();
		int signatures = contender.signatures();
		double[] millis = pooled ? throughPool(contender, moment) : unpooled(contender, moment);
		contender.settle();
		Outcome outcome = new Outcome(contender.credentials().lookUps() - lookUps, contender.signatures() - signatures,
				millis);
		if (moment != Moment.FRESH && contender.claimsOneSignature()
				&& (outcome.lookUps() != 1 || outcome.signatures() != 1)) {
			throw new IllegalStateException("The logins of " + contender.title() + " needed " + outcome.lookUps()
					+ " look-ups and " + outcome.signatures() + " signatures");
		}
		return outcome;
	}

	private double[] unpooled(Contender contender, Moment moment) throws InterruptedException, SQLException {
		contender.reach(moment);
		contender.logInsBegin(moment);
		return LoginBurst.run(this.threads, contender.unpooled(), () -> contender.logInsAreOver(moment));
	}

	private double[] throughPool(Contender contender, Moment moment) throws InterruptedException, SQLException {
		HikariConfig config = new HikariConfig();
		// And as many idle ones at least, which is the default: with fewer, HikariCP
		// forgets one of the borrowers now and then, whatever is under it.
		config.setMaximumPoolSize(this.threads);
		config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
		// No connection before the burst.
		config.setInitializationFailTimeout(-1);
		contender.configure(config);
		contender.reach(moment);
		contender.logInsBegin(moment);
		try (HikariDataSource pool = new HikariDataSource(config)) {
			return LoginBurst.run(this.threads, pool::getConnection, () -> contender.logInsAreOver(moment));
		}
	}

	private static void print(Contender contender, boolean pooled, List<Outcome> outcomes) {
		Sample millis = new Sample(
				outcomes.stream().flatMapToDouble((outcome) -> Arrays.stream(outcome.millis())).toArray());
		System.out.printf(Locale.ROOT, "| %s | %s | %s | %s | %.0f | %.0f | %.0f |%n", contender.title(),
				pooled ? "HikariCP" : "none", range(outcomes.stream().mapToDouble(Outcome::lookUps)),
				range(outcomes.stream().mapToDouble(Outcome::signatures)), millis.median(), millis.quantile(0.999),
				millis.maximum());
	}

	/** Each round's count, from the least to the most. */
	private static String range(DoubleStream counts) {
		Sample sample = new Sample(counts.toArray());
		int least = (int) sample.quantile(0);
		int most = (int) sample.maximum();
		return (least == most) ? String.valueOf(most) : least + "–" + most;
	}

	private record Outcome(int lookUps, int signatures, double[] millis) {

	}

}

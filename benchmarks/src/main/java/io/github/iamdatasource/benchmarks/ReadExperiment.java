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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.stream.DoubleStream;

import io.github.iamdatasource.benchmarks.Contender.Moment;

/**
 * A few threads that read the token again and again, for the whole time in which another
 * one is looked up: how long is the longest that one of them has to wait?
 */
final class ReadExperiment {

	private static final int THREADS = 4;

	private final List<TokenContender> contenders;

	private final int rounds;

	/**
	 * Create an experiment.
	 * @param contenders who takes part
	 * @param rounds how many times each replaces its token
	 */
	ReadExperiment(List<TokenContender> contenders, int rounds) {
		this.contenders = contenders;
		this.rounds = rounds;
	}

	/**
	 * Run the experiment and print a table.
	 * @param delay how long the credentials take to resolve
	 * @throws Exception if the token could not be read
	 */
	void run(Duration delay) throws Exception {
		List<DoubleStream.Builder> nanos = this.contenders.stream().map((contender) -> DoubleStream.builder()).toList();
		for (int round = 0; round < this.rounds; round++) {
			for (int i = 0; i < this.contenders.size(); i++) {
				// Another one begins each time, so that none is always the last.
				int contender = (i + round) % this.contenders.size();
				read(this.contenders.get(contender), delay).forEach(nanos.get(contender)::add);
			}
		}
		System.out.printf("%n%d threads read the token while it is replaced; credentials take %d ms; %d rounds%n",
				THREADS, delay.toMillis(), this.rounds);
		System.out.println("| contender | reads | median, ms | 99 %, ms | 99.9 %, ms | longest, ms |");
		System.out.println("|---|---|---|---|---|---|");
		for (int i = 0; i < this.contenders.size(); i++) {
			double[] millis = nanos.get(i).build().map((value) -> value / 1e6).toArray();
			Sample sample = new Sample(millis);
			System.out.printf(Locale.ROOT, "| %s | %d | %.4f | %.4f | %.4f | %.4f |%n", this.contenders.get(i).title(),
					millis.length, sample.median(), sample.quantile(0.99), sample.quantile(0.999), sample.maximum());
		}
	}

	private static DoubleStream read(TokenContender contender, Duration delay) throws Exception {
		CountingCredentials credentials = contender.credentials();
		credentials.delay(Duration.ZERO);
		try (TokenReaders readers = new TokenReaders(contender, THREADS)) {
			int before = credentials.lookUps();
			credentials.delay(delay);
			contender.reach(Moment.REFRESH);
			readers.begin();
			Waiting.until("the credentials have been looked up",
					() -> credentials.lookUps() > before && !credentials.areLookedUp());
			contender.settle();
			return readers.end();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The token could not be read", ex.getCause());
		}
	}

}

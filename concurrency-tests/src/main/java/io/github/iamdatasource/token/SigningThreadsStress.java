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

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIL_Result;

/**
 * {@link SigningThreads} runs each task once, also one that comes the moment its last
 * thread finds no more.
 */
public class SigningThreadsStress {

	private static final int TASKS = 3;

	/** Two add tasks, each the next one when the one before has just been run. */
	@JCStressTest
	@Outcome(id = "3, 3, gone", expect = Expect.ACCEPTABLE, desc = "Each was run once, and no thread is left.")
	@State
	public static class OneAfterTheOther {

		private final SigningThreads threads = new SigningThreads();

		private final AtomicInteger run = new AtomicInteger();

		private final AtomicInteger runToo = new AtomicInteger();

		@Actor
		public void execute() {
			executeOneAfterTheOther(this.threads, this.run);
		}

		@Actor
		public void executeToo() {
			executeOneAfterTheOther(this.threads, this.runToo);
		}

		@Arbiter
		public void count(IIL_Result result) {
			// No actor is at work on any other state of this class by now.
			result.r3 = Threads.areGone() ? "gone" : "left";
			result.r1 = this.run.get();
			result.r2 = this.runToo.get();
		}

		private static void executeOneAfterTheOther(SigningThreads threads, AtomicInteger run) {
			for (int i = 1; i <= TASKS; i++) {
				int expected = i;
				threads.execute(run::incrementAndGet);
				Threads.await(() -> run.get() >= expected);
			}
		}

	}

	/** Two add all their tasks at once. */
	@JCStressTest
	@Outcome(id = "3, 3, gone", expect = Expect.ACCEPTABLE, desc = "Each was run once, and no thread is left.")
	@State
	public static class AllAtOnce {

		private final SigningThreads threads = new SigningThreads();

		private final AtomicInteger run = new AtomicInteger();

		private final AtomicInteger runToo = new AtomicInteger();

		@Actor
		public void execute() {
			executeAll(this.threads, this.run);
		}

		@Actor
		public void executeToo() {
			executeAll(this.threads, this.runToo);
		}

		@Arbiter
		public void count(IIL_Result result) {
			// No actor is at work on any other state of this class by now.
			result.r3 = Threads.areGone() ? "gone" : "left";
			result.r1 = this.run.get();
			result.r2 = this.runToo.get();
		}

		private static void executeAll(SigningThreads threads, AtomicInteger run) {
			for (int i = 0; i < TASKS; i++) {
				threads.execute(run::incrementAndGet);
			}
		}

	}

}

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

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/**
 * Several ask at once while there is no usable token: one signature is made, and all get
 * its token.
 */
public class GetTokenStress {

	/** A caller against another that has the first token signed ahead. */
	@JCStressTest
	@Outcome(id = "first, first, 1", expect = Expect.ACCEPTABLE, desc = "The same token of one signature.")
	@State
	public static class FirstToken {

		private final Subject subject = new Subject(new ThreadlessRefresher());

		@Actor
		public void warmUpAndAsk(LLI_Result result) {
			this.subject.source().warmUp();
			result.r1 = this.subject.ask();
		}

		@Actor
		public void ask(LLI_Result result) {
			result.r2 = this.subject.ask();
		}

		@Arbiter
		public void count(LLI_Result result) {
			result.r3 = this.subject.attempts();
		}

	}

	/** Two callers after the token has expired. */
	@JCStressTest
	@Outcome(id = "second, second, 2", expect = Expect.ACCEPTABLE, desc = "The same token of one more signature.")
	@State
	public static class AfterExpiry {

		private final Subject subject = new Subject(new ThreadlessRefresher()).withToken().expired();

		@Actor
		public void ask(LLI_Result result) {
			result.r1 = this.subject.ask();
		}

		@Actor
		public void askToo(LLI_Result result) {
			result.r2 = this.subject.ask();
		}

		@Arbiter
		public void count(LLI_Result result) {
			result.r3 = this.subject.attempts();
		}

	}

	/** A caller after the token has expired against the refresher, which finds it due. */
	@JCStressTest
	@Outcome(id = { "none, second, 2", "second, second, 2" }, expect = Expect.ACCEPTABLE,
			desc = "Never the expired token, and one more signature whoever begins it.")
	@State
	public static class AfterExpiryAgainstRefresh {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher).withToken().expired();

		@Actor
		public void refresh() {
			this.refresher.refreshIfDue();
		}

		@Actor
		public void lookAndAsk(LLI_Result result) {
			result.r1 = Subject.name(this.subject.current());
			result.r2 = this.subject.ask();
		}

		@Arbiter
		public void count(LLI_Result result) {
			result.r3 = this.subject.attempts();
		}

	}

	/** Two callers with the threads of a real refresher. */
	@JCStressTest
	@Outcome(id = "first, first, 1", expect = Expect.ACCEPTABLE, desc = "The same token of one signature.")
	@State
	public static class WithThreads {

		private final Subject subject = new Subject(new Refresher());

		@Actor
		public void ask(LLI_Result result) {
			result.r1 = this.subject.ask();
		}

		@Actor
		public void askToo(LLI_Result result) {
			result.r2 = this.subject.ask();
		}

		@Arbiter
		public void countAndClose(LLI_Result result) {
			result.r3 = this.subject.attempts();
			this.subject.source().close();
		}

	}

}

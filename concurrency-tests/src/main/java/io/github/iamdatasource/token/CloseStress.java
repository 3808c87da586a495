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
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZLI_Result;

/**
 * A token source is closed while something goes on: whoever asks gets a token or is told
 * that it was closed, and in the end nothing is held and nothing refreshed.
 */
public class CloseStress {

	/** Against a caller who has the first token signed. */
	@JCStressTest
	@Outcome(id = { "first, nothing", "closed, nothing" }, expect = Expect.ACCEPTABLE,
			desc = "The token or the failure, and nothing is left.")
	@State
	public static class AgainstCaller {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher);

		@Actor
		public void ask(LL_Result result) {
			result.r1 = this.subject.ask();
		}

		@Actor
		public void close() {
			this.subject.source().close();
		}

		@Arbiter
		public void tell(LL_Result result) {
			result.r2 = this.refresher.hasEntry() ? "entry" : this.subject.left();
		}

	}

	/** Against a caller who has another token signed in place of a rejected one. */
	@JCStressTest
	@Outcome(id = { "second, nothing", "closed, nothing" }, expect = Expect.ACCEPTABLE,
			desc = "The token or the failure, and nothing is left.")
	@State
	public static class AgainstReplace {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher).withToken();

		private final AuthenticationToken rejected = this.subject.first();

		@Actor
		public void replace(LL_Result result) {
			try {
				result.r1 = Subject.name(this.subject.replace(this.rejected));
			}
			catch (TokenSigningException ex) {
				result.r1 = Subject.told(ex);
			}
		}

		@Actor
		public void close() {
			this.subject.source().close();
		}

		@Arbiter
		public void tell(LL_Result result) {
			result.r2 = this.refresher.hasEntry() ? "entry" : this.subject.left();
		}

	}

	/** Against the end of a signature. */
	@JCStressTest
	@Outcome(id = { "false, nothing, 0", "false, nothing, 1" }, expect = Expect.ACCEPTABLE, desc = "Nothing is left.")
	@State
	public static class AgainstSignature {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher);

		public AgainstSignature() {
			this.refresher.hold();
			this.subject.source().warmUp();
		}

		@Actor
		public void sign() {
			this.refresher.signHeld();
		}

		@Actor
		public void close() {
			this.subject.source().close();
		}

		@Arbiter
		public void tell(ZLI_Result result) {
			result.r1 = this.refresher.hasEntry();
			result.r2 = this.subject.left();
			result.r3 = this.subject.attempts();
		}

	}

	/** Against the failure of a signature. */
	@JCStressTest
	@Outcome(id = { "false, nothing, 0", "false, nothing, 1" }, expect = Expect.ACCEPTABLE, desc = "Nothing is left.")
	@State
	public static class AgainstFailure {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher).failing();

		public AgainstFailure() {
			this.refresher.hold();
			this.subject.source().warmUp();
		}

		@Actor
		public void sign() {
			this.refresher.signHeld();
		}

		@Actor
		public void close() {
			this.subject.source().close();
		}

		@Arbiter
		public void tell(ZLI_Result result) {
			result.r1 = this.refresher.hasEntry();
			result.r2 = this.subject.left();
			result.r3 = this.subject.attempts();
		}

	}

	/** Against the begin of the first signature, which then is not made any more. */
	@JCStressTest
	@Outcome(id = "false, nothing, 0", expect = Expect.ACCEPTABLE, desc = "Nothing is left, and nothing was signed.")
	@State
	public static class AgainstWarmUp {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher);

		public AgainstWarmUp() {
			this.refresher.hold();
		}

		@Actor
		public void warmUp() {
			this.subject.source().warmUp();
		}

		@Actor
		public void close() {
			this.subject.source().close();
		}

		@Arbiter
		public void tell(ZLI_Result result) {
			this.refresher.signHeld();
			result.r1 = this.refresher.hasEntry();
			result.r2 = this.subject.left();
			result.r3 = this.subject.attempts();
		}

	}

	/** Against a caller, with the threads of a real refresher: none is left. */
	@JCStressTest
	@Outcome(id = { "first, nothing", "closed, nothing" }, expect = Expect.ACCEPTABLE,
			desc = "The token or the failure, and nothing is left.")
	@State
	public static class WithThreads {

		private final Refresher refresher = new Refresher();

		private final Subject subject = new Subject(this.refresher);

		@Actor
		public void ask(LL_Result result) {
			result.r1 = this.subject.ask();
		}

		@Actor
		public void close() {
			this.subject.source().close();
		}

		@Arbiter
		public void tell(LL_Result result) {
			if (this.refresher.thread() != null) {
				result.r2 = "refresher";
			}
			else {
				// No actor is at work on any other state of this class by now.
				result.r2 = Threads.areGone() ? this.subject.left() : "threads";
			}
		}

	}

}

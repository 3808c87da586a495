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

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Two whose login was rejected ask for another token at once: one signature is made, and
 * both get its token, never the rejected one.
 */
public class ReplaceStress {

	/** Two callers against each other. */
	@JCStressTest
	@Outcome(id = "second, second, 2", expect = Expect.ACCEPTABLE, desc = "The same token of one more signature.")
	@State
	public static class TwoCallers {

		private final Subject subject = new Subject(new ThreadlessRefresher()).withToken();

		private final AuthenticationToken rejected = this.subject.first();

		@Actor
		public void replace(LLI_Result result) {
			result.r1 = Subject.name(this.subject.replace(this.rejected));
		}

		@Actor
		public void replaceToo(LLI_Result result) {
			result.r2 = Subject.name(this.subject.replace(this.rejected));
		}

		@Arbiter
		public void count(LLI_Result result) {
			result.r3 = this.subject.attempts();
		}

	}

	/**
	 * Two callers and the refresher, which finds the token due. Whoever begins, the
	 * others wait for the same signature or find its token, so that there is one more and
	 * not two.
	 */
	@JCStressTest
	@Outcome(id = "second, second, 2", expect = Expect.ACCEPTABLE, desc = "The same token of one more signature.")
	@State
	public static class AgainstRefresh {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher).withToken().due();

		private final AuthenticationToken rejected = this.subject.first();

		@Actor
		public void refreshAndReplace(LLI_Result result) {
			this.refresher.refreshIfDue();
			result.r1 = Subject.name(this.subject.replace(this.rejected));
		}

		@Actor
		public void replace(LLI_Result result) {
			result.r2 = Subject.name(this.subject.replace(this.rejected));
		}

		@Arbiter
		public void count(LLI_Result result) {
			result.r3 = this.subject.attempts();
		}

	}

	/**
	 * The new token is rejected too, by the first that gets it. Whoever asks after that
	 * gets none, and none is signed for it.
	 */
	@JCStressTest
	@Outcome(
			id = { "second, second, none after second of 2, 1 rejected: second",
					"second, none, none after second of 2, 1 rejected: second" },
			expect = Expect.ACCEPTABLE, desc = "The same token of one more signature, or none after its rejection.")
	@State
	public static class AgainstRejection {

		private final Subject subject = new Subject(new ThreadlessRefresher()).withToken();

		private final AuthenticationToken rejected = this.subject.first();

		private @Nullable AuthenticationToken replacement;

		@Actor
		public void replaceAndReject(LLL_Result result) {
			AuthenticationToken token = this.subject.replace(this.rejected);
			result.r1 = Subject.name(token);
			if (token != null) {
				this.subject.source().rejected(token);
			}
			this.replacement = token;
		}

		@Actor
		public void replace(LLL_Result result) {
			result.r2 = Subject.name(this.subject.replace(this.rejected));
		}

		@Arbiter
		public void replaceTheReplacement(LLL_Result result) {
			AuthenticationToken token = this.replacement;
			result.r3 = ((token != null) ? Subject.name(this.subject.replace(token)) : "?") + " after "
					+ this.subject.told();
		}

	}

}

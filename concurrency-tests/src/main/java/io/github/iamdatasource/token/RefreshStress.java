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
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A caller while a refresh replaces the token: it gets the one before or the new one,
 * with all that belongs to it.
 */
public class RefreshStress {

	/** Both tokens are usable, so nobody waits. */
	@JCStressTest
	@Outcome(
			id = { "first, first of 1 usable, second of 2", "first, second of 2 usable, second of 2",
					"second, second of 2 usable, second of 2" },
			expect = Expect.ACCEPTABLE, desc = "The token before or the new one, in this order.")
	@State
	public static class UsableToken {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher).withToken().due();

		@Actor
		public void refresh() {
			this.refresher.refreshIfDue();
		}

		@Actor
		public void ask(LLL_Result result) {
			result.r1 = this.subject.askWithoutPatience();
			result.r2 = this.subject.snapshot();
		}

		@Arbiter
		public void tell(LLL_Result result) {
			result.r3 = this.subject.told();
		}

	}

	/**
	 * The new token is not usable yet. To judge one token by the other's times would hand
	 * it out at the moment of the change, so the caller looks again and again until then.
	 */
	@JCStressTest
	@Outcome(id = { "first, first of 1 usable", "first, second of 2 absent", "none, second of 2 absent" },
			expect = Expect.ACCEPTABLE, desc = "The token before or none.")
	@State
	public static class UnusableToken {

		private static final int LOOKS = 1000;

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher).withToken().due().ahead();

		@Actor
		public void refresh() {
			this.refresher.refreshIfDue();
		}

		@Actor
		public void look(LL_Result result) {
			String name = Subject.name(this.subject.current());
			for (int i = 0; i < LOOKS && name.equals("first"); i++) {
				name = Subject.name(this.subject.current());
			}
			result.r1 = name;
			result.r2 = this.subject.snapshot();
		}

	}

}

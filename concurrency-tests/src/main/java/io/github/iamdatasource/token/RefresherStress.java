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

import java.util.concurrent.TimeUnit;

import io.github.iamdatasource.token.Refresher.Refreshable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * A {@link Refresher} has a thread as long as it has something to refresh, whoever comes
 * and goes at once.
 */
public class RefresherStress {

	/** Returns whether a refresher has a thread that lives and asks. */
	private static boolean serves(Refresher refresher, Asked asked) {
		int before = asked.times;
		Thread thread = refresher.thread();
		refresher.wakeUp();
		return thread != null && thread.isAlive() && Threads.await(() -> asked.times > before);
	}

	/** Something to refresh that is never due. */
	private static final class Asked implements Refreshable {

		/** Changed by the refresher's threads, of which one asks at a time. */
		private volatile int times;

		@Override
		public long refreshIfDue() {
			this.times = this.times + 1;
			return TimeUnit.DAYS.toMillis(1);
		}

	}

	/** One comes while the last but one goes. */
	@JCStressTest
	@Outcome(id = "asked, no thread", expect = Expect.ACCEPTABLE, desc = "There was a thread until the last was gone.")
	@State
	public static class AddAgainstRemove {

		private final Refresher refresher = new Refresher();

		private final Asked going = new Asked();

		private final Asked coming = new Asked();

		public AddAgainstRemove() {
			this.refresher.add(this.going);
		}

		@Actor
		public void remove() {
			this.refresher.remove(this.going);
		}

		@Actor
		public void add() {
			this.refresher.add(this.coming);
		}

		@Arbiter
		public void tell(L_Result result) {
			boolean served = Threads.await(() -> this.coming.times > 0) && serves(this.refresher, this.coming);
			this.refresher.remove(this.coming);
			result.r1 = (served ? "asked" : "not asked")
					+ ((this.refresher.thread() != null) ? ", thread" : ", no thread");
		}

	}

	/**
	 * Two come and go a few times. There is always a thread for the one that is there,
	 * even if the other was the last at the same moment.
	 */
	@JCStressTest
	@Outcome(id = "true, true, no thread, served again", expect = Expect.ACCEPTABLE,
			desc = "A thread for each, none in the end, and one for whoever comes later.")
	@State
	public static class AddAndRemove {

		private static final int TIMES = 3;

		private static final int LOOKS = 20;

		private final Refresher refresher = new Refresher();

		@Actor
		public void addAndRemove(ZZL_Result result) {
			result.r1 = addAndRemove(this.refresher);
		}

		@Actor
		public void addAndRemoveToo(ZZL_Result result) {
			result.r2 = addAndRemove(this.refresher);
		}

		@Arbiter
		public void tell(ZZL_Result result) {
			Thread thread = this.refresher.thread();
			Asked again = new Asked();
			this.refresher.add(again);
			boolean served = serves(this.refresher, again);
			this.refresher.remove(again);
			result.r3 = ((thread != null) ? "thread" : "no thread")
					+ (served ? ", served again" : ", not served again");
		}

		private static boolean addAndRemove(Refresher refresher) {
			Refreshable refreshable = new Asked();
			boolean always = true;
			for (int i = 0; i < TIMES; i++) {
				refresher.add(refreshable);
				for (int look = 0; look < LOOKS; look++) {
					always = always && refresher.thread() != null;
				}
				refresher.remove(refreshable);
			}
			return always;
		}

	}

}

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
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Rejections, acceptances and signatures at once: none of them is lost, and none brings
 * back what was before the other.
 */
public class RejectionStress {

	/** A rejection against the end of a signature. */
	@JCStressTest
	@Outcome(id = "second of 2, 1 rejected: first", expect = Expect.ACCEPTABLE, desc = "Both are remembered.")
	@State
	public static class RejectedAgainstSignature {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher).withToken().due();

		private final AuthenticationToken rejected = this.subject.first();

		public RejectedAgainstSignature() {
			this.refresher.hold();
			this.refresher.refreshIfDue();
		}

		@Actor
		public void sign() {
			this.refresher.signHeld();
		}

		@Actor
		public void reject() {
			this.subject.source().rejected(this.rejected);
		}

		@Arbiter
		public void tell(L_Result result) {
			result.r1 = this.subject.told();
		}

	}

	/** A rejection against the failure of a signature. */
	@JCStressTest
	@Outcome(id = "first of 1, failed, 1 rejected: first", expect = Expect.ACCEPTABLE, desc = "Both are remembered.")
	@State
	public static class RejectedAgainstFailure {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher).withToken().due().failing();

		private final AuthenticationToken rejected = this.subject.first();

		public RejectedAgainstFailure() {
			this.refresher.hold();
			this.refresher.refreshIfDue();
		}

		@Actor
		public void sign() {
			this.refresher.signHeld();
		}

		@Actor
		public void reject() {
			this.subject.source().rejected(this.rejected);
		}

		@Arbiter
		public void tell(L_Result result) {
			result.r1 = this.subject.told();
		}

	}

	/** An acceptance against the end of a signature. */
	@JCStressTest
	@Outcome(id = "second of 2", expect = Expect.ACCEPTABLE, desc = "The new token, and no rejection any more.")
	@State
	public static class AcceptedAgainstSignature {

		private final ThreadlessRefresher refresher = new ThreadlessRefresher();

		private final Subject subject = new Subject(this.refresher).withToken().due();

		public AcceptedAgainstSignature() {
			this.subject.source().rejected(this.subject.first());
			this.refresher.hold();
			this.refresher.refreshIfDue();
		}

		@Actor
		public void sign() {
			this.refresher.signHeld();
		}

		@Actor
		public void accept() {
			this.subject.source().accepted();
		}

		@Arbiter
		public void tell(L_Result result) {
			result.r1 = this.subject.told();
		}

	}

	/**
	 * A rejection against an acceptance, after another rejection: whichever comes first,
	 * the acceptance ends the row.
	 */
	@JCStressTest
	@Outcome(id = { "first of 1", "first of 1, 1 rejected: first" }, expect = Expect.ACCEPTABLE,
			desc = "One after the other.")
	@State
	public static class RejectedAgainstAccepted {

		private final Subject subject = new Subject(new ThreadlessRefresher()).withToken();

		private final AuthenticationToken rejected = this.subject.first();

		public RejectedAgainstAccepted() {
			this.subject.source().rejected(Subject.another());
		}

		@Actor
		public void reject() {
			this.subject.source().rejected(this.rejected);
		}

		@Actor
		public void accept() {
			this.subject.source().accepted();
		}

		@Arbiter
		public void tell(L_Result result) {
			result.r1 = this.subject.told();
		}

	}

	/** Two rejections of the same token: they are one. */
	@JCStressTest
	@Outcome(id = "first of 1, 1 rejected: first", expect = Expect.ACCEPTABLE, desc = "One is remembered.")
	@State
	public static class RejectedTwice {

		private final Subject subject = new Subject(new ThreadlessRefresher()).withToken();

		private final AuthenticationToken rejected = this.subject.first();

		@Actor
		public void reject() {
			this.subject.source().rejected(this.rejected);
		}

		@Actor
		public void rejectToo() {
			this.subject.source().rejected(this.rejected);
		}

		@Arbiter
		public void tell(L_Result result) {
			result.r1 = this.subject.told();
		}

	}

}

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
package io.github.iamdatasource.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.iamdatasource.endpoint.UnresolvedEndpointException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Follows an alias by DNS, step by step, to the first name of RDS. Not any further: the
 * name of a cluster is itself an alias of an instance's, which changes with a failover.
 */
final class AliasFollower {

	/** How many steps an alias may be away from RDS. */
	static final int LONGEST_CHAIN = 8;

	private static final String NAME_IT = "set iam.datasource.hostname to the endpoint's own name, like "
			+ "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com.";

	private final NameServers servers;

	private final Duration patience;

	/**
	 * Create a follower.
	 * @param servers who to ask
	 * @param patience how long all the steps may take together
	 */
	AliasFollower(NameServers servers, Duration patience) {
		this.servers = servers;
		this.patience = patience;
	}

	/**
	 * Follow an alias. If it leads to a global database, it is followed further to learn
	 * in which region the writer is.
	 * @param alias a host name, in lower case and without a trailing dot
	 * @return the name of RDS that it stands for, or it itself if it is one
	 * @throws UnresolvedEndpointException if it stands for none, or DNS does not tell
	 */
	RdsHostname follow(String alias) {
		Chain chain = new Chain(alias);
		RdsHostname found = chain.nextOfRds();
		if (found.region() != null) {
			return found;
		}
		try {
			return found.withRegion(chain.nextOfRds().region());
		}
		catch (UnresolvedEndpointException ex) {
			return found;
		}
	}

	private final class Chain {

		private final List<String> names = new ArrayList<>();

		private final long start = System.nanoTime();

		/** What a server has told ahead of being asked. */
		private final List<String> toldAhead = new ArrayList<>();

		private boolean begun;

		Chain(String alias) {
			this.names.add(alias);
		}

		RdsHostname nextOfRds() {
			Optional<RdsHostname> found = this.begun ? Optional.empty() : RdsHostname.parse(last());
			this.begun = true;
			while (found.isEmpty()) {
				step();
				found = RdsHostname.parse(last());
			}
			return found.get();
		}

		private void step() {
			if (this.toldAhead.isEmpty()) {
				this.toldAhead.addAll(ask());
			}
			if (this.toldAhead.isEmpty()) {
				throw end();
			}
			String next = HostNames.normalize(this.toldAhead.remove(0));
			boolean known = this.names.contains(next);
			this.names.add(printable(next));
			if (known) {
				throw failure(Reason.LOOP, "leads back to itself: " + this, "Correct the alias in DNS, or " + NAME_IT);
			}
			if (this.names.size() - 1 > LONGEST_CHAIN) {
				throw failure(Reason.TOO_LONG, "leads to no RDS endpoint within " + LONGEST_CHAIN + " steps: " + this,
						"Let the alias point to the endpoint directly, or " + NAME_IT);
			}
			if (!HostNames.isName(next)) {
				throw end();
			}
		}

		/** DNS allows for line breaks in names, logs do not. */
		private static String printable(String name) {
			return name.replaceAll("[^ -~]", "?");
		}

		private List<String> ask() {
			Duration left = AliasFollower.this.patience.minusNanos(System.nanoTime() - this.start);
			if (left.toMillis() < 1) {
				throw timedOut(null);
			}
			try {
				return AliasFollower.this.servers.aliased(last(), left);
			}
			catch (NameServerException ex) {
				throw failure(ex);
			}
		}

		private UnresolvedEndpointException end() {
			if (this.names.size() == 1) {
				return failure(Reason.NO_ALIAS,
						"is neither an RDS endpoint nor an alias of one, but has an address of its own. A token would "
								+ "be signed for a name that no database has.",
						"Make it an alias (CNAME) of the endpoint in DNS, or " + NAME_IT);
			}
			return failure(Reason.OUTSIDE_RDS, "is an alias of a host that is not of RDS: " + this,
					"Let the alias point to the endpoint in DNS, or " + NAME_IT);
		}

		private UnresolvedEndpointException failure(NameServerException failure) {
			return switch (failure.reason()) {
				case NOT_FOUND -> failure(Reason.NOT_FOUND,
						(this.names.size() == 1) ? "is not known to DNS."
								: "is an alias of a name that is not known to DNS: " + this,
						"Check the spelling, and that the DNS servers of this machine know it (its file of hosts is not "
								+ "looked into), or " + NAME_IT,
						failure);
				case TIMED_OUT -> timedOut(failure);
				case NO_SERVER -> failure(Reason.NO_SERVER,
						"may be an alias of an RDS endpoint, but no DNS server could be reached to ask" + at() + ": "
								+ failure.getMessage() + ".",
						"Check the network and the DNS servers that this machine is set up with, and that the Java "
								+ "runtime has the module jdk.naming.dns, or " + NAME_IT,
						failure);
				default -> failure(failure.reason(),
						"may be an alias of an RDS endpoint, but the DNS servers refused to answer" + at() + ": "
								+ failure.getMessage() + ".",
						"Ask those who run the DNS servers, or " + NAME_IT, failure);
			};
		}

		private UnresolvedEndpointException timedOut(@Nullable NameServerException cause) {
			return failure(Reason.TIMED_OUT,
					"may be an alias of an RDS endpoint, but DNS did not answer within "
							+ AliasFollower.this.patience.toMillis() + " ms" + at() + ".",
					"Check the network and the DNS servers that this machine is set up with, or " + NAME_IT, cause);
		}

		/** Where on the way it stopped, if not at once. */
		private String at() {
			return (this.names.size() == 1) ? "" : ", after " + this;
		}

		private UnresolvedEndpointException failure(Reason reason, String problem, String action) {
			return failure(reason, problem, action, null);
		}

		private UnresolvedEndpointException failure(Reason reason, String problem, String action,
				@Nullable NameServerException cause) {
			return new UnresolvedEndpointException(reason, "The host name '" + this.names.get(0) + "' " + problem,
					action, cause);
		}

		private String last() {
			return this.names.get(this.names.size() - 1);
		}

		@Override
		public String toString() {
			return String.join(" -> ", this.names);
		}

	}

}

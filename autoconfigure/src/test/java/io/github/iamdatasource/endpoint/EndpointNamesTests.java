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

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.iamdatasource.endpoint.DnsServer.Mood;
import io.github.iamdatasource.endpoint.RdsHostname.Kind;
import io.github.iamdatasource.endpoint.UnresolvedEndpointException.Reason;
import io.github.iamdatasource.token.MutableClock;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EndpointNames}, against a DNS server.
 */
class EndpointNamesTests {

	private static final String ALIAS = "db.example.com";

	private static final String ORDERS = "orders.cluster-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

	private static final String OTHERS = "others.cluster-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

	private static final String GLOBAL = "orders.global-c1a2b3c4d5e6.global.rds.amazonaws.com";

	private final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));

	private final DnsServer dns = new DnsServer();

	private final EndpointNames names = new EndpointNames(this.dns.address(), this.clock);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		logger().addAppender(this.log);
	}

	@AfterEach
	void stop() {
		logger().detachAppender(this.log);
		this.dns.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { ORDERS, "vftmkydwxvxys6asbsc6ih2the.dsql.us-east-1.on.aws" })
	void nameOfRdsIsItsOwnAnswer(String hostname) {
		assertThat(this.names.resolve(hostname)).isEqualTo(RdsHostname.parse(hostname).orElseThrow());
		assertThat(this.dns.questions()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 8 })
	void aliasStandsForTheEndThatIsOfRds(int steps) {
		this.dns.knowsChain(chain(steps, ORDERS));
		RdsHostname name = this.names.resolve(ALIAS);
		assertThat(name).isEqualTo(RdsHostname.parse(ORDERS).orElseThrow());
		assertThat(this.dns.questions()).isEqualTo(steps);
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 8 })
	void wholeChainMayComeInOneAnswer(int steps) {
		List<String> chain = chain(steps, ORDERS);
		this.dns.knows(ALIAS, chain.subList(1, chain.size()).toArray(String[]::new));
		assertThat(this.names.resolve(ALIAS).hostname()).isEqualTo(ORDERS);
		assertThat(this.dns.questions()).isEqualTo(1);
	}

	@Test
	void aliasIsNotFollowedBeyondTheFirstNameOfRds() {
		String instance = "orders-1.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";
		this.dns.knows(ALIAS, ORDERS, instance).knows(ORDERS, instance);
		assertThat(this.names.resolve(ALIAS).hostname()).isEqualTo(ORDERS);
	}

	@Test
	void namesMayBeWrittenInAnyCase() {
		this.dns.knows(ALIAS, "Orders.Cluster-C1A2B3C4D5E6.EU-West-1.RDS.AmazonAWS.com");
		assertThat(this.names.resolve(" DB.Example.COM. ").hostname()).isEqualTo(ORDERS);
	}

	@Test
	void aliasOfNineStepsIsTooLong() {
		this.dns.knowsChain(chain(9, ORDERS));
		assertUnresolved(Reason.TOO_LONG)
			.withMessageContaining("within 8 steps: db.example.com -> step1.example.com -> ")
			.withMessageEndingWith(ORDERS);
	}

	@Test
	void aliasOfItselfIsALoop() {
		this.dns.knows(ALIAS, ALIAS);
		assertUnresolved(Reason.LOOP).withMessageContaining(": db.example.com -> db.example.com");
	}

	@Test
	void aliasThatLeadsBackIsALoop() {
		this.dns.knowsChain(List.of(ALIAS, "a.example.com", "b.example.com", "a.example.com"));
		assertUnresolved(Reason.LOOP)
			.withMessageEndingWith(": db.example.com -> a.example.com -> b.example.com -> a.example.com");
	}

	@Test
	void unknownNameIsNotFound() {
		assertUnresolved(Reason.NOT_FOUND).withMessage("The host name 'db.example.com' is not known to DNS.")
			.satisfies((failure) -> assertThat(failure.getAction()).contains("spelling", "iam.datasource.hostname"));
	}

	@Test
	void aliasOfAnUnknownNameIsNotFound() {
		this.dns.knows(ALIAS, "gone.example.com");
		assertUnresolved(Reason.NOT_FOUND).withMessageEndingWith("db.example.com -> gone.example.com");
	}

	@Test
	void nameWithAnAddressIsNoAlias() {
		this.dns.knows(ALIAS);
		assertUnresolved(Reason.NO_ALIAS).withMessageContaining("has an address of its own")
			.satisfies((failure) -> assertThat(failure.getAction()).contains("CNAME"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "db.example.org", "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com.evil.example",
			"ec2-203-0-113-9.eu-west-1.compute.amazonaws.com" })
	void aliasOfSomethingElseIsRefused(String outside) {
		this.dns.knowsChain(List.of(ALIAS, "a.example.com", outside)).knows(outside);
		assertUnresolved(Reason.OUTSIDE_RDS)
			.withMessageEndingWith("not of RDS: db.example.com -> a.example.com -> " + outside);
	}

	@Test
	void aliasOfWhatCannotBeAHostIsRefused() {
		this.dns.knows(ALIAS, "a b\n.example.com");
		assertUnresolved(Reason.OUTSIDE_RDS).withMessageEndingWith("db.example.com -> a b?.example.com");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "[::1]", "::1", "10.1.2.3", "127.1" })
	void addressIsNoName(String address) {
		assertThatExceptionOfType(UnresolvedEndpointException.class).isThrownBy(() -> this.names.resolve(address))
			.withMessageContaining(address)
			.extracting(UnresolvedEndpointException::getReason)
			.isEqualTo(Reason.NOT_A_NAME);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "user:secret@db.example.com", "bücher.example.com", "a..b" })
	void whatCannotBeANameIsNotShown(String text) {
		assertThatExceptionOfType(UnresolvedEndpointException.class).isThrownBy(() -> this.names.resolve(text))
			.withMessage("What is given as the host is no host name.")
			.extracting(UnresolvedEndpointException::getReason)
			.isEqualTo(Reason.NOT_A_NAME);
		assertThat(this.dns.questions()).isZero();
	}

	@Test
	void silentServerIsNotWaitedForForLong() {
		this.dns.be(Mood.SILENT);
		assertUnresolved(Reason.TIMED_OUT).withMessageContaining("within 2000 ms");
		assertThat(this.dns.questions()).isGreaterThan(1);
	}

	@Test
	void allStepsShareThePatience() {
		List<Duration> left = new ArrayList<>();
		EndpointNames names = new EndpointNames((name, patience) -> {
			left.add(patience);
			return List.of(left.size() + ".example.com");
		}, Duration.ofMinutes(1), this.clock);
		assertThatExceptionOfType(UnresolvedEndpointException.class).isThrownBy(() -> names.resolve(ALIAS));
		assertThat(left).hasSize(9).isSortedAccordingTo((one, other) -> other.compareTo(one));
		EndpointNames impatient = new EndpointNames((name, patience) -> List.of(), Duration.ZERO, this.clock);
		assertThatExceptionOfType(UnresolvedEndpointException.class).isThrownBy(() -> impatient.resolve(ALIAS))
			.extracting(UnresolvedEndpointException::getReason)
			.isEqualTo(Reason.TIMED_OUT);
	}

	@Test
	void unreachableServerIsToldFromAnUnknownName() {
		InetSocketAddress nobody = this.dns.address();
		this.dns.close();
		assertThatExceptionOfType(UnresolvedEndpointException.class)
			.isThrownBy(() -> new EndpointNames(nobody, this.clock).resolve(ALIAS))
			.satisfies((failure) -> assertThat(failure.isTemporary()).isTrue());
	}

	@ParameterizedTest
	@EnumSource(names = { "FAILING", "REFUSING" })
	void failureOfTheServerIsToldFromAnUnknownName(Mood mood) {
		this.dns.knows(ALIAS, ORDERS);
		this.dns.be(mood);
		assertUnresolved(Reason.SERVER_FAILED).satisfies((failure) -> assertThat(failure.isTemporary()).isTrue());
	}

	@Test
	void systemsOwnServersAreAskedOtherwise() {
		// What they answer, if there are any, is not known here.
		assertThatExceptionOfType(UnresolvedEndpointException.class)
			.isThrownBy(() -> new EndpointNames(Clock.systemUTC()).resolve("iam-datasource.invalid"))
			.extracting(UnresolvedEndpointException::getReason)
			.isNotEqualTo(Reason.NOT_A_NAME);
	}

	@Test
	void answerIsKeptFor30Seconds() {
		this.dns.knows(ALIAS, ORDERS);
		this.names.resolve(ALIAS);
		this.clock.advance(Duration.ofMillis(29_999));
		this.names.resolve("DB.example.com.");
		assertThat(this.dns.questions()).isEqualTo(1);
		this.clock.advance(Duration.ofMillis(1));
		this.names.resolve(ALIAS);
		assertThat(this.dns.questions()).isEqualTo(2);
	}

	@Test
	void answerIsNotKeptForHoursWhenTheClockIsSetBack() {
		this.dns.knows(ALIAS, ORDERS);
		this.names.resolve(ALIAS);
		this.clock.advance(Duration.ofHours(-1));
		this.names.resolve(ALIAS);
		assertThat(this.dns.questions()).isEqualTo(2);
	}

	@Test
	void switchedAliasStandsForTheOther() {
		this.dns.knows(ALIAS, ORDERS);
		this.names.resolve(ALIAS);
		this.dns.knows(ALIAS, OTHERS);
		assertThat(this.names.resolve(ALIAS).hostname()).isEqualTo(ORDERS);
		this.clock.advance(KeptEndpoint.KEPT);
		assertThat(this.names.resolve(ALIAS).hostname()).isEqualTo(OTHERS);
		assertThat(lines()).singleElement()
			.asString()
			.contains("INFO", ALIAS + " stands for " + OTHERS + " now, and no longer for " + ORDERS);
	}

	@Test
	void answerOutlastsDns() {
		this.dns.knows(ALIAS, ORDERS);
		this.names.resolve(ALIAS);
		this.dns.be(Mood.FAILING);
		for (int i = 0; i < 10; i++) {
			this.clock.advance(KeptEndpoint.KEPT);
			assertThat(this.names.resolve(ALIAS).hostname()).isEqualTo(ORDERS);
		}
		assertThat(lines()).singleElement()
			.asString()
			.contains("WARN", "what " + ALIAS + " stands for; tokens are still signed for " + ORDERS,
					"response code 2");
		this.dns.be(Mood.GOOD);
		this.clock.advance(KeptEndpoint.ASKED_AGAIN);
		assertThat(this.names.resolve(ALIAS).hostname()).isEqualTo(ORDERS);
		assertThat(lines()).hasSize(2).last().asString().contains("INFO", "DNS tells again what " + ALIAS);
	}

	@Test
	void failingDnsIsNotAskedByEveryCaller() {
		this.dns.knows(ALIAS, ORDERS);
		this.names.resolve(ALIAS);
		this.dns.be(Mood.FAILING);
		this.clock.advance(KeptEndpoint.KEPT);
		this.names.resolve(ALIAS);
		int questions = this.dns.questions();
		this.names.resolve(ALIAS);
		assertThat(this.dns.questions()).isEqualTo(questions);
		this.clock.advance(KeptEndpoint.ASKED_AGAIN);
		this.names.resolve(ALIAS);
		assertThat(this.dns.questions()).isGreaterThan(questions);
	}

	@Test
	void answerOutlastsAnAliasThatIsGone() {
		this.dns.knows(ALIAS, ORDERS);
		this.names.resolve(ALIAS);
		this.dns.forget(ALIAS);
		this.clock.advance(KeptEndpoint.KEPT);
		assertThat(this.names.resolve(ALIAS).hostname()).isEqualTo(ORDERS);
	}

	@Test
	void answerDoesNotOutlastAnAliasThatLeadsSomewhereElse() {
		this.dns.knows(ALIAS, ORDERS);
		this.names.resolve(ALIAS);
		this.dns.knows(ALIAS, "db.example.org").knows("db.example.org");
		this.clock.advance(KeptEndpoint.KEPT);
		assertUnresolved(Reason.OUTSIDE_RDS);
		assertUnresolved(Reason.OUTSIDE_RDS);
		this.dns.knows(ALIAS, OTHERS);
		assertThat(this.names.resolve(ALIAS).hostname()).isEqualTo(OTHERS);
	}

	@Test
	void failureIsNotKept() {
		assertUnresolved(Reason.NOT_FOUND);
		this.dns.knows(ALIAS, ORDERS);
		assertThat(this.names.resolve(ALIAS).hostname()).isEqualTo(ORDERS);
	}

	@Test
	void othersGoOnWithTheOldAnswerWhileOneAsks() throws Exception {
		HeldNameServers servers = new HeldNameServers();
		EndpointNames names = new EndpointNames(servers, Duration.ofMinutes(1), this.clock);
		servers.release();
		names.resolve(ALIAS);
		this.clock.advance(KeptEndpoint.KEPT);
		servers.hold();
		CompletableFuture<RdsHostname> asking = CompletableFuture.supplyAsync(() -> names.resolve(ALIAS));
		servers.awaitQuestions(2);
		assertThat(names.resolve(ALIAS).hostname()).isEqualTo(ORDERS);
		servers.release();
		assertThat(asking.get().hostname()).isEqualTo(ORDERS);
		assertThat(servers.questions).hasValue(2);
	}

	@Test
	void oneAsksForAllWhoWaitForTheFirstAnswer() {
		HeldNameServers servers = new HeldNameServers();
		EndpointNames names = new EndpointNames(servers, Duration.ofMinutes(1), this.clock);
		List<CompletableFuture<RdsHostname>> waiting = waiting(servers, names);
		servers.release();
		assertThat(waiting).allSatisfy((future) -> assertThat(future.join().hostname()).isEqualTo(ORDERS));
		assertThat(servers.questions).hasValue(1);
	}

	@Test
	void allWhoWaitForTheFirstAnswerShareItsFailure() {
		HeldNameServers servers = new HeldNameServers();
		servers.reason = Reason.TIMED_OUT;
		EndpointNames names = new EndpointNames(servers, Duration.ofMinutes(1), this.clock);
		List<CompletableFuture<RdsHostname>> waiting = waiting(servers, names);
		servers.release();
		assertThat(waiting)
			.allSatisfy((future) -> assertThatExceptionOfType(CompletionException.class).isThrownBy(future::join)
				.withCauseInstanceOf(UnresolvedEndpointException.class)
				.withMessageContaining("did not answer"));
		assertThat(servers.questions).hasValue(1);
	}

	@Test
	void dnsTellsTheRegionOfAGlobalWriter() {
		this.dns.knows(GLOBAL, ORDERS);
		RdsHostname name = this.names.resolve(GLOBAL);
		assertThat(name).isEqualTo(new RdsHostname(GLOBAL, "eu-west-1", Kind.GLOBAL_WRITER));
		assertThat(name.partition()).isEqualTo("aws");
	}

	@Test
	void dnsTellsTheRegionOfAnAliasOfAGlobalWriter() {
		this.dns.knowsChain(List.of(ALIAS, "a.example.com", GLOBAL, ORDERS));
		assertThat(this.names.resolve(ALIAS)).isEqualTo(new RdsHostname(GLOBAL, "eu-west-1", Kind.GLOBAL_WRITER));
	}

	@Test
	void globalWriterMovesToAnotherRegion() {
		this.dns.knows(GLOBAL, ORDERS);
		this.names.resolve(GLOBAL);
		this.dns.knows(GLOBAL, "orders.cluster-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com");
		this.clock.advance(KeptEndpoint.KEPT);
		assertThat(this.names.resolve(GLOBAL).region()).isEqualTo("us-east-1");
		this.dns.be(Mood.FAILING);
		this.clock.advance(KeptEndpoint.KEPT);
		assertThat(this.names.resolve(GLOBAL).region()).isEqualTo("us-east-1");
	}

	@ParameterizedTest
	@EnumSource
	void globalWriterIsItsOwnAnswerIfDnsDoesNotTellWhereItIs(Mood mood) {
		this.dns.knows(GLOBAL);
		this.dns.be(mood);
		assertThat(this.names.resolve(GLOBAL)).isEqualTo(new RdsHostname(GLOBAL, null, Kind.GLOBAL_WRITER));
	}

	private ThrowableAssertAlternative<UnresolvedEndpointException> assertUnresolved(Reason reason) {
		return assertThatExceptionOfType(UnresolvedEndpointException.class).isThrownBy(() -> this.names.resolve(ALIAS))
			.satisfies((failure) -> {
				assertThat(failure.getReason()).isEqualTo(reason);
				assertThat(failure.getAction()).contains("iam.datasource.hostname");
			});
	}

	private static List<String> chain(int steps, String end) {
		return Stream
			.of(Stream.of(ALIAS), IntStream.range(1, steps).mapToObj((step) -> "step" + step + ".example.com"),
					Stream.of(end))
			.flatMap((names) -> names)
			.toList();
	}

	private List<String> lines() {
		return this.log.list.stream().map((event) -> event.getLevel() + " " + event.getFormattedMessage()).toList();
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger(EndpointNames.class);
	}

	/** Several callers, of whom one asks. */
	private static List<CompletableFuture<RdsHostname>> waiting(HeldNameServers servers, EndpointNames names) {
		List<CompletableFuture<RdsHostname>> futures = new ArrayList<>();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			CompletableFuture<RdsHostname> future = new CompletableFuture<>();
			Thread thread = new Thread(() -> {
				try {
					future.complete(names.resolve(ALIAS));
				}
				catch (RuntimeException ex) {
					future.completeExceptionally(ex);
				}
			});
			thread.setDaemon(true);
			thread.start();
			futures.add(future);
			threads.add(thread);
		}
		servers.awaitQuestions(1);
		Awaitility.await()
			.until(() -> threads.stream().allMatch((thread) -> thread.getState() == Thread.State.WAITING));
		return futures;
	}

	/**
	 * Name servers that answer when they are let.
	 */
	private static final class HeldNameServers implements NameServers {

		private final AtomicInteger questions = new AtomicInteger();

		private volatile CountDownLatch held = new CountDownLatch(1);

		private volatile Reason reason = Reason.NOT_A_NAME;

		void hold() {
			this.held = new CountDownLatch(1);
		}

		void release() {
			this.held.countDown();
		}

		void awaitQuestions(int number) {
			Awaitility.await().until(() -> this.questions.get() == number);
		}

		@Override
		public List<String> aliased(String name, Duration patience) throws NameServerException {
			this.questions.incrementAndGet();
			try {
				this.held.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			if (this.reason != Reason.NOT_A_NAME) {
				throw new NameServerException(this.reason, new IllegalStateException("no answer"));
			}
			return List.of(ORDERS);
		}

	}

}

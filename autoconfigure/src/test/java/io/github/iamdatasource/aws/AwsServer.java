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
package io.github.iamdatasource.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on this machine that remembers what it was asked and can be told to
 * fail.
 */
public abstract class AwsServer implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(AwsServer.class);

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "aws-server");
		thread.setDaemon(true);
		return thread;
	});

	private final List<Call> calls = new CopyOnWriteArrayList<>();

	private @Nullable Fault fault;

	private int faultsLeft;

	/** What those wait for that are not answered. */
	private CountDownLatch hanging = new CountDownLatch(1);

	AwsServer() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::handle);
	}

	/** Begins to serve, by threads that keep no process from ending. */
	final void begin() {
		// The server's own thread is a daemon only if the one is that starts it.
		CompletableFuture.runAsync(this.server::start, this.threads).join();
	}

	/**
	 * Where it listens.
	 * @return {@code http://127.0.0.1:PORT}
	 */
	public URI endpoint() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
	}

	/**
	 * Has all requests from now on fail.
	 * @param failing how
	 */
	public void answer(Fault failing) {
		answer(failing, Integer.MAX_VALUE);
	}

	/**
	 * Has the next requests fail.
	 * @param failing how
	 * @param times how many
	 */
	public synchronized void answer(Fault failing, int times) {
		this.fault = failing;
		this.faultsLeft = times;
	}

	/**
	 * Answers as it should from now on, and those that hang, too.
	 */
	public synchronized void answerAsUsual() {
		this.faultsLeft = 0;
		this.hanging.countDown();
		this.hanging = new CountDownLatch(1);
	}

	/**
	 * What it was asked, also if it failed.
	 * @return the requests in the order in which they came
	 */
	public List<Call> calls() {
		return List.copyOf(this.calls);
	}

	/**
	 * What it was asked of one kind.
	 * @param action the action
	 * @return the requests in the order in which they came
	 */
	public List<Call> calls(String action) {
		return this.calls.stream().filter((call) -> call.action().equals(action)).toList();
	}

	/** Answers a request as AWS does. */
	abstract Answer answer(Request request);

	/** Answers a refusal as the service does. */
	abstract Answer answer(AwsError error);

	abstract Answer garbage();

	/** Tells what is remembered of a request. */
	Call describe(Request request) {
		return call(request, request.method() + " " + request.path(), request.query(), null);
	}

	static Call call(Request request, String action, Map<String, String> parameters, @Nullable SignedRequest signed) {
		return new Call(action, parameters, (signed != null) ? signed.accessKeyId() : null, Instant.now(),
				(signed != null) ? signed.region() : null, String.valueOf(request.header("host")));
	}

	/** Whether a request is of those that can fail in this way. */
	boolean strikes(Fault failing, Request request) {
		return true;
	}

	private void handle(HttpExchange exchange) throws IOException {
		Request request = Request.read(exchange);
		this.calls.add(describe(request));
		Fault failing = nextFault(request);
		if (failing == Fault.HANG) {
			if (!waitUntilReleased()) {
				exchange.close();
				return;
			}
			failing = null;
		}
		if (failing == Fault.CLOSED_CONNECTION) {
			exchange.close();
			return;
		}
		answer(request, failing).send(exchange);
	}

	private Answer answer(Request request, @Nullable Fault failing) {
		try {
			return (failing != null) ? failed(failing) : answer(request);
		}
		catch (AwsError error) {
			return answer(error);
		}
		catch (RuntimeException ex) {
			logger.error("A fault of the test's own server", ex);
			return Answer.text(500, "A fault of the test's own server: " + ex);
		}
	}

	Answer failed(Fault failing) {
		return switch (failing) {
			case SERVER_ERROR -> answer(new AwsError(500, "InternalFailure",
					"The request processing has failed because of an unknown error, exception or failure."));
			case UNAVAILABLE -> answer(new AwsError(503, "ServiceUnavailable", "Service Unavailable"));
			case THROTTLING -> answer(new AwsError(429, "TooManyRequestsException", "Too many requests"));
			case NOT_FOUND -> answer(new AwsError(404, "ResourceNotFoundException", "Not Found"));
			case GARBAGE -> garbage();
			default -> throw new IllegalStateException("This server cannot answer " + failing);
		};
	}

	private synchronized @Nullable Fault nextFault(Request request) {
		Fault next = this.fault;
		if (next == null || this.faultsLeft == 0 || !strikes(next, request)) {
			return null;
		}
		this.faultsLeft--;
		return next;
	}

	private boolean waitUntilReleased() {
		CountDownLatch latch;
		synchronized (this) {
			latch = this.hanging;
		}
		try {
			latch.await();
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}

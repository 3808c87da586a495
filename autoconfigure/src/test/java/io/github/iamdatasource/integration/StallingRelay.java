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
package io.github.iamdatasource.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a driver and a server. While it stalls, it takes connections and does
 * not answer, as a host does whose processes are stopped.
 */
final class StallingRelay implements AutoCloseable {

	private final ServerSocket listener;

	private final int target;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final List<Socket> stalled = new CopyOnWriteArrayList<>();

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private volatile boolean stalling;

	private StallingRelay(ServerSocket listener, int target) {
		this.listener = listener;
		this.target = target;
	}

	/**
	 * Begin to pass on what comes.
	 * @param target the server's port
	 */
	static StallingRelay to(int target) {
		try {
			StallingRelay relay = new StallingRelay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
			relay.start(relay::accept);
			return relay;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Do not answer those who connect from now on.
	 */
	void stall() {
		this.stalling = true;
	}

	/**
	 * Answer those who connect from now on. Those before still wait.
	 */
	void resume() {
		this.stalling = false;
	}

	/** How many are waiting for an answer, or have given up. */
	int stalled() {
		return this.stalled.size();
	}

	/**
	 * Have those who wait see that nobody is there.
	 */
	void drop() {
		this.stalled.forEach(StallingRelay::close);
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.listener.accept();
				this.sockets.add(client);
				if (this.stalling) {
					this.stalled.add(client);
				}
				else {
					passOn(client);
				}
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void passOn(Socket client) {
		try {
			Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target);
			this.sockets.add(server);
			start(() -> pass(client, server));
			start(() -> pass(server, client));
		}
		catch (IOException ex) {
			// The server is down.
			close(client);
		}
	}

	private static void pass(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// One of them is gone.
		}
		close(from);
		close(to);
	}

	private void start(Runnable work) {
		Thread thread = new Thread(work, "stalling-relay");
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// Gone is gone.
		}
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		try {
			this.threads.get(0).join();
			this.sockets.forEach(StallingRelay::close);
			for (Thread thread : this.threads) {
				thread.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

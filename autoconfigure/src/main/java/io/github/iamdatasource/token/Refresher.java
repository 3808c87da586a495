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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Has the tokens of many {@link TokenSource token sources} signed anew before they
 * expire.
 * <p>
 * One daemon thread watches over all of them, from the first that is opened to the last
 * that is closed. It never waits for credentials itself: signatures are made by threads
 * that live only as long as there is something to sign.
 * <p>
 * Nobody outside of this package can extend it. Not final, so that the concurrency tests
 * can do its work with threads of their own.
 */
public class Refresher {

	/**
	 * How long it sleeps at most. What is due is judged by the wall clock, which moves by
	 * itself when a machine is suspended, restored or set right.
	 */
	private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(30);

	private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final Refresher SHARED = new Refresher();

	private final Set<Refreshable> refreshables = ConcurrentHashMap.newKeySet();

	private final SigningThreads signingThreads = new SigningThreads();

	private final ReentrantLock starting = new ReentrantLock();

	private volatile @Nullable Thread thread;

	/** Kept, as waiting for a lock may take the permit that was meant for the sleep. */
	private volatile boolean woken;

	Refresher() {
	}

	/**
	 * Return the one for all token sources in this process.
	 * @return the shared refresher
	 */
	public static Refresher shared() {
		return SHARED;
	}

	void add(Refreshable refreshable) {
		this.starting.lock();
		try {
			this.refreshables.add(refreshable);
			Thread current = this.thread;
			if (current == null || !current.isAlive()) {
				start();
			}
		}
		finally {
			this.starting.unlock();
		}
		wakeUp();
	}

	private void start() {
		Thread created = newThread("iam-datasource-refresher", this::run);
		this.thread = created;
		try {
			created.start();
		}
		catch (OutOfMemoryError ex) {
			// The system gives no more threads. Tried again with the next signature, for
			// which a login asks when there is no refresh.
			this.thread = null;
		}
	}

	void remove(Refreshable refreshable) {
		this.starting.lock();
		try {
			this.refreshables.remove(refreshable);
			if (this.refreshables.isEmpty()) {
				Thread ending = this.thread;
				this.thread = null;
				LockSupport.unpark(ending);
			}
		}
		finally {
			this.starting.unlock();
		}
	}

	/**
	 * Run a signature soon.
	 * @param signature a task that may block and throws nothing
	 */
	void sign(Runnable signature) {
		this.signingThreads.execute(signature);
		wakeUp();
	}

	/**
	 * Look at once what is due, as the wall clock has moved: for instance when a process
	 * was restored from a checkpoint. It would be noticed by itself within half a minute.
	 */
	public void wakeUp() {
		this.woken = true;
		LockSupport.unpark(this.thread);
	}

	@Nullable Thread thread() {
		return this.thread;
	}

	private void run() {
		while (this.thread == Thread.currentThread()) {
			this.woken = false;
			long sleep = beginWhatIsDue();
			if (!this.woken && this.thread == Thread.currentThread()) {
				LockSupport.parkNanos(this, sleep);
			}
			// Nobody has a reason to interrupt it, and it could not sleep any more.
			Thread.interrupted();
		}
	}

	private long beginWhatIsDue() {
		long sleep = Math.min(LONGEST_SLEEP_NANOS, this.signingThreads.relieve());
		for (Refreshable refreshable : this.refreshables) {
			sleep = Math.min(sleep, refreshIfDue(refreshable));
		}
		return sleep;
	}

	private static long refreshIfDue(Refreshable refreshable) {
		try {
			return TimeUnit.MILLISECONDS.toNanos(refreshable.refreshIfDue());
		}
		// The trouble of one, such as a clock that throws, is not that of the others. And
		// an application that survives a lack of memory needs its tokens after it.
		catch (Throwable ex) {
			return PAUSE_NANOS;
		}
	}

	static Thread newThread(String name, Runnable work) {
		// It may outlive the application whose thread happens to start it, so it takes
		// over neither thread-locals nor class loader nor priority.
		Thread thread = new Thread(null, work, name, 0, false);
		thread.setContextClassLoader(Refresher.class.getClassLoader());
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Something that wants to be refreshed in time.
	 */
	interface Refreshable {

		/**
		 * Begin a refresh if it is due, without waiting for it.
		 * @return in how many milliseconds to ask again, at the latest
		 */
		long refreshIfDue();

	}

}

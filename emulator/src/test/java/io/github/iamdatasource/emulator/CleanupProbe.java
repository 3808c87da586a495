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
package io.github.iamdatasource.emulator;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.sun.management.HotSpotDiagnosticMXBean;

import static java.util.stream.Collectors.toCollection;
import static org.awaitility.Awaitility.await;

/**
 * Runs in a {@link ChildJvm} and prints what emulators leave behind.
 */
final class CleanupProbe {

	/**
	 * Thread groups of the JVM's and the JDK's own threads: of cleaners, and what carries
	 * virtual threads.
	 */
	private static final Set<String> OF_THE_JDK = Set.of("system", "InnocuousThreadGroup", "CarrierThreads");

	private CleanupProbe() {
	}

	public static void main(String[] arguments) throws Exception {
		switch (arguments[0]) {
			case "connected" -> closeWithClientsConnected();
			case "stopped" -> closeWhileStopped();
			case "resumed" -> closeAfterResuming();
			case "failed" -> failToStart();
			case "overlapping" -> overlap();
			case "interrupted" -> closeWhileInterrupted();
			case "interruptedStart" -> interruptTheStart();
			case "mariaDb" -> closeWithClientsConnected(RdsIamEmulator.mariadb());
			case "mySql" -> closeWithClientsConnected(RdsIamEmulator.mysql());
			default -> throw new IllegalArgumentException(arguments[0]);
		}
		System.out.println("threads " + threads());
		System.out.println("processes " + ProcessHandle.current().descendants().count());
		try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
			System.out.println("files " + files.map((file) -> file.getFileName().toString())
				.filter((name) -> !name.startsWith("hsperfdata"))
				.toList());
		}
	}

	private static void closeWithClientsConnected() throws Exception {
		RdsIamEmulator rds = describe().start();
		List<RawClient> clients = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			clients.add(new RawClient(rds));
			clients.add(new RawClient(rds).send(0x16, 3));
			clients.add(new RawClient(rds).sendStartupOverTls("user", "app"));
			RawClient idle = login(rds);
			clients.add(idle);
			clients.add(login(rds).sendText('Q', "SELECT pg_sleep(300)"));
			clients.add(login(rds).sendText('Q', "SELECT repeat('x', 1000) FROM generate_series(1, 100000)"));
		}
		System.out.println("before " + (ProcessHandle.current().descendants().count() > 0) + " "
				+ (threads().size() > clients.size()));
		long start = System.nanoTime();
		rds.close();
		rds.close();
		// Had it waited for its clients: 60 s for those that log in, 300 s for the query.
		System.out.println("quick " + (System.nanoTime() - start < 20_000_000_000L));
		for (RawClient client : clients) {
			client.close();
		}
	}

	private static void closeWithClientsConnected(RdsIamEmulatorBuilder builder) throws Exception {
		RdsIamEmulator rds = builder.user("app").principal(Tokens.PRINCIPAL.allowedToConnectAs("app")).start();
		List<RawMySqlClient> clients = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			RawMySqlClient client = new RawMySqlClient(rds);
			clients.add(client);
			switch (i) {
				case 0 -> client.read();
				case 1 -> client.raw().send(0, 1);
				case 2 -> client.begin("app");
				default -> {
					client.login("app", Tokens.sign(rds, "app"));
					client.sendText(0, List.of("\3DO SLEEP(300)", "\16", "\21app\0\0").get(i - 3));
				}
			}
		}
		System.out.println("before " + (ProcessHandle.current().descendants().count() > 0) + " "
				+ (threads().size() > clients.size()));
		rds.close();
		rds.close();
		for (RawMySqlClient client : clients) {
			client.close();
		}
	}

	private static RawClient login(RdsIamEmulator rds) throws Exception {
		RawClient client = new RawClient(rds).sendStartupOverTls("user", "app");
		client.readMessage('R');
		client.sendText('p', Tokens.sign(rds, "app")).readMessage('Z');
		return client;
	}

	private static void closeWhileStopped() throws Exception {
		RdsIamEmulator rds = describe().start();
		cutClientsOff(rds);
		System.out.println("stopped threads " + threads());
		// Beyond those that the JDK keeps once it has closed one.
		long sockets = sockets();
		for (int i = 0; i < 3; i++) {
			rds.resumeServing();
			cutClientsOff(rds);
		}
		System.out.println("stopped again threads " + threads() + " sockets " + (sockets() - sockets));
		rds.close();
		rds.close();
		rds.stopServing();
		try {
			new RawClient(rds).close();
		}
		catch (ConnectException ex) {
			System.out.println("refused true");
		}
		try {
			rds.resumeServing();
		}
		catch (IllegalStateException ex) {
			System.out.println("not resumed " + ex.getMessage());
		}
	}

	private static void cutClientsOff(RdsIamEmulator rds) throws Exception {
		List<RawClient> clients = new ArrayList<>();
		clients.add(new RawClient(rds));
		clients.add(new RawClient(rds).sendStartupOverTls("user", "app"));
		clients.add(login(rds));
		clients.add(login(rds).sendText('Q', "SELECT pg_sleep(300)"));
		rds.stopServing();
		for (RawClient client : clients) {
			client.close();
		}
	}

	private static void closeAfterResuming() throws Exception {
		RdsIamEmulator rds = describe().start();
		rds.stopServing();
		rds.resumeServing();
		RawClient client = login(rds);
		rds.close();
		client.close();
	}

	/** This process's, where they can be seen. */
	private static long sockets() throws IOException {
		Path descriptors = Path.of("/proc/self/fd");
		if (!Files.isDirectory(descriptors)) {
			return 0;
		}
		long sockets = 0;
		try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
			for (Path link : links) {
				sockets += isSocket(link) ? 1 : 0;
			}
		}
		return sockets;
	}

	private static boolean isSocket(Path link) throws IOException {
		try {
			return Files.readSymbolicLink(link).toString().startsWith("socket:");
		}
		catch (NoSuchFileException ex) {
			// Closed since.
			return false;
		}
	}

	private static void failToStart() throws Exception {
		List<Supplier<RdsIamEmulatorBuilder>> failures = List.of(() -> describe().user("postgres"),
				() -> describe().backend((PostgresBackend) () -> {
					throw new EmulatorException("No server", null);
				}), () -> describe().backend(PostgresBackend.server("127.0.0.1", 1, "nobody", null)));
		for (Supplier<RdsIamEmulatorBuilder> failure : failures) {
			try {
				failure.get().start().close();
				System.out.println("started");
			}
			catch (IllegalArgumentException | EmulatorException ex) {
				System.out.println("failed " + ex.getClass().getSimpleName());
			}
		}
	}

	private static void overlap() throws Exception {
		RdsIamEmulator first = describe().start();
		RdsIamEmulator second = describe().start();
		first.close();
		login(second).close();
		try (RdsIamEmulator third = describe().start()) {
			second.close();
			login(third).close();
		}
	}

	private static void closeWhileInterrupted() throws Exception {
		RdsIamEmulator rds = describe().start();
		login(rds);
		Thread.currentThread().interrupt();
		rds.close();
		System.out.println("interrupted " + Thread.interrupted());
	}

	/** While initdb has a process of its own that writes. */
	private static void interruptTheStart() throws Exception {
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread starter = new Thread(() -> describe().start().close());
		starter.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
		starter.start();
		await().pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(60))
			.until(() -> initdbs().flatMap(ProcessHandle::children).findAny().isPresent());
		List<ProcessHandle> processes = ProcessHandle.current().descendants().toList();
		starter.interrupt();
		starter.join();
		System.out.println("failed " + failure.get().getClass().getSimpleName() + " "
				+ failure.get().getCause().getMessage() + " " + List.of(failure.get().getCause().getSuppressed()));
		System.out.println("running " + processes.stream().filter(ProcessHandle::isAlive).count());
	}

	private static Stream<ProcessHandle> initdbs() {
		return ProcessHandle.current()
			.children()
			.filter((process) -> process.info().command().orElse("").endsWith("/initdb"));
	}

	private static RdsIamEmulatorBuilder describe() {
		return RdsIamEmulator.postgresql().user("app").principal(Tokens.PRINCIPAL.allowedToConnectAs("app"));
	}

	/**
	 * All threads, virtual ones included, that are neither the JVM's nor the main one.
	 */
	private static Set<String> threads() throws Exception {
		Set<String> names = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getThreadGroup() != null
					&& !OF_THE_JDK.contains(thread.getThreadGroup().getName()))
			.map(Thread::getName)
			.filter((name) -> !name.equals("main"))
			.collect(toCollection(TreeSet::new));
		if (Runtime.version().feature() >= 21) {
			names.addAll(virtualThreads());
		}
		return names;
	}

	/** Without those that wait for sockets on behalf of the JDK. */
	private static Set<String> virtualThreads() throws Exception {
		Path dump = Files.createTempDirectory("threads").resolve("dump");
		Class<?> format = Class.forName("com.sun.management.HotSpotDiagnosticMXBean$ThreadDumpFormat");
		Object text = format.getField("TEXT_PLAIN").get(null);
		HotSpotDiagnosticMXBean diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
		HotSpotDiagnosticMXBean.class.getMethod("dumpThreads", String.class, format)
			.invoke(diagnostics, dump.toString(), text);
		Set<String> names = Files.readAllLines(dump)
			.stream()
			.filter((line) -> line.startsWith("#") && line.contains("virtual") && !line.contains("SubPoller"))
			.collect(toCollection(TreeSet::new));
		Files.delete(dump);
		Files.delete(dump.getParent());
		return names;
	}

}

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
package io.github.iamdatasource.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The database of one run: an emulator in a process of its own and a folder with what its
 * clients need. Both are gone when it is closed.
 */
final class BenchmarkDatabase implements AutoCloseable {

	private static final long LONGEST_STOP_SECONDS = 30;

	private final Path folder;

	private final Process emulator;

	private final DatabaseAccess access;

	private boolean closed;

	private BenchmarkDatabase(Path folder, Process emulator, DatabaseAccess access) {
		this.folder = folder;
		this.emulator = emulator;
		this.access = access;
	}

	static BenchmarkDatabase start() throws IOException, GeneralSecurityException {
		Path folder = Files.createTempDirectory("iam-datasource-benchmarks");
		try {
			Path certificate = folder.resolve("ca.pem");
			Process emulator = new ProcessBuilder(JavaProgram.command(List.of(), System.getProperty("java.class.path"),
					EmulatorProcess.class.getName(), certificate.toString()))
				.redirectError(Redirect.INHERIT)
				.start();
			try {
				BenchmarkDatabase database = new BenchmarkDatabase(folder, emulator,
						access(folder, certificate, emulator));
				Runtime.getRuntime().addShutdownHook(new Thread(database::closeQuietly, "benchmarks-shutdown"));
				return database;
			}
			catch (IOException | GeneralSecurityException | RuntimeException ex) {
				stop(emulator);
				throw ex;
			}
		}
		catch (IOException | GeneralSecurityException | RuntimeException ex) {
			delete(folder);
			throw ex;
		}
	}

	private static DatabaseAccess access(Path folder, Path certificate, Process emulator)
			throws IOException, GeneralSecurityException {
		BufferedReader output = emulator.inputReader();
		String line = output.readLine();
		if (line == null || !line.startsWith(EmulatorProcess.READY)) {
			throw new IllegalStateException("The emulator did not start");
		}
		int port = Integer.parseInt(line.substring(EmulatorProcess.READY.length()));
		Path hosts = Files.writeString(folder.resolve("hosts"),
				"127.0.0.1 localhost\n127.0.0.1 " + DatabaseAccess.HOSTNAME + "\n", StandardCharsets.US_ASCII);
		return new DatabaseAccess(port, certificate, writeTrustStore(folder.resolve("trust.jks"), certificate), hosts);
	}

	private static Path writeTrustStore(Path file, Path certificate) throws IOException, GeneralSecurityException {
		// Not PKCS12, which a JVM that is told no password would not open.
		KeyStore trustStore = KeyStore.getInstance("JKS");
		trustStore.load(null, null);
		try (InputStream in = Files.newInputStream(certificate); OutputStream out = Files.newOutputStream(file)) {
			trustStore.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
			trustStore.store(out, "public".toCharArray());
		}
		return file;
	}

	private void closeQuietly() {
		try {
			close();
		}
		catch (IOException ex) {
			System.err.println("The database of the benchmarks was not taken away in full: " + ex);
		}
	}

	DatabaseAccess access() {
		return this.access;
	}

	@Override
	public synchronized void close() throws IOException {
		if (this.closed) {
			return;
		}
		this.closed = true;
		try {
			stop(this.emulator);
		}
		finally {
			delete(this.folder);
		}
	}

	private static void stop(Process emulator) throws IOException {
		emulator.getOutputStream().close();
		try {
			if (!emulator.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
				emulator.destroy();
			}
		}
		catch (InterruptedException ex) {
			emulator.destroy();
			Thread.currentThread().interrupt();
		}
	}

	private static void delete(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			for (Path file : files.toList()) {
				Files.delete(file);
			}
		}
		Files.delete(folder);
	}

}

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
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Fetches the Maven that {@code maven-wrapper.properties} pins: {@code mvnw} runs this
 * file when that Maven is not there yet.
 * <p>
 * An installed {@code mvn}, of whatever version, comes first: it knows the settings,
 * mirrors and proxies of the machine. Apache's archive serves the machines without one.
 * Everything goes to standard error, because {@code mvnw}'s output is Maven's.
 */
class MavenInstaller {

	static final String DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0";

	static final List<String> SETTINGS_OPTIONS = List.of("-s", "--settings", "-gs", "--global-settings");

	static final boolean WINDOWS = File.separatorChar == '\\';

	/**
	 * @param args the name of the folder to install, the project's {@code .mvn}, the user's
	 * {@code .m2}, and then the arguments of {@code mvnw}
	 */
	public static void main(String[] args) throws Exception {
		try {
			install(args[0], Path.of(args[1]), Path.of(args[2]), List.of(args).subList(3, args.length));
		}
		catch (IOException ex) {
			System.err.println("mvnw: " + ((ex.getClass() == IOException.class) ? ex.getMessage() : ex));
			System.exit(1);
		}
	}

	static void install(String name, Path project, Path home, List<String> arguments) throws Exception {
		Properties pinned = new Properties();
		try (Reader reader = Files.newBufferedReader(project.resolve("wrapper/maven-wrapper.properties"))) {
			pinned.load(reader);
		}
		String version = pinned.getProperty("distributionVersion");
		// Beside the final folder, so that one atomic move puts the whole Maven in place.
		Path work = createWorkFolder(home, project);
		Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(work)));
		Path target = work.resolveSibling(name);

		Path zip = work.resolve("apache-maven-" + version + "-bin.zip");
		String source = fetch(version, pinned.getProperty("distributionUrl"), zip, target, arguments);
		verify(zip, source, pinned.getProperty("distributionSha512Sum"));
		unzip(zip, work);
		try {
			Files.move(work.resolve("apache-maven-" + version), target, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			// Another mvnw may have been faster, and its files are the same.
			if (!Files.exists(target.resolve("bin/mvn"))) {
				throw ex;
			}
		}
	}

	static Path createWorkFolder(Path... homes) throws IOException {
		List<String> failures = new ArrayList<>();
		for (Path home : homes) {
			try {
				Path folder = Files.createDirectories(home.toAbsolutePath().resolve("wrapper").resolve("dists"));
				return Files.createTempDirectory(folder, "installing-");
			}
			catch (IOException ex) {
				failures.add(ex.toString());
			}
		}
		throw new IOException(
				"Nowhere to install Maven: " + failures + ". Set MAVEN_USER_HOME to a folder that can be written.");
	}

	/** Returns where the zip came from. */
	static String fetch(String version, String url, Path zip, Path target, List<String> arguments) throws Exception {
		List<String> failures = new ArrayList<>();
		File mvn = findMvn();
		if (mvn == null) {
			failures.add("An installed mvn: there is none on the PATH.");
		}
		else {
			System.err.println("mvnw: Asking " + mvn + " for Maven " + version);
			String output = resolve(mvn, version, zip.getParent(), arguments);
			if (Files.exists(zip)) {
				return mvn + " (look into its local repository)";
			}
			failures.add(mvn + " did not find it:\n" + output.strip().indent(6).stripTrailing());
		}
		System.err.println("mvnw: Downloading " + url);
		try {
			download(URI.create(url), zip);
			return url;
		}
		catch (Exception ex) {
			// The outer ones only say that something failed.
			Throwable cause = ex;
			while (cause.getCause() != null) {
				cause = cause.getCause();
			}
			failures.add(url + ": " + cause);
		}
		throw new IOException("Maven " + version + " could not be fetched. Tried:\n  - "
				+ String.join("\n  - ", failures) + "\nDo one of these, and try again:\n  - reach " + URI.create(url).getHost()
				+ " (HTTPS_PROXY, or -Dhttps.proxyHost in MAVEN_OPTS, name a proxy);\n"
				+ "  - put any Maven's mvn on the PATH, with settings by which it reaches a Maven repository;\n"
				+ "  - unpack " + zip.getFileName() + " by hand, so that there is " + target.resolve("bin/mvn") + ".");
	}

	static File findMvn() {
		for (String folder : String.valueOf(System.getenv("PATH")).split(File.pathSeparator)) {
			File mvn = new File(folder, WINDOWS ? "mvn.cmd" : "mvn").getAbsoluteFile();
			if (mvn.isFile() && mvn.canExecute()) {
				return mvn;
			}
		}
		return null;
	}

	/** Returns what Maven printed. */
	static String resolve(File mvn, String version, Path work, List<String> arguments) throws Exception {
		// Here Maven ends its search for a project's .mvn, so that ours has no say.
		Files.createDirectory(work.resolve(".mvn"));
		List<String> command = new ArrayList<>(List.of(mvn.toString(), "-B", "-q", DEPENDENCY_PLUGIN + ":copy",
				"-Dartifact=org.apache.maven:apache-maven:" + version + ":zip:bin", "-DoutputDirectory=" + work));
		// The caller's choice of repositories counts for this, too.
		String repository = "-Dmaven.repo.local=";
		boolean chosen = false;
		for (int i = 0; i < arguments.size(); i++) {
			String argument = arguments.get(i);
			if (argument.startsWith(repository)) {
				command.add(repository + Path.of(argument.substring(repository.length())).toAbsolutePath());
				chosen = true;
			}
			else if (SETTINGS_OPTIONS.contains(argument) && i + 1 < arguments.size()) {
				command.addAll(List.of(argument, Path.of(arguments.get(++i)).toAbsolutePath().toString()));
			}
		}
		// Without a home, Maven has nowhere to keep what it resolves.
		if (!chosen && !Files.isWritable(Path.of(System.getProperty("user.home")))) {
			command.add(repository + work.resolve("repository"));
		}
		Process process = new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes());
		process.waitFor();
		return output;
	}

	static void download(URI url, Path zip) throws Exception {
		HttpClient.Builder client = HttpClient.newBuilder()
			.followRedirects(HttpClient.Redirect.NORMAL)
			.connectTimeout(Duration.ofSeconds(20));
		// Java reads its own properties (https.proxyHost), but not the environment.
		String proxy = System.getenv().getOrDefault("HTTPS_PROXY", System.getenv("https_proxy"));
		if (proxy != null && !proxy.isBlank() && System.getProperty("https.proxyHost") == null) {
			// Many write it without a scheme, as host:port.
			URI address = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
			int port = (address.getPort() < 0) ? 80 : address.getPort();
			client.proxy(ProxySelector.of(new InetSocketAddress(address.getHost(), port)));
		}
		// The request's own time-out would end with the headers.
		HttpResponse<Path> response = client.build()
			.sendAsync(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofFile(zip))
			.get(10, TimeUnit.MINUTES);
		if (response.statusCode() != 200) {
			throw new IOException("HTTP status " + response.statusCode());
		}
	}

	static void verify(Path zip, String source, String expected) throws Exception {
		byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(zip));
		String actual = HexFormat.of().formatHex(digest);
		if (!actual.equals(expected.strip().toLowerCase(Locale.ROOT))) {
			throw new IOException("Refusing " + zip.getFileName() + " from " + source
					+ ": its SHA-512 is not the one in maven-wrapper.properties.\n  expected " + expected
					+ "\n  actual   " + actual);
		}
	}

	static void unzip(Path zip, Path folder) throws IOException {
		try (InputStream input = Files.newInputStream(zip); ZipInputStream entries = new ZipInputStream(input)) {
			for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
				Path file = folder.resolve(entry.getName()).normalize();
				if (!file.startsWith(folder)) {
					throw new IOException("Refusing " + zip.getFileName() + ": it holds a path out of its folder, "
							+ entry.getName());
				}
				if (entry.isDirectory()) {
					Files.createDirectories(file);
					continue;
				}
				Files.createDirectories(file.getParent());
				Files.copy(entries, file);
				// Java's zip reader does not know the permissions.
				if (file.getParent().endsWith("bin") && file.getFileName().toString().startsWith("mvn")) {
					file.toFile().setExecutable(true, false);
				}
			}
		}
	}

	/** Deletes as much as it can: it also runs when the user interrupts. */
	static void delete(Path folder) {
		try (Stream<Path> files = Files.walk(folder)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
		catch (Exception ex) {
			System.err.println("mvnw: Could not delete " + folder + ": " + ex);
		}
	}

}

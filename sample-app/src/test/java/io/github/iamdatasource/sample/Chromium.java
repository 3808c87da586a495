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
package io.github.iamdatasource.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chromium without a window, with one page, that does what it is told through the
 * <a href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a>.
 */
final class Chromium implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final List<String> PROGRAMS = List.of("chromium", "chromium-browser", "google-chrome");

	private final JsonMapper json = new JsonMapper();

	private final HttpClient client = HttpClient.newHttpClient();

	private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();

	private final List<String> complaints = new CopyOnWriteArrayList<>();

	private final AtomicInteger ids = new AtomicInteger();

	private final Process process;

	private @Nullable WebSocket page;

	private Chromium(Process process) {
		this.process = process;
	}

	/** The program, if the machine has it. */
	static Optional<Path> program() {
		List<Path> folders = Stream.of(System.getenv("PATH").split(":")).map(Path::of).toList();
		return PROGRAMS.stream()
			.flatMap((name) -> folders.stream().map((folder) -> folder.resolve(name)))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Start it.
	 * @param folder where it may write
	 */
	static Chromium start(Path program, Path folder) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(program.toString(), "--headless=new", "--disable-gpu",
				"--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
				"--no-first-run", "--force-color-profile=srgb", "--remote-debugging-port=0",
				"--user-data-dir=" + folder.resolve("profile"));
		if (System.getProperty("user.name").equals("root")) {
			// Its sandbox does not work for root, and it shows nothing but our own page.
			builder.command().add("--no-sandbox");
		}
		builder.command().add("about:blank");
		builder.environment().put("HOME", folder.toString());
		builder.environment().put("TMPDIR", folder.toString());
		builder.environment().keySet().removeIf((name) -> name.startsWith("XDG_"));
		Process process = builder.redirectErrorStream(true)
			.redirectOutput(folder.resolve("output.txt").toFile())
			.start();
		Chromium chromium = new Chromium(process);
		try {
			chromium.connect(folder.resolve("profile").resolve("DevToolsActivePort"));
			return chromium;
		}
		catch (RuntimeException ex) {
			chromium.close();
			throw new IllegalStateException("Chromium said: " + Files.readString(folder.resolve("output.txt")), ex);
		}
	}

	private void connect(Path portFile) {
		String port = Awaitility.await()
			.atMost(PATIENCE)
			.ignoreExceptions()
			.until(() -> Files.readAllLines(portFile).get(0), (line) -> !line.isBlank());
		URI address = Awaitility.await()
			.atMost(PATIENCE)
			.ignoreExceptions()
			.until(() -> pageAddress(port), Objects::nonNull);
		this.page = this.client.newWebSocketBuilder().buildAsync(address, new Listener()).join();
		List.of("Page", "Runtime", "Log", "Network", "Accessibility").forEach((domain) -> tell(domain + ".enable"));
	}

	private @Nullable URI pageAddress(String port) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
		for (JsonNode target : this.json
			.readTree(this.client.send(request, HttpResponse.BodyHandlers.ofString()).body())) {
			if (target.path("type").asString().equals("page")) {
				return URI.create(target.path("webSocketDebuggerUrl").asString());
			}
		}
		return null;
	}

	/** Tell it to do something, and wait for what it answers. */
	JsonNode tell(String method, Map<String, ?> parameters) {
		int id = this.ids.incrementAndGet();
		CompletableFuture<JsonNode> answer = new CompletableFuture<>();
		this.answers.put(id, answer);
		Objects.requireNonNull(this.page)
			.sendText(this.json.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
			.join();
		JsonNode message = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
		if (message.has("error")) {
			throw new IllegalStateException(method + ": " + message.path("error"));
		}
		return message.path("result");
	}

	JsonNode tell(String method) {
		return tell(method, Map.of());
	}

	/** The value of a JavaScript expression in the page. */
	JsonNode evaluate(String expression) {
		JsonNode answer = tell("Runtime.evaluate",
				Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
		if (answer.has("exceptionDetails")) {
			throw new IllegalStateException(answer.path("exceptionDetails").toString());
		}
		return answer.path("result").path("value");
	}

	/** Go to a page, and forget what was complained of before. */
	void open(String url) {
		tell("Page.navigate", Map.of("url", "about:blank"));
		this.complaints.clear();
		tell("Page.navigate", Map.of("url", url));
	}

	void pressTab() {
		for (String type : List.of("keyDown", "keyUp")) {
			tell("Input.dispatchKeyEvent",
					Map.of("type", type, "key", "Tab", "code", "Tab", "windowsVirtualKeyCode", 9));
		}
	}

	void preferColors(String scheme) {
		tell("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	void resize(int width, int height) {
		tell("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	void setOffline(boolean offline) {
		tell("Network.emulateNetworkConditions",
				Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
	}

	/** Errors and warnings of the console, since the page was opened. */
	List<String> complaints() {
		return this.complaints;
	}

	@Override
	public void close() {
		List<ProcessHandle> all = this.process.descendants().toList();
		if (this.page != null) {
			this.page.abort();
		}
		this.process.destroy();
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.process.destroyForcibly();
		all.forEach(ProcessHandle::destroyForcibly);
		// Until then they write into the folder that is about to be deleted.
		all.forEach((child) -> child.onExit().orTimeout(10, TimeUnit.SECONDS).join());
	}

	private final class Listener implements WebSocket.Listener {

		private final StringBuilder text = new StringBuilder();

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
			this.text.append(part);
			if (last) {
				take(Chromium.this.json.readTree(this.text.toString()));
				this.text.setLength(0);
			}
			socket.request(1);
			return null;
		}

		@Override
		public void onError(WebSocket socket, Throwable error) {
			Chromium.this.answers.values().forEach((answer) -> answer.completeExceptionally(error));
		}

		private void take(JsonNode message) {
			JsonNode parameters = message.path("params");
			switch (message.path("method").asString("")) {
				case "" ->
					Objects.requireNonNull(Chromium.this.answers.remove(message.path("id").asInt())).complete(message);
				case "Log.entryAdded" -> complain(parameters.path("entry").path("level"), parameters);
				case "Runtime.consoleAPICalled" -> complain(parameters.path("type"), parameters);
				case "Runtime.exceptionThrown" -> Chromium.this.complaints.add(parameters.toString());
				default -> {
				}
			}
		}

		private void complain(JsonNode level, JsonNode parameters) {
			if (List.of("error", "warning").contains(level.asString())) {
				Chromium.this.complaints.add(parameters.toString());
			}
		}

	}

}

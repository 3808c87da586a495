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
package io.github.iamdatasource.jdbc;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.BiConsumer;

import javax.net.SocketFactory;

import com.mysql.cj.conf.ConnectionUrl;
import com.mysql.cj.conf.HostsListView;
import io.github.iamdatasource.endpoint.HostAndPort;
import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.mariadb.jdbc.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What holds for every URL, tried with many that are made up. One that fails is told with
 * its seed.
 */
class JdbcUrlPropertyTests {

	private static final int URLS = Integer.getInteger("property.urls", 2_000);

	@Test
	void parsesOrSaysWhatToDo() {
		int parsed = 0;
		for (long seed = 0; seed < URLS; seed++) {
			String url = new RandomUrls(seed).next();
			String shown = shown(seed);
			Throwable failure = catchThrowable(() -> JdbcUrl.parse(url));
			if (failure == null) {
				parsed++;
			}
			else {
				assertThat(failure).as(shown).isInstanceOf(InvalidSettingException.class);
				assertThat(((InvalidSettingException) failure).getAction()).as(shown).isNotBlank();
			}
		}
		// Otherwise nothing is proved by it.
		assertThat(parsed).isGreaterThan(URLS / 20);
	}

	@Test
	void saysTheSameTwice() {
		for (long seed = 0; seed < URLS; seed += 10) {
			String url = new RandomUrls(seed).next();
			Optional<DriverUrl> parsed = parse(url);
			assertThat(parse(url)).as(shown(seed)).isEqualTo(parsed);
			// What the pool is told leads to the same hosts.
			if (parsed.isPresent()) {
				assertThat(parse(parsed.get().toString()).map(JdbcUrl::hosts)).as(shown(seed))
					.contains(parsed.get().hosts());
			}
		}
	}

	@Test
	void showsNothingOfAParameterOrAPassword() {
		for (long seed = 0; seed < URLS; seed++) {
			RandomUrls urls = new RandomUrls(seed);
			for (String url : List.of(urls.next(), urls.nextWithSecret())) {
				String shown = shown(seed);
				assertThat(JdbcUrl.redact(url).contains(RandomUrls.SECRET)).as(shown + ", redacted").isFalse();
				try {
					assertThat(JdbcUrl.parse(url).toString().contains(RandomUrls.SECRET)).as(shown).isFalse();
				}
				catch (InvalidSettingException ex) {
					StringWriter trace = new StringWriter();
					ex.printStackTrace(new PrintWriter(trace));
					assertThat(trace.toString().contains(RandomUrls.SECRET)).as(shown + ", failure").isFalse();
				}
			}
		}
	}

	@Test
	void postgreSqlDriverConnectsToNoOtherHosts() {
		List<HostAndPort> connections = new ArrayList<>();
		compare(PostgreSqlUrl.class, (url, profile) -> {
			Properties properties = properties(profile);
			properties.setProperty("socketFactory", RecordingSocketFactory.class.getName());
			properties.setProperty("hostRecheckSeconds", "0");
			properties.remove("loginTimeout");
			RecordingSocketFactory.CONNECTED.clear();
			assertThat(catchThrowable(() -> profile.driver().connect(profile.url(), properties)))
				.isInstanceOf(SQLException.class);
			// It may try them in another order, or some of them again.
			assertThat(url.hosts().stream().map(JdbcUrlPropertyTests::asConnected))
				.containsAll(RecordingSocketFactory.CONNECTED);
			connections.addAll(RecordingSocketFactory.CONNECTED);
		});
		assertThat(connections).hasSizeGreaterThan(URLS / 200);
	}

	@Test
	void mySqlDriverConnectsToNoOtherHosts() {
		compare(MySqlUrl.class,
				(url, profile) -> assertThat(ConnectionUrl.getConnectionUrlInstance(profile.url(), properties(profile))
					.getHostsList(HostsListView.ALL))
					.extracting((host) -> new HostAndPort(host.getHost(), host.getPort()))
					.containsExactlyElementsOf(url.hosts()));
	}

	@Test
	void mariaDbDriverConnectsToNoOtherHosts() {
		compare(MariaDbUrl.class, (url, profile) -> {
			try {
				Configuration configuration = Configuration.parse(profile.url(), properties(profile));
				assertThat(configuration.addresses()).extracting((host) -> new HostAndPort(host.host, host.port))
					.containsExactlyElementsOf(url.hosts());
				assertThat(configuration.addresses()).allMatch((host) -> host.pipe == null && host.localSocket == null);
			}
			catch (SQLException ex) {
				// So it connects to nobody.
				assertThat(ex.getMessage()).contains("rror");
			}
		});
	}

	private static void compare(Class<? extends DriverUrl> type, BiConsumer<DriverUrl, DriverProfile> comparison) {
		int compared = 0;
		for (long seed = 0; seed < URLS; seed++) {
			Optional<DriverUrl> parsed = parse(new RandomUrls(seed).next()).filter(type::isInstance);
			Optional<DriverProfile> profile = parsed.flatMap(JdbcUrlPropertyTests::profile);
			if (profile.isPresent()) {
				compared++;
				try {
					comparison.accept(parsed.get(), profile.get());
				}
				catch (AssertionError | RuntimeException ex) {
					throw new AssertionError(
							shown(seed) + ": " + parsed.get() + " is said to lead to " + parsed.get().hosts(), ex);
				}
			}
		}
		assertThat(compared).isGreaterThan(URLS / 200);
	}

	private static HostAndPort asConnected(HostAndPort address) {
		return asConnected(new InetSocketAddress(address.host(), address.port()));
	}

	/** An address as the JDK writes it, as which drivers hand it over to a socket. */
	private static HostAndPort asConnected(InetSocketAddress address) {
		return new HostAndPort(address.getHostString(), address.getPort());
	}

	private static Properties properties(DriverProfile profile) {
		Properties properties = new Properties();
		properties.putAll(profile.properties());
		properties.setProperty("user", "app");
		properties.setProperty(profile.keyProperty(), "key");
		return properties;
	}

	private static Optional<DriverUrl> parse(String url) {
		try {
			return Optional.of(DriverUrl.parse(url));
		}
		catch (InvalidSettingException ex) {
			return Optional.empty();
		}
	}

	private static Optional<DriverProfile> profile(DriverUrl url) {
		try {
			return Optional.of(url.profile(new TlsSettings(TlsMode.VERIFY_FULL, List.of())));
		}
		catch (InvalidSettingException ex) {
			return Optional.empty();
		}
	}

	/** Not the URL: it has a secret, which no output may have. */
	private static String shown(long seed) {
		return "seed " + seed + ": "
				+ new RandomUrls(seed).next().replace(RandomUrls.SECRET, "SECRET").replaceAll("[^ -~]", "?");
	}

	/**
	 * Has pgjdbc tell where it connects to.
	 */
	public static final class RecordingSocketFactory extends SocketFactory {

		private static final List<HostAndPort> CONNECTED = new ArrayList<>();

		@Override
		public Socket createSocket() {
			return new Socket() {

				@Override
				public void connect(SocketAddress address, int timeout) throws IOException {
					InetSocketAddress target = (InetSocketAddress) address;
					CONNECTED.add(asConnected(target));
					throw new IOException("Only recorded");
				}

			};
		}

		@Override
		public Socket createSocket(String host, int port) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Socket createSocket(InetAddress host, int port) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
			throw new UnsupportedOperationException();
		}

	}

}

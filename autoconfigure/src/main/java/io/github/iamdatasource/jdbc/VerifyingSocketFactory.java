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
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.EndpointResolver;
import io.github.iamdatasource.endpoint.HostAndPort;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS over a driver's connection, and verifies the server as {@link TlsSettings} say
 * before the driver can send anything.
 * <p>
 * The name that the certificate has to bear is the signing host: behind a tunnel or an
 * alias the server is still the one that the token is for.
 */
final class VerifyingSocketFactory extends SSLSocketFactory {

	private final EndpointResolver endpoints;

	private final ReentrantLock settingUp = new ReentrantLock();

	private volatile TlsSettings settings;

	/** Made for the first connection: reading all authorities takes a while. */
	private volatile @Nullable SSLSocketFactory delegate;

	/**
	 * Create a socket factory.
	 * @param settings what to verify
	 * @param endpoints tells the name that the certificate has to bear
	 */
	VerifyingSocketFactory(TlsSettings settings, EndpointResolver endpoints) {
		this.settings = settings;
		this.endpoints = endpoints;
	}

	/**
	 * Verify new connections in another way from now on.
	 * @param settings what to verify
	 */
	void use(TlsSettings settings) {
		SSLSocketFactory delegate = create(settings);
		this.settingUp.lock();
		try {
			this.settings = settings;
			this.delegate = delegate;
		}
		finally {
			this.settingUp.unlock();
		}
	}

	private SSLSocketFactory delegate() {
		SSLSocketFactory delegate = this.delegate;
		if (delegate != null) {
			return delegate;
		}
		this.settingUp.lock();
		try {
			delegate = this.delegate;
			if (delegate == null) {
				delegate = create(this.settings);
				this.delegate = delegate;
			}
			return delegate;
		}
		finally {
			this.settingUp.unlock();
		}
	}

	private static SSLSocketFactory create(TlsSettings settings) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(settings.keyManagers().toArray(KeyManager[]::new),
					new TrustManager[] { trustManager(settings) }, null);
			return context.getSocketFactory();
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException("This JVM cannot set up TLS", ex);
		}
	}

	private static TrustManager trustManager(TlsSettings settings) throws GeneralSecurityException, IOException {
		if (!settings.mode().isAtLeast(TlsMode.VERIFY_CA)) {
			return new TrustsAnything();
		}
		if (!settings.trustedCertificates().isEmpty()) {
			return trustManager(settings.trustedCertificates());
		}
		if (settings.mode() == TlsMode.VERIFY_CA) {
			// From all others anybody can get some certificate.
			return trustManager(PemCertificates.amazonRdsOnly());
		}
		List<X509Certificate> trusted = new ArrayList<>(PemCertificates.amazonRds());
		trusted.addAll(Arrays.asList(x509(null).getAcceptedIssuers()));
		return trustManager(trusted);
	}

	private static X509TrustManager trustManager(List<X509Certificate> trusted)
			throws GeneralSecurityException, IOException {
		KeyStore keyStore = KeyStore.getInstance(KeyStore.getDefaultType());
		keyStore.load(null, null);
		for (int i = 0; i < trusted.size(); i++) {
			keyStore.setCertificateEntry(Integer.toString(i), trusted.get(i));
		}
		return x509(keyStore);
	}

	private static X509TrustManager x509(@Nullable KeyStore keyStore) throws GeneralSecurityException {
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(keyStore);
		for (TrustManager manager : factory.getTrustManagers()) {
			if (manager instanceof X509TrustManager x509) {
				return x509;
			}
		}
		throw new KeyStoreException("No X.509 trust manager");
	}

	@Override
	public SSLSocket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
		return secure(socket, new HostAndPort(host, port)).socket();
	}

	/**
	 * Put TLS over a connection.
	 * @param socket the connection, which is closed with the one that is returned
	 * @param address where it goes to
	 * @return the connection with TLS over it, before the handshake
	 * @throws IOException if there is no such endpoint
	 */
	SecuredChannel secure(Socket socket, HostAndPort address) throws IOException {
		DatabaseEndpoint endpoint = resolve(address);
		// Also the name in the TLS hello.
		SSLSocket tls = (SSLSocket) delegate().createSocket(socket, endpoint.hostname(), address.port(), true);
		TlsSettings settings = this.settings;
		SSLParameters parameters = tls.getSSLParameters();
		if (settings.mode() == TlsMode.VERIFY_FULL) {
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
		}
		if (!settings.protocols().isEmpty()) {
			parameters.setProtocols(settings.protocols().toArray(String[]::new));
		}
		if (!settings.cipherSuites().isEmpty()) {
			parameters.setCipherSuites(settings.cipherSuites().toArray(String[]::new));
		}
		tls.setSSLParameters(parameters);
		SecuredChannel channel = new SecuredChannel(endpoint, tls, settings.mode());
		channel.enter();
		return channel;
	}

	private DatabaseEndpoint resolve(HostAndPort address) throws IOException {
		try {
			return this.endpoints.resolve(address);
		}
		catch (RuntimeException ex) {
			// What a driver expects, and takes as a reason to try the next host.
			throw new IOException(ex.getMessage(), ex);
		}
	}

	// Drivers negotiate TLS on a connection that is open already; they use none of these.

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		return createSocket(new Socket(host, port), host, port, true);
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
		return createSocket(new Socket(host, port, localHost, localPort), host, port, true);
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return createSocket(new Socket(host, port), host.getHostAddress(), port, true);
	}

	@Override
	public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
			throws IOException {
		return createSocket(new Socket(address, port, localAddress, localPort), address.getHostAddress(), port, true);
	}

	@Override
	public String[] getDefaultCipherSuites() {
		return delegate().getDefaultCipherSuites();
	}

	@Override
	public String[] getSupportedCipherSuites() {
		return delegate().getSupportedCipherSuites();
	}

	/**
	 * For {@link TlsMode#REQUIRE}, which the user has to ask for in so many words. An
	 * extended trust manager, as the JDK would add checks of its own to another.
	 */
	private static final class TrustsAnything extends X509ExtendedTrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}

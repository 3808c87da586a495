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

import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * A connection that this library has put TLS over: what proves, when a driver asks for a
 * token, which endpoint it is for and that it may be sent.
 *
 * @param endpoint what answers at the other end
 * @param socket encrypts and verifies
 * @param mode what it verifies
 */
record SecuredChannel(DatabaseEndpoint endpoint, SSLSocket socket, TlsMode mode) {

	private static final String NO_TOKEN = "No token was given to the driver for this connection, because ";

	/**
	 * Drivers negotiate TLS and log in on one thread, one connection after the other, and
	 * not all tell their callbacks which connection it is.
	 */
	private static final ThreadLocal<@Nullable SecuredChannel> CURRENT = new ThreadLocal<>();

	/** Of this thread from now on. */
	void enter() {
		CURRENT.set(this);
	}

	/**
	 * Return this thread's channel, which is good for one login.
	 * @return the channel
	 * @throws IllegalStateException if there is none
	 */
	static SecuredChannel take() {
		SecuredChannel channel = CURRENT.get();
		CURRENT.remove();
		if (channel == null) {
			throw notEncrypted();
		}
		return channel;
	}

	/** Leave nothing of a login that has ended behind. */
	static void leave() {
		CURRENT.remove();
	}

	/**
	 * Make sure that a token may be sent.
	 * @return how it would be encrypted
	 * @throws IllegalStateException if the handshake did not succeed, or the server is
	 * another one
	 */
	NegotiatedTls requireVerified() {
		// Waits for the handshake, and is invalid if that failed.
		SSLSession session = this.socket.getSession();
		if (this.socket.isClosed() || !session.isValid()) {
			throw notEncrypted();
		}
		if (this.mode == TlsMode.VERIFY_FULL && !isIssuedFor(session, this.endpoint.hostname())) {
			throw new IllegalStateException(
					NO_TOKEN + "the server's certificate does not name " + this.endpoint.hostname(),
					new CertificateException("No name matching " + this.endpoint.hostname() + " found"));
		}
		return NegotiatedTls.of(session);
	}

	private static boolean isIssuedFor(SSLSession session, String hostname) {
		try {
			return session.getPeerCertificates()[0] instanceof X509Certificate certificate
					&& CertificateNames.contain(certificate, hostname);
		}
		catch (SSLPeerUnverifiedException | CertificateParsingException ex) {
			return false;
		}
	}

	/**
	 * Return the exception for a connection that TLS was not put over.
	 * @return the exception to throw
	 */
	static IllegalStateException notEncrypted() {
		return new IllegalStateException(NO_TOKEN + "it is not encrypted");
	}

}

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

import java.security.cert.X509Certificate;
import java.time.Instant;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

/**
 * How the newest connection is encrypted.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipherSuite such as {@code TLS_AES_256_GCM_SHA384}
 * @param peerSubject whom the server's certificate names, or {@code null} if it has none
 * @param peerIssuer who vouches for that, or {@code null} if it has none
 * @param peerExpiresAt when the certificate ends, or {@code null} if it has none
 */
public record NegotiatedTls(String protocol, String cipherSuite, @Nullable String peerSubject,
		@Nullable String peerIssuer, @Nullable Instant peerExpiresAt) {

	static NegotiatedTls of(SSLSession session) {
		X509Certificate peer = peer(session);
		return new NegotiatedTls(session.getProtocol(), session.getCipherSuite(),
				(peer != null) ? peer.getSubjectX500Principal().getName() : null,
				(peer != null) ? peer.getIssuerX500Principal().getName() : null,
				(peer != null) ? peer.getNotAfter().toInstant() : null);
	}

	private static @Nullable X509Certificate peer(SSLSession session) {
		try {
			return (session.getPeerCertificates()[0] instanceof X509Certificate peer) ? peer : null;
		}
		catch (SSLPeerUnverifiedException ex) {
			return null;
		}
	}

}

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

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

import org.jspecify.annotations.Nullable;

/**
 * The names that a server's certificate was issued for.
 * <p>
 * The JDK verifies the name during the handshake, but takes the one that a driver has put
 * into the TLS hello as well: behind a tunnel that is the tunnel's.
 */
final class CertificateNames {

	/** As {@link X509Certificate#getSubjectAlternativeNames()} numbers them. */
	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	private CertificateNames() {
	}

	/**
	 * Return whether a certificate was issued for a host.
	 * @param certificate the server's certificate
	 * @param hostname a host name or an address, in lower case
	 * @return {@code true} if one of its alternative names is that name, or covers it
	 * with a wildcard for the first label
	 * @throws CertificateParsingException if the names cannot be read
	 */
	static boolean contain(X509Certificate certificate, String hostname) throws CertificateParsingException {
		Collection<List<?>> names = certificate.getSubjectAlternativeNames();
		if (names != null && names.stream().anyMatch((name) -> matches(name, hostname))) {
			return true;
		}
		// As the JDK does for a certificate without names of hosts.
		return (names == null || names.stream().noneMatch((name) -> Integer.valueOf(DNS_NAME).equals(name.get(0))))
				&& hostname.equals(commonName(certificate));
	}

	private static @Nullable String commonName(X509Certificate certificate) {
		try {
			return new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()
				.stream()
				.filter((rdn) -> rdn.getType().equalsIgnoreCase("CN"))
				.map((rdn) -> rdn.getValue().toString().toLowerCase(Locale.ROOT))
				.findFirst()
				.orElse(null);
		}
		catch (InvalidNameException ex) {
			return null;
		}
	}

	private static boolean matches(List<?> name, String hostname) {
		if (!(name.get(0) instanceof Integer type) || !(name.get(1) instanceof String value)) {
			return false;
		}
		String issuedFor = value.toLowerCase(Locale.ROOT);
		if (type == DNS_NAME) {
			return issuedFor.equals(hostname)
					|| (issuedFor.startsWith("*.") && issuedFor.substring(1).equals(withoutFirstLabel(hostname)));
		}
		return type == IP_ADDRESS && isSameAddress(issuedFor, hostname);
	}

	/** An IPv6 address can be written in several ways. */
	private static boolean isSameAddress(String address, String hostname) {
		try {
			// Asks nobody, as both are addresses.
			return address.equals(hostname) || (hostname.indexOf(':') != -1
					&& InetAddress.getByName(address).equals(InetAddress.getByName(hostname)));
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	private static String withoutFirstLabel(String hostname) {
		int dot = hostname.indexOf('.');
		return (dot > 0) ? hostname.substring(dot) : "";
	}

}

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
package io.github.iamdatasource.emulator.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority that lives as long as one emulator, and the certificate of its
 * server. No key ever leaves the process.
 */
public final class CertificateAuthority {

	/** Clients compare with their own clock, never with one that a test injects. */
	private static final Duration VALIDITY = Duration.ofDays(30);

	private final SecureRandom random = new SecureRandom();

	private final X500Name name = new X500Name(
			"O=iam-datasource emulator,CN=iam-datasource emulator CA " + HexFormat.of().formatHex(randomBytes(4)));

	private final KeyPair keys;

	private final X509Certificate certificate;

	/**
	 * Makes a new authority.
	 * @throws GeneralSecurityException if this JDK cannot
	 */
	public CertificateAuthority() throws GeneralSecurityException {
		this.keys = newKeys();
		this.certificate = issue(this.name, this.keys, new BasicConstraints(0),
				new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign), null);
	}

	/**
	 * The authority's certificate, which clients have to trust.
	 * @return PEM
	 */
	public String certificatePem() {
		try {
			String base64 = Base64.getMimeEncoder(64, new byte[] { '\n' })
				.encodeToString(this.certificate.getEncoded());
			return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("A certificate just made cannot be encoded", ex);
		}
	}

	/**
	 * TLS for a server of the given name, with a certificate from this authority.
	 * @param hostname a DNS name or an IPv4 address
	 * @return a context to make server sockets with
	 * @throws GeneralSecurityException if this JDK cannot
	 */
	public SSLContext serverContext(String hostname) throws GeneralSecurityException {
		KeyPair serverKeys = newKeys();
		boolean address = hostname.matches("[0-9]+(\\.[0-9]+){3}");
		GeneralNames names = new GeneralNames(
				new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, hostname));
		// The name is in the alternative names: a common name has room for 64 characters
		// only.
		X509Certificate serverCertificate = issue(new X500Name("CN=iam-datasource emulator"), serverKeys,
				new BasicConstraints(false), new KeyUsage(KeyUsage.digitalSignature), names);
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		char[] password = HexFormat.of().formatHex(randomBytes(16)).toCharArray();
		try {
			keyStore.load(null, null);
		}
		catch (IOException ex) {
			throw new GeneralSecurityException(ex);
		}
		keyStore.setKeyEntry("server", serverKeys.getPrivate(), password,
				new Certificate[] { serverCertificate, this.certificate });
		KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keyManagers.init(keyStore, password);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keyManagers.getKeyManagers(), null, this.random);
		return context;
	}

	private X509Certificate issue(X500Name subject, KeyPair subjectKeys, BasicConstraints constraints, KeyUsage usage,
			@Nullable GeneralNames names) throws GeneralSecurityException {
		Instant now = Instant.now();
		X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(this.name,
				new BigInteger(1, randomBytes(16)).setBit(0), Date.from(now.minus(Duration.ofDays(1))),
				Date.from(now.plus(VALIDITY)), subject, subjectKeys.getPublic());
		try {
			JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
			builder.addExtension(Extension.basicConstraints, true, constraints);
			builder.addExtension(Extension.keyUsage, true, usage);
			builder.addExtension(Extension.subjectKeyIdentifier, false,
					extensions.createSubjectKeyIdentifier(subjectKeys.getPublic()));
			builder.addExtension(Extension.authorityKeyIdentifier, false,
					extensions.createAuthorityKeyIdentifier(this.keys.getPublic()));
			if (names != null) {
				builder.addExtension(Extension.extendedKeyUsage, false,
						new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
				builder.addExtension(Extension.subjectAlternativeName, false, names);
			}
			return new JcaX509CertificateConverter().getCertificate(
					builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(this.keys.getPrivate())));
		}
		catch (IOException | OperatorCreationException ex) {
			throw new GeneralSecurityException("The emulator's certificate could not be made", ex);
		}
	}

	private static KeyPair newKeys() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		return generator.generateKeyPair();
	}

	private byte[] randomBytes(int count) {
		byte[] bytes = new byte[count];
		this.random.nextBytes(bytes);
		return bytes;
	}

}

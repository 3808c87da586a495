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
package io.github.iamdatasource.integration;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority whose certificates and keys can be written to files, for a
 * server that is not Java's.
 */
final class FileAuthority {

	private final SecureRandom random = new SecureRandom();

	private final X500Name name;

	private final KeyPair keys;

	private final X509Certificate certificate;

	FileAuthority() throws IOException, GeneralSecurityException {
		this(new X500Name("CN=Authority " + Long.toHexString(new SecureRandom().nextLong())));
	}

	private FileAuthority(X500Name name) throws IOException, GeneralSecurityException {
		this.name = name;
		this.keys = newKeys("EC", 256);
		this.certificate = issue(this.name, this.keys, new BasicConstraints(0), null);
	}

	/**
	 * Writes the authority's own certificate.
	 */
	void writeCertificate(Path file) throws IOException, GeneralSecurityException {
		writePem(file, this.certificate);
	}

	/**
	 * Another authority that only has the same name.
	 */
	FileAuthority impostor() throws IOException, GeneralSecurityException {
		return new FileAuthority(this.name);
	}

	/**
	 * Writes the certificate and the key of a client, as PEM and as PKCS 8 in DER.
	 */
	void writeClient(String commonName, Path certificateFile, Path keyFile)
			throws IOException, GeneralSecurityException {
		KeyPair clientKeys = newKeys("EC", 256);
		writePem(certificateFile, issueClient(commonName, clientKeys));
		createPrivate(keyFile);
		Files.write(keyFile, clientKeys.getPrivate().getEncoded());
	}

	/**
	 * Writes the certificate and the key of a client into one file, under the alias that
	 * the driver looks for.
	 */
	void writeClientKeyStore(String commonName, Path file, String password)
			throws IOException, GeneralSecurityException {
		KeyPair clientKeys = newKeys("RSA", 2048);
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		keyStore.load(null, null);
		keyStore.setKeyEntry("user", clientKeys.getPrivate(), password.toCharArray(),
				new Certificate[] { issueClient(commonName, clientKeys), this.certificate });
		createPrivate(file);
		try (OutputStream out = Files.newOutputStream(file)) {
			keyStore.store(out, password.toCharArray());
		}
	}

	private X509Certificate issueClient(String commonName, KeyPair clientKeys)
			throws IOException, GeneralSecurityException {
		return issue(new X500Name("CN=" + commonName), clientKeys, new BasicConstraints(false), null);
	}

	/**
	 * Writes the certificate and the key of a server.
	 */
	void writeServer(String hostname, Path certificateFile, Path keyFile) throws IOException, GeneralSecurityException {
		KeyPair serverKeys = newKeys("EC", 256);
		writePem(certificateFile, issue(new X500Name("CN=Server"), serverKeys, new BasicConstraints(false),
				new GeneralNames(new GeneralName(GeneralName.dNSName, hostname))));
		createPrivate(keyFile);
		writePem(keyFile, serverKeys.getPrivate());
	}

	/**
	 * TLS for a server of the given name, which trusts this authority's clients.
	 */
	SSLContext serverContext(String hostname) throws IOException, GeneralSecurityException {
		KeyPair serverKeys = newKeys("EC", 256);
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		keyStore.load(null, null);
		keyStore.setKeyEntry("server", serverKeys.getPrivate(), new char[0],
				new Certificate[] { issue(new X500Name("CN=Server"), serverKeys, new BasicConstraints(false),
						new GeneralNames(new GeneralName(GeneralName.dNSName, hostname))) });
		keyStore.setCertificateEntry("authority", this.certificate);
		KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keyManagers.init(keyStore, new char[0]);
		TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trustManagers.init(keyStore);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
		return context;
	}

	private X509Certificate issue(X500Name subject, KeyPair subjectKeys, BasicConstraints constraints,
			GeneralNames names) throws GeneralSecurityException, IOException {
		Instant now = Instant.now();
		X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(this.name, new BigInteger(64, this.random),
				Date.from(now.minus(Duration.ofDays(1))), Date.from(now.plus(Duration.ofDays(2))), subject,
				subjectKeys.getPublic())
			.addExtension(Extension.basicConstraints, true, constraints);
		if (names != null) {
			builder.addExtension(Extension.subjectAlternativeName, false, names);
		}
		try {
			return new JcaX509CertificateConverter().getCertificate(
					builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(this.keys.getPrivate())));
		}
		catch (OperatorCreationException ex) {
			throw new GeneralSecurityException(ex);
		}
	}

	private static KeyPair newKeys(String algorithm, int size) throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
		generator.initialize(size);
		return generator.generateKeyPair();
	}

	private static void createPrivate(Path file) throws IOException {
		Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
	}

	/**
	 * Writes a key in DER once more, as PEM.
	 */
	static Path pem(Path derFile, Path file) throws IOException {
		createPrivate(file);
		writePem(file, "PRIVATE KEY", Files.readAllBytes(derFile));
		return file;
	}

	private static void writePem(Path file, X509Certificate certificate)
			throws IOException, CertificateEncodingException {
		writePem(file, "CERTIFICATE", certificate.getEncoded());
	}

	private static void writePem(Path file, Key key) throws IOException {
		writePem(file, "PRIVATE KEY", key.getEncoded());
	}

	private static void writePem(Path file, String type, byte[] content) throws IOException {
		Files.writeString(file,
				"-----BEGIN " + type + "-----\n"
						+ Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content) + "\n-----END " + type
						+ "-----\n");
	}

}

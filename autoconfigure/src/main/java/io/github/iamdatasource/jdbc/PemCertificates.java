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

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * Certificate authorities in PEM form.
 */
public final class PemCertificates {

	private static final String RDS_ROOTS = "rds-root-certificates.pem";

	private PemCertificates() {
	}

	/**
	 * Return the certificate authorities of Amazon RDS and RDS Proxy that come with this
	 * library.
	 * @return the certificates
	 */
	static List<X509Certificate> amazonRds() {
		try (InputStream content = PemCertificates.class.getResourceAsStream(RDS_ROOTS)) {
			if (content == null) {
				throw new IllegalStateException("The resource " + RDS_ROOTS + " is missing beside "
						+ PemCertificates.class.getName() + ": the jar is incomplete");
			}
			return read(content, RDS_ROOTS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return those of {@link #amazonRds()} that vouch for databases alone. The others are
	 * Amazon's public ones, from which anybody can get a certificate for some name; RDS
	 * Proxy and Aurora DSQL have theirs from them.
	 * @return the certificates
	 */
	static List<X509Certificate> amazonRdsOnly() {
		return amazonRds().stream()
			.filter((certificate) -> certificate.getSubjectX500Principal().getName().contains("CN=Amazon RDS "))
			.toList();
	}

	/**
	 * Read a file of one or more certificates.
	 * @param file the path of the file
	 * @return the certificates, at least one
	 * @throws InvalidSettingException if the file cannot be read or holds no certificates
	 */
	public static List<X509Certificate> read(String file) {
		try (InputStream content = new FileInputStream(file)) {
			return read(content, file);
		}
		catch (IOException ex) {
			throw unreadable(file, ex);
		}
	}

	/**
	 * Read one or more certificates.
	 * @param content the PEM text
	 * @param location where it is from, for error messages
	 * @return the certificates, at least one
	 * @throws IOException if the content cannot be read
	 * @throws InvalidSettingException if it holds no certificates
	 */
	public static List<X509Certificate> read(InputStream content, String location) throws IOException {
		List<X509Certificate> certificates;
		try {
			certificates = CertificateFactory.getInstance("X.509")
				.generateCertificates(content)
				.stream()
				.map(X509Certificate.class::cast)
				.toList();
		}
		catch (CertificateException ex) {
			throw notPem(location, ex);
		}
		if (certificates.isEmpty()) {
			throw notPem(location, null);
		}
		return certificates;
	}

	/**
	 * Return the exception for a file that is not there or may not be read.
	 * @param location the file
	 * @param cause what happened
	 * @return the exception to throw
	 */
	public static InvalidSettingException unreadable(String location, IOException cause) {
		return new InvalidSettingException(
				"The file of certificate authorities '" + location + "' cannot be read ("
						+ cause.getClass().getSimpleName() + ").",
				"Check the path, and that the user who runs the application may read the file. Without the setting, the "
						+ "JDK's certificate authorities and those of Amazon RDS are trusted.",
				cause);
	}

	private static InvalidSettingException notPem(String location, @Nullable Exception cause) {
		String problem = "'" + location + "' holds no X.509 certificates in PEM form.";
		String action = "Name a file with one or more blocks that begin with -----BEGIN CERTIFICATE-----, such as the "
				+ "global-bundle.pem that Amazon RDS offers for download.";
		return (cause != null) ? new InvalidSettingException(problem, action, cause)
				: new InvalidSettingException(problem, action);
	}

}

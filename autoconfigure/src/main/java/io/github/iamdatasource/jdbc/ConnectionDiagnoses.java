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

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why there was no connection that a token could be sent over.
 *
 * @param url where it should have gone to
 */
record ConnectionDiagnoses(DriverUrl url) {

	/** What pgjdbc, Connector/J and MariaDB Connector/J say, in this order. */
	private static final Pattern NO_TLS = Pattern.compile("The server does not support SSL.*"
			+ "|.*SSL Connection required, but not (?:supported|provided) by server.*"
			+ "|.*ssl not enabled in the server.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	@Nullable LoginDiagnosis of(SQLException failure, LoginCircumstances login) {
		LoginDiagnosis notSent = notSent(failure, login);
		return (notSent != null) ? notSent : notConnected(failure, login);
	}

	/** There is no TLS that a token may be sent over. */
	private @Nullable LoginDiagnosis notSent(SQLException failure, LoginCircumstances login) {
		InvalidSettingException setting = Causes.cause(failure, InvalidSettingException.class);
		if (setting != null) {
			return new LoginDiagnosis("No token was sent. " + Causes.sentence(setting), login.facts(),
					setting.getAction());
		}
		String server = login.endpoint().hostAndPort();
		if (Causes.has(failure, CertificateExpiredException.class::isInstance)) {
			return new LoginDiagnosis(
					"No token was sent to " + server + ", because the server's certificate has expired: "
							+ Causes.sentence(failure),
					login.facts(),
					"Have the database's certificate renewed (aws rds modify-db-instance --ca-certificate-identifier …), "
							+ "or set this machine's clock, which says " + login.now() + ".");
		}
		if (Causes.has(failure, CertificateNotYetValidException.class::isInstance)) {
			return new LoginDiagnosis(
					"No token was sent to " + server + ", because the server's certificate is not valid yet: "
							+ Causes.sentence(failure),
					login.facts(), "Set this machine's clock, which says " + login.now() + ".");
		}
		if (Causes.has(failure, CertPathBuilderException.class::isInstance)) {
			return new LoginDiagnosis(
					"No token was sent to " + server
							+ ", because no trusted certificate authority vouches for the server's certificate: "
							+ Causes.sentence(failure),
					login.facts(),
					"Trusted are the certificate authorities of the JDK (with verify-full) and of Amazon RDS, unless "
							+ "iam.datasource.tls.ca-certificates names others. For a server with a certificate authority "
							+ "of its own, or in a region newer than this library, set that property to a PEM file with "
							+ "the right one.");
		}
		if (Causes.has(failure, ConnectionDiagnoses::isWrongName)) {
			return new LoginDiagnosis(
					"No token was sent, because the server's certificate does not name " + login.endpoint().hostname()
							+ ": " + Causes.sentence(failure),
					login.facts(),
					"Set iam.datasource.url to the endpoint's own name. If the URL has to name a tunnel or an alias, set "
							+ "iam.datasource.hostname to the endpoint's own name: the certificate is verified against that.");
		}
		if (isWithoutTls(failure, login)) {
			return new LoginDiagnosis(
					"No token was sent to " + login.where() + ", because the server does not offer TLS: "
							+ Causes.sentence(failure),
					login.facts(),
					"Amazon RDS and Aurora always offer it: check that the URL names the database, or a tunnel that leads "
							+ "to it, and not some other server.");
		}
		return null;
	}

	private static boolean isWrongName(Throwable cause) {
		return cause instanceof CertificateException && cause.getMessage() != null
				&& (cause.getMessage().startsWith("No subject alternative")
						|| cause.getMessage().startsWith("No name matching"));
	}

	/** pgjdbc says so in the language of the JVM. */
	private boolean isWithoutTls(SQLException failure, LoginCircumstances login) {
		boolean postgreSql = this.url.users() == DatabaseUsers.POSTGRESQL && login.tls() == null
				&& this.url.hasState(failure, "08004");
		return postgreSql || Causes.has(failure,
				(cause) -> cause.getMessage() != null && NO_TLS.matcher(cause.getMessage()).matches());
	}

	private static @Nullable LoginDiagnosis notConnected(SQLException failure, LoginCircumstances login) {
		if (login.tls() != null) {
			return null;
		}
		Map<String, String> facts = login.facts();
		UnknownHostException unknown = Causes.cause(failure, UnknownHostException.class);
		if (unknown != null) {
			return new LoginDiagnosis("There is no host of the name " + name(unknown) + ": " + Causes.sentence(failure),
					facts,
					"Check the name in iam.datasource.url against the endpoint that the RDS console shows, and that this "
							+ "machine asks the DNS of the right network: the name of a private database may not be known "
							+ "outside.");
		}
		if (Causes.has(failure, ConnectException.class::isInstance)
				&& !Causes.has(failure, (cause) -> String.valueOf(cause.getMessage()).contains("timed out"))) {
			return new LoginDiagnosis(
					"Nothing accepts connections at " + login.where() + ": " + Causes.sentence(failure), facts,
					"Check the port in iam.datasource.url, and that the database, or the tunnel to it, is "
							+ "running.");
		}
		if (login.late() || Causes.has(failure, ConnectionDiagnoses::isWithoutAnswer)) {
			return new LoginDiagnosis(login.where() + " does not answer: " + Causes.sentence(failure), facts,
					(login.isIndirect() ? "Check that the tunnel leads to the database. Otherwise, most often"
							: "Most often")
							+ " a security group does not let the connection in, or there is no route: check the "
							+ "database's inbound rules for the port " + login.endpoint().port()
							+ ", the subnets, and the VPN or peering between them.");
		}
		if (Causes.has(failure, EOFException.class::isInstance)
				|| Causes.has(failure, SocketException.class::isInstance)) {
			return new LoginDiagnosis(
					"The connection to " + login.where() + " was closed before it was encrypted: "
							+ Causes.sentence(failure),
					facts,
					"Check that the URL names the database's own port and the right kind of database. If it names a "
							+ "tunnel, its far end may be dead.");
		}
		return null;
	}

	/** With what the system says of it, or without. */
	private static String name(UnknownHostException failure) {
		String message = Causes.sentence(failure);
		int end = message.indexOf(": ");
		return (end != -1) ? message.substring(0, end) : message.substring(0, message.length() - 1);
	}

	/** Not each driver says so by an exception of its own. */
	private static boolean isWithoutAnswer(Throwable cause) {
		return cause instanceof SocketTimeoutException || cause instanceof NoRouteToHostException
				|| String.valueOf(cause.getMessage()).contains("timed out");
	}

}

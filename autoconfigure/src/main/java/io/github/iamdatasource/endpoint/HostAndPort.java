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
package io.github.iamdatasource.endpoint;

import java.util.Locale;

/**
 * Where a connection goes to, as a JDBC URL or a driver names it.
 *
 * @param host a host name or an address, in lower case; an IPv6 address without its
 * brackets
 * @param port the port
 */
public record HostAndPort(String host, int port) {

	public HostAndPort {
		if (host.startsWith("[") && host.endsWith("]")) {
			host = host.substring(1, host.length() - 1);
		}
		host = host.toLowerCase(Locale.ROOT);
	}

	/**
	 * Return whether two names are those of one host, however they are written.
	 * @param one a host name or an address
	 * @param other another one
	 * @return {@code true} if they differ in case or in a dot at the end only
	 */
	public static boolean isSameHost(String one, String other) {
		return HostNames.normalize(one).equals(HostNames.normalize(other));
	}

	@Override
	public String toString() {
		return ((this.host.indexOf(':') != -1) ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}

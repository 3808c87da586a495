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

import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;

import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.NoInitialContextException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

import io.github.iamdatasource.endpoint.UnresolvedEndpointException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Asks DNS servers through the JDK's own client, which knows the servers that the system
 * is set up with. {@link java.net.InetAddress} does not tell aliases.
 */
final class JndiNameServers implements NameServers {

	private static final String CNAME = "CNAME";

	/** Each with twice the patience of the one before. */
	private static final int ATTEMPTS = 3;

	private static final int PARTS_OF_PATIENCE = (1 << ATTEMPTS) - 1;

	private final String url;

	private JndiNameServers(String url) {
		this.url = url;
	}

	static JndiNameServers ofSystem() {
		return new JndiNameServers("dns:");
	}

	static JndiNameServers at(InetSocketAddress server) {
		String host = server.getAddress().getHostAddress();
		return new JndiNameServers("dns://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.getPort());
	}

	@Override
	public List<String> aliased(String name, Duration patience) throws NameServerException {
		try {
			InitialDirContext context = context();
			try {
				allow(patience, context);
				return values(context.getAttributes(name, new String[] { CNAME }).get(CNAME));
			}
			finally {
				context.close();
			}
		}
		catch (NamingException ex) {
			throw new NameServerException(reason(ex), ex);
		}
	}

	private InitialDirContext context() throws NamingException {
		Hashtable<String, String> environment = new Hashtable<>();
		environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
		environment.put(Context.PROVIDER_URL, this.url);
		environment.put("com.sun.jndi.dns.timeout.retries", Integer.toString(ATTEMPTS));
		return new InitialDirContext(environment);
	}

	/** Every server is waited for in every attempt, one after the other. */
	private static void allow(Duration patience, InitialDirContext context) throws NamingException {
		Object urls = context.getEnvironment().get(Context.PROVIDER_URL);
		int servers = (urls instanceof String list) ? list.split(" ").length : 1;
		long first = Math.max(patience.toMillis() / servers / PARTS_OF_PATIENCE, 1);
		context.addToEnvironment("com.sun.jndi.dns.timeout.initial", Long.toString(first));
	}

	private static List<String> values(@Nullable Attribute attribute) throws NamingException {
		List<String> values = new ArrayList<>();
		if (attribute != null) {
			NamingEnumeration<?> all = attribute.getAll();
			while (all.hasMore()) {
				values.add(String.valueOf(all.next()));
			}
		}
		return values;
	}

	private static Reason reason(NamingException failure) {
		if (failure instanceof NameNotFoundException) {
			return Reason.NOT_FOUND;
		}
		if (failure instanceof CommunicationException) {
			return (failure.getRootCause() instanceof SocketTimeoutException) ? Reason.TIMED_OUT : Reason.NO_SERVER;
		}
		return (failure instanceof NoInitialContextException) ? Reason.NO_SERVER : Reason.SERVER_FAILED;
	}

}

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

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;

/**
 * An LDAP server to which a password is a token. PostgreSQL passes on what it got inside
 * of TLS, in plain text: it listens on this machine alone.
 */
final class TokenDirectory implements AutoCloseable {

	static final String HOST = "127.0.0.1";

	private static final String USERS = "ou=users";

	/** Who a bind is turned into whose token is good. */
	private static final SimpleBindRequest ACCEPTED = new SimpleBindRequest("cn=accepted", "accepted");

	private final List<Bind> binds = new CopyOnWriteArrayList<>();

	private final InMemoryDirectoryServer server;

	/**
	 * Takes the user and the token. It knows the port of the database, which starts
	 * later.
	 */
	private volatile BiPredicate<String, String> judge = (username, token) -> false;

	TokenDirectory() throws Exception {
		InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(USERS);
		config.setSchema(null);
		config.setListenerConfigs(
				InMemoryListenerConfig.createLDAPConfig("loopback", InetAddress.getByName(HOST), 0, null));
		config.addAdditionalBindCredentials(ACCEPTED.getBindDN(), ACCEPTED.getPassword().stringValue());
		config.addInMemoryOperationInterceptor(new Interceptor());
		this.server = new InMemoryDirectoryServer(config);
		this.server.startListening();
	}

	void judgeBy(BiPredicate<String, String> judge) {
		this.judge = judge;
	}

	/**
	 * What goes behind {@code ldap} in {@code pg_hba.conf}.
	 */
	String hbaOptions() {
		return "ldapserver=%s ldapport=%d ldapprefix=\"uid=\" ldapsuffix=\",%s\"".formatted(HOST,
				this.server.getListenPort(), USERS);
	}

	List<Bind> binds() {
		return List.copyOf(this.binds);
	}

	void forgetBinds() {
		this.binds.clear();
	}

	@Override
	public void close() {
		this.server.shutDown(true);
	}

	/**
	 * A login that got as far as to its password.
	 */
	record Bind(String username, String token, boolean accepted) {

		@Override
		public String toString() {
			return "Bind[username=" + this.username + ", accepted=" + this.accepted + "]";
		}

	}

	private final class Interceptor extends InMemoryOperationInterceptor {

		@Override
		public void processSimpleBindRequest(InMemoryInterceptedSimpleBindRequest bind) throws LDAPException {
			String username = new DN(bind.getRequest().getBindDN()).getRDN().getAttributeValues()[0];
			String token = bind.getRequest().getPassword().stringValue();
			boolean accepted = TokenDirectory.this.judge.test(username, token);
			TokenDirectory.this.binds.add(new Bind(username, token, accepted));
			if (!accepted) {
				throw new LDAPException(ResultCode.INVALID_CREDENTIALS);
			}
			bind.setRequest(ACCEPTED);
		}

	}

}

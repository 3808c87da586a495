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

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.mysql.cj.exceptions.CJException;
import com.mysql.cj.protocol.AuthenticationPlugin;
import com.mysql.cj.protocol.Protocol;
import com.mysql.cj.protocol.a.NativePacketPayload;
import io.github.iamdatasource.token.TokenSigningException;
import org.jspecify.annotations.Nullable;

/**
 * Gives Connector/J the token for the connection that it is opening, once the server asks
 * for a password in the clear. It takes the place of the driver's own plugin for that.
 * <p>
 * Public because the driver creates it by its name; of no use to anybody else.
 */
public final class MySqlTokenPlugin implements AuthenticationPlugin<NativePacketPayload> {

	private @Nullable Protocol<NativePacketPayload> protocol;

	private @Nullable String username;

	private @Nullable String password;

	@Override
	public void init(Protocol<NativePacketPayload> protocol) {
		this.protocol = protocol;
	}

	@Override
	public void destroy() {
		this.username = null;
		this.password = null;
	}

	@Override
	public String getProtocolPluginName() {
		return "mysql_clear_password";
	}

	@Override
	public boolean requiresConfidentiality() {
		return true;
	}

	@Override
	public boolean isReusable() {
		return true;
	}

	@Override
	public void setAuthenticationParameters(@Nullable String user, @Nullable String password) {
		this.username = user;
		this.password = password;
	}

	@Override
	public boolean nextAuthenticationStep(@Nullable NativePacketPayload fromServer,
			List<NativePacketPayload> toServer) {
		toServer.clear();
		byte[] password = password().getBytes(StandardCharsets.UTF_8);
		byte[] terminated = new byte[password.length + 1];
		System.arraycopy(password, 0, terminated, 0, password.length);
		toServer.add(new NativePacketPayload(terminated));
		return true;
	}

	private String password() {
		if (this.protocol == null || !(this.protocol.getSocketConnection()
			.getSocketFactory() instanceof MySqlSocketFactory socketFactory)) {
			throw new CJException("No token was given to the driver for this connection, because "
					+ "something else than this library has opened it");
		}
		SecuredChannel channel = socketFactory.channel();
		if (this.password != null && !this.password.isEmpty() && !channel.endpoint().username().equals(this.username)) {
			// The application changes to a user whose password or token it has itself.
			channel.requireVerified();
			return this.password;
		}
		try {
			return DriverCallbacks.token(socketFactory.key(), channel);
		}
		catch (TokenSigningException | IllegalStateException ex) {
			// Not of the kind after which the driver goes round its hosts, again and
			// again.
			throw new CJException(ex.getMessage(), ex);
		}
	}

}

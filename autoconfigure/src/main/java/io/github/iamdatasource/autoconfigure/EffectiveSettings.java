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
package io.github.iamdatasource.autoconfigure;

import java.util.Objects;
import java.util.function.Supplier;

import io.github.iamdatasource.endpoint.PropertyNames;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * What one data source is made of: its own properties, and those that it has from the
 * primary one.
 *
 * @param beanName the name of the data source's bean
 * @param own where to connect to
 * @param username the database user
 * @param credentials whose credentials sign the tokens
 * @param token when tokens are signed anew
 * @param tls how the server proves who it is
 */
record EffectiveSettings(String beanName, Prefixed<IamDataSourceSettings> own, Prefixed<@Nullable String> username,
		Prefixed<IamDataSourceSettings.Credentials> credentials, Prefixed<IamDataSourceSettings.Token> token,
		Prefixed<IamDataSourceSettings.Tls> tls) {

	/**
	 * Return those of Spring Boot's own data source.
	 */
	static EffectiveSettings ofPrimary(IamDataSourceProperties properties) {
		String prefix = IamDataSourceProperties.PREFIX;
		return new EffectiveSettings(IamDataSources.PRIMARY, new Prefixed<>(prefix, properties),
				new Prefixed<>(prefix, properties.getUsername()),
				group(prefix, "credentials", properties.getCredentials(), IamDataSourceSettings.Credentials::new),
				group(prefix, "token", properties.getToken(), IamDataSourceSettings.Token::new),
				group(prefix, "tls", properties.getTls(), IamDataSourceSettings.Tls::new));
	}

	private static <T> Prefixed<T> group(String prefix, String name, @Nullable T value, Supplier<T> byDefault) {
		return new Prefixed<>(prefix + "." + name, (value != null) ? value : byDefault.get());
	}

	/**
	 * Return those of another data source, which has the user and each group of
	 * properties from this one unless any of the group is set.
	 * @param beanName the name of the other's bean
	 * @param prefix what the names of its own properties begin with
	 * @param own its own properties
	 */
	EffectiveSettings inheritedBy(String beanName, String prefix, IamDataSourceSettings own) {
		return new EffectiveSettings(beanName, new Prefixed<>(prefix, own),
				StringUtils.hasText(own.getUsername()) ? new Prefixed<>(prefix, own.getUsername()) : this.username,
				group(prefix + ".credentials", own.getCredentials(), this.credentials),
				group(prefix + ".token", own.getToken(), this.token), group(prefix + ".tls", own.getTls(), this.tls));
	}

	/**
	 * Return the same for another user of the same database.
	 * @param newBeanName the name of the bean that signs in as the user
	 * @param newUsername the user
	 */
	EffectiveSettings as(String newBeanName, Prefixed<@Nullable String> newUsername) {
		return new EffectiveSettings(newBeanName, this.own, newUsername, this.credentials, this.token, this.tls);
	}

	private static <T> Prefixed<T> group(String prefix, @Nullable T own, Prefixed<T> inherited) {
		return (own != null) ? new Prefixed<>(prefix, own) : inherited;
	}

	/**
	 * Return whether these are those of Spring Boot's own data source.
	 */
	boolean isPrimary() {
		return Objects.equals(this.own.prefix(), IamDataSourceProperties.PREFIX);
	}

	/**
	 * Return what the properties are called, so that each message names the right one.
	 */
	PropertyNames names() {
		return new PropertyNames(this.own.prefix(), this.username.prefix(), this.credentials.prefix(),
				this.token.prefix(), this.tls.prefix());
	}

}

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
package io.github.iamdatasource.documentation;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConfigurationKeys}: what is wrong is found.
 */
class ConfigurationKeysTests {

	private final ConfigurationKeys keys;

	ConfigurationKeysTests() throws IOException {
		this.keys = ConfigurationKeys.ofClassPath();
	}

	@ParameterizedTest
	@CsvSource({ "iam.datasource.username, app", "iam.datasource.credentials.tags.team, orders",
			"iam.datasource.tls.mode, verify-ca", "spring.datasource.hikari.maximum-pool-size, 7",
			"spring.ssl.bundle.pem.rds.reload-on-update, true",
			"spring.ssl.bundle.pem.rds.truststore.certificate, /etc/ssl/rds.pem",
			"logging.level.com.zaxxer.hikari, debug", "management.health.db.enabled, false",
			"management.endpoint.health.group.readiness.include[0], db", "iam.datasource.token.refresh-after, 20s" })
	void whatExistsIsKnown(String key, String value) {
		assertThat(this.keys.problem(key, value)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "iam.datasource.user-name, app", "iam.datasource.credentials.tag.team, orders",
			"iam.datasource.tls, verify-ca", "spring.datasource.hikari.maximum-pool-sise, 7",
			"spring.ssl.bundle.pem.rds.reload-on-updates, true",
			"spring.ssl.bundle.pem.rds.trust-store.certificate, /etc/ssl/rds.pem",
			"spring.ssl.bundle.pem.rds.truststore, /etc/ssl/rds.pem", "loging.level.com.zaxxer.hikari, debug",
			"management.health.database.enabled, false", "management.endpoint.health.group.readiness.includes[0], db" })
	void whatIsMisspeltIsNot(String key, String value) {
		assertThat(this.keys.problem(key, value)).startsWith("There is no property");
	}

	@ParameterizedTest
	@CsvSource({ "iam.datasource.tls.mode, disable", "iam.datasource.token.refresh-after, soon",
			"iam.datasource.enabled, never", "spring.datasource.hikari.maximum-pool-size, many" })
	void whatCannotBeAValueIsFound(String key, String value) {
		assertThat(this.keys.problem(key, value)).contains("cannot be '" + value + "'");
	}

	@Test
	void environmentVariableIsKnownByTheNameThatSpringBootGivesIt() {
		assertThat(this.keys.isKnownVariable("IAM_DATASOURCE_TOKEN_REFRESHAFTER")).isTrue();
		assertThat(this.keys.isKnownVariable("IAM_DATASOURCE_TOKEN_REFRESH_AFTER")).isFalse();
	}

	@Test
	void beginningOfAPropertyIsKnown() {
		assertThat(this.keys.isKnown("iam.datasource.credentials")).isTrue();
		assertThat(this.keys.isKnown("iam.datasource.credential")).isFalse();
	}

}

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

import java.nio.file.Files;
import java.nio.file.Path;

import io.github.iamdatasource.TestCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The parts of the AWS SDK that the starter brings along for some applications only: a
 * process that really lacks them, as the classes of this one are all loaded from the same
 * place.
 */
@ExtendWith(OrdersDatabase.Resolver.class)
class FootprintClassPathTests {

	/** What an application does not have that excludes {@code sts} from the starter. */
	private static final String[] LACKING = { "sts-", "aws-core-", "aws-query-protocol-", "protocol-core-",
			"utils-lite-", "rds-", "spring-cloud-aws-autoconfigure-" };

	private final OrdersDatabase database;

	@TempDir
	private Path folder;

	FootprintClassPathTests(OrdersDatabase database) {
		this.database = database;
	}

	@Test
	void signsInWithTheCredentialsOfAProfile() throws Exception {
		assertThat(run("keys", """
				[default]
				aws_access_key_id = %s
				aws_secret_access_key = %s
				""".formatted(TestCredentials.ACCESS_KEY, TestCredentials.SECRET_KEY)))
			.contains("signed in as app through ", "health UP");
	}

	@Test
	void saysThatAnAssumedRoleNeedsSts() throws Exception {
		assertThat(run("role", """
				[default]
				role_arn = arn:aws:iam::123456789012:role/app
				credential_source = Environment
				region = eu-west-1
				""")).contains("APPLICATION FAILED TO START",
				"needs a part of the AWS SDK that is not on the class path: 'sts'",
				"Add the dependency software.amazon.awssdk:sts, version ");
	}

	private String run(String name, String profile) throws Exception {
		Path configFile = Files.writeString(this.folder.resolve("config"), profile);
		return ChildApplication.signingIn("FootprintClassPathTests-" + name, this.database)
			.withoutJars(LACKING)
			.with("AWS_CONFIG_FILE", configFile)
			.with("AWS_SHARED_CREDENTIALS_FILE", this.folder.resolve("none"))
			.run("--iam.datasource.username=app");
	}

}

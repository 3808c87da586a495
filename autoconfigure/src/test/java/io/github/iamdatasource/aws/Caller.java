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
package io.github.iamdatasource.aws;

import java.util.List;

/**
 * Who has signed a request.
 *
 * @param arn the ARN of the user, or of the session of a role
 * @param names all that a role may call it in order to trust it
 * @param fromRole whether it is a session of a role
 */
record Caller(String arn, List<String> names, boolean fromRole) {

	static Caller user(String arn) {
		return new Caller(arn, List.of(arn, root(arn)), false);
	}

	static Caller session(Session session) {
		return new Caller(session.arn(), List.of(session.arn(), session.role().arn(), root(session.arn())), true);
	}

	String account() {
		return account(this.arn);
	}

	private static String account(String arn) {
		return arn.split(":")[4];
	}

	private static String root(String arn) {
		return "arn:" + arn.split(":")[1] + ":iam::" + account(arn) + ":root";
	}

}

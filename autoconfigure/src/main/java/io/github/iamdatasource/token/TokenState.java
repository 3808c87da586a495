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
package io.github.iamdatasource.token;

/**
 * Whether the next login has a token.
 */
public enum TokenState {

	/** There is no usable token and nothing went wrong: the next login has one signed. */
	ABSENT("absent"),

	/** There is a usable token. */
	USABLE("usable"),

	/** There is a usable token, but the newest attempt to sign another failed. */
	REFRESH_FAILING("refresh-failing"),

	/** There is no usable token, and the newest attempt to sign one failed. */
	UNAVAILABLE("unavailable"),

	/** No token is handed out any more. */
	CLOSED("closed");

	private final String text;

	TokenState(String text) {
		this.text = text;
	}

	@Override
	public String toString() {
		return this.text;
	}

}

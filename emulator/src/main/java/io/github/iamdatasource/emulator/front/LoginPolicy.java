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
package io.github.iamdatasource.emulator.front;

/**
 * Decides who may log in. Called by many threads at once.
 */
public interface LoginPolicy {

	/**
	 * Whether a user signs in with tokens. One who does not is asked for a password, as
	 * by RDS, and refused.
	 * @param databaseUser who the client wants to be
	 * @return whether to ask for a token
	 */
	boolean takesTokensOf(String databaseUser);

	/**
	 * Whether this login is let through.
	 * @param databaseUser who the client wants to be
	 * @param token what it sent as a password
	 * @return whether to log in to the server behind as that user
	 */
	boolean accepts(String databaseUser, String token);

	/**
	 * Told when a client wanted to log in without TLS, which is never let through.
	 * @param databaseUser who the client wanted to be
	 */
	void refusedPlaintext(String databaseUser);

	/**
	 * The user's password on the server behind.
	 * @param databaseUser an accepted user
	 * @return the password
	 */
	String passwordBehind(String databaseUser);

}

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

import java.sql.SQLException;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.endpoint.TokenService;
import io.github.iamdatasource.jdbc.RejectionClues.Clue;
import io.github.iamdatasource.token.CallerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a server did not let a user in.
 *
 * @param users how the database has them sign in with tokens
 * @param asked whether the driver sends a token only if it is asked for one
 */
record RejectionDiagnoses(DatabaseUsers users, boolean asked) {

	/** Of MySQL and MariaDB: a user who may not log in, whatever is sent. */
	private static final int ACCESS_DENIED = 1045;

	LoginDiagnosis of(SQLException failure, LoginCircumstances login) {
		return (login.token() != null) ? rejected(failure, login) : refused(failure, login);
	}

	private LoginDiagnosis rejected(SQLException failure, LoginCircumstances login) {
		Clue clue = RejectionClues.find(login, isRejectedByIam(failure, login.endpoint()));
		DatabaseEndpoint meant = (clue != null && clue.meant() != null) ? clue.meant() : login.endpoint();
		LoginAdvice advice = new LoginAdvice(meant, login.caller(), this.users);
		String rejection = "The database did not accept the token as a login of user '" + login.endpoint().username()
				+ "': " + Causes.sentence(failure);
		String check = "Check " + advice.userToCheck() + "; that the IAM policy of " + advice.policyHolder()
				+ " allows " + meant.policyAction() + " on " + advice.resource() + "; that " + meant.hostAndPort()
				+ " is the endpoint's own name and port; " + advice.whatElseToCheck();
		return new LoginDiagnosis((clue != null) ? clue.problem() + " " + rejection : rejection, login.facts(),
				(clue != null) ? clue.action() + " If that is not it: " + check : check, advice.policy(),
				advice.resourceIdCommand(), advice.sql());
	}

	/**
	 * Whether the server takes tokens from this user, and AWS did not take this one.
	 * Otherwise what the server says may be the reason itself, such as that a role may
	 * not log in; and a proxy and DSQL ask everybody for a token.
	 */
	private boolean isRejectedByIam(SQLException failure, DatabaseEndpoint endpoint) {
		boolean database = endpoint.service() == TokenService.RDS && !advice(endpoint, null).isProxy();
		return this.asked && database && (Causes.hasCode(failure, ACCESS_DENIED)
				|| Causes.has(failure, (cause) -> String.valueOf(cause.getMessage()).contains("PAM ")));
	}

	private LoginDiagnosis refused(SQLException failure, LoginCircumstances login) {
		String refusal = "The database refused the login of user '" + login.endpoint().username()
				+ "' without having been sent a token: " + Causes.sentence(failure);
		LoginAdvice advice = advice(login.endpoint(), login.caller());
		if (!Causes.has(failure, PasswordRequestedException.class::isInstance)
				&& !Causes.hasCode(failure, ACCESS_DENIED)) {
			return new LoginDiagnosis(refusal, login.facts(),
					"Check " + advice.userToCheck()
							+ "; or, if the message above speaks of something else, that the database lets this "
							+ "machine connect to it in this way.",
					null, null, advice.sql());
		}
		Clue name = RejectionClues.username(login);
		if (name != null) {
			return new LoginDiagnosis(name.problem() + " " + refusal, login.facts(), name.action());
		}
		if (advice.isProxy()) {
			return new LoginDiagnosis(
					"The proxy does not take tokens from user '" + login.endpoint().username()
							+ "': it did not ask for one. " + refusal,
					login.facts(),
					"Have the proxy require IAM authentication for this user, and check " + advice.userToCheck() + ".");
		}
		Clue clue = RejectionClues.notAsked(login, advice.takesNoTokens());
		return new LoginDiagnosis(clue.problem() + " " + refusal, login.facts(), clue.action(), null, null,
				advice.sql());
	}

	private LoginAdvice advice(DatabaseEndpoint endpoint, @Nullable CallerIdentity caller) {
		return new LoginAdvice(endpoint, caller, this.users);
	}

}

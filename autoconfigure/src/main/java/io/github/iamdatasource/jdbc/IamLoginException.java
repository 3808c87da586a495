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

/**
 * A login that failed for a reason that can be told. Has the SQL state and the vendor
 * code of its cause, which is the driver's own exception.
 */
public final class IamLoginException extends SQLException {

	private static final long serialVersionUID = 1L;

	private final LoginDiagnosis diagnosis;

	IamLoginException(LoginDiagnosis diagnosis, SQLException cause) {
		super(diagnosis.inOneLine(), cause.getSQLState(), cause.getErrorCode(), cause);
		this.diagnosis = diagnosis;
	}

	IamLoginException(LoginDiagnosis diagnosis, RuntimeException cause) {
		// 08001: the client could not establish the connection.
		super(diagnosis.inOneLine(), "08001", cause);
		this.diagnosis = diagnosis;
	}

	/**
	 * Return all that is known of the failure and can be done about it.
	 * @return the diagnosis, of which the message has all but the policy and the
	 * statements
	 */
	public LoginDiagnosis getDiagnosis() {
		return this.diagnosis;
	}

	/**
	 * Return what happened. It is also part of the message.
	 * @return one or more sentences
	 */
	public String getProblem() {
		return this.diagnosis.problem();
	}

	/**
	 * Return what to check. It is also part of the message.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.diagnosis.action();
	}

}

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

import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.endpoint.PropertyNames;
import org.jspecify.annotations.Nullable;

/**
 * A property with which the IAM data source cannot work.
 */
public final class InvalidIamDataSourceException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String property;

	private final @Nullable String value;

	private final String problem;

	private final String action;

	/**
	 * Create the exception.
	 * @param property the name of the property
	 * @param value its value as far as it may be shown, or {@code null} if it is not set
	 * @param problem what is wrong
	 * @param action what to do
	 */
	public InvalidIamDataSourceException(String property, @Nullable String value, String problem, String action) {
		this(property, value, problem, action, null);
	}

	InvalidIamDataSourceException(String property, @Nullable String value, InvalidSettingException cause,
			PropertyNames names) {
		this(property, value, names.in(String.valueOf(cause.getMessage())), names.in(cause.getAction()), cause);
	}

	private InvalidIamDataSourceException(String property, @Nullable String value, String problem, String action,
			@Nullable Throwable cause) {
		super("Property '" + property + "' " + ((value != null) ? "with value '" + value + "'" : "(not set)") + ": "
				+ problem + " " + action, cause);
		this.property = property;
		this.value = value;
		this.problem = problem;
		this.action = action;
	}

	/**
	 * Return the name of the property.
	 * @return such as {@code iam.datasource.url}
	 */
	public String getProperty() {
		return this.property;
	}

	/**
	 * Return the value of the property, without what could be secret.
	 * @return the value or {@code null} if it is not set
	 */
	public @Nullable String getValue() {
		return this.value;
	}

	/**
	 * Return what is wrong.
	 * @return one or more sentences
	 */
	public String getProblem() {
		return this.problem;
	}

	/**
	 * Return what to do.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.action;
	}

}

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

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.iamdatasource.endpoint.PropertyNames;
import org.jspecify.annotations.Nullable;

/**
 * Why a login failed, as far as it can be told from this side. Holds no token and no
 * secret.
 *
 * @param problem what is wrong, in one or more sentences of which the first names the
 * mistake, if it can be told
 * @param facts what is known of the login, such as what the token was signed for, by what
 * they are called
 * @param action what to check, in one or more sentences
 * @param policy an IAM policy that allows the login, with {@code <placeholders>}, or
 * {@code null} if it does not depend on one
 * @param resourceIdCommand the command that tells what to put in the place of
 * {@code <resource id>}, or {@code null} if there is nothing to put in
 * @param sql the statements that let the database user sign in with tokens, empty if it
 * does not depend on them
 */
public record LoginDiagnosis(String problem, Map<String, String> facts, String action, @Nullable String policy,
		@Nullable String resourceIdCommand, List<String> sql) implements Serializable {

	private static final long serialVersionUID = 1L;

	private static final String INDENT = "    ";

	public LoginDiagnosis {
		facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
		sql = List.copyOf(sql);
	}

	/** Something that neither a policy nor a statement can help. */
	LoginDiagnosis(String problem, Map<String, String> facts, String action) {
		this(problem, facts, action, null, null, List.of());
	}

	/** What failures of one kind have in common: all but what others say of it. */
	String kind() {
		int quoted = this.problem.indexOf(": ");
		return (quoted != -1) ? this.problem.substring(0, quoted) : this.problem;
	}

	/** With the properties called as those of the data source are. */
	LoginDiagnosis named(PropertyNames names) {
		return new LoginDiagnosis(names.in(this.problem), this.facts, names.in(this.action), this.policy,
				this.resourceIdCommand, this.sql);
	}

	/**
	 * Return what happened, with what is known of it.
	 * @return the problem, and a line for each fact
	 */
	public String description() {
		return this.problem + this.facts.entrySet()
			.stream()
			.map((fact) -> String.format("%n%s%s: %s", INDENT, fact.getKey(), fact.getValue()))
			.collect(Collectors.joining("", this.facts.isEmpty() ? "" : System.lineSeparator(), ""));
	}

	/**
	 * Return what to do, with what can be pasted.
	 * @return what to check, the policy and the statements
	 */
	public String instructions() {
		StringBuilder text = new StringBuilder(this.action);
		if (this.policy != null) {
			text.append(String.format("%n%nThe IAM policy that is needed:%n%n")).append(this.policy.indent(4));
		}
		if (this.resourceIdCommand != null) {
			text.append(String.format("%nIts <resource id>, which is not the name of the database:%n%n%s%s%n", INDENT,
					this.resourceIdCommand));
		}
		if (!this.sql.isEmpty()) {
			text.append(String.format("%n%sIn the database:%n%n", (this.policy != null) ? "" : "\n"));
			this.sql.forEach((statement) -> text.append(INDENT).append(statement).append(System.lineSeparator()));
		}
		return text.toString().stripTrailing();
	}

	/**
	 * Return all that is known, on one line, without what can be pasted.
	 */
	String inOneLine() {
		return this.problem + this.facts.entrySet()
			.stream()
			.map((fact) -> fact.getKey() + ": " + fact.getValue())
			.collect(Collectors.joining("; ", this.facts.isEmpty() ? "" : " [", this.facts.isEmpty() ? "" : "]")) + " "
				+ this.action;
	}

	/**
	 * Return all that is known and can be done, as it is logged.
	 * @return several lines
	 */
	@Override
	public String toString() {
		return description() + System.lineSeparator() + System.lineSeparator() + instructions();
	}

}

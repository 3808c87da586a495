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

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Comparator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.iamdatasource.jdbc.IamLoginException;
import io.github.iamdatasource.jdbc.LoginAttempt;
import io.github.iamdatasource.jdbc.LoginDiagnosis;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.AbstractBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Explains a start-up that failed because of a login where whoever wanted to log in drops
 * the cause: Hibernate, which only says that it cannot determine the dialect, or a pool
 * that nobody got a connection from in time.
 */
class HiddenLoginFailureAnalyzer implements FailureAnalyzer {

	private final BeanFactory beanFactory;

	HiddenLoginFailureAnalyzer(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
			.filter((cause) -> whoHides(cause) != null)
			.findFirst()
			.flatMap((hiding) -> lastFailure().map((login) -> analysis(login.getDiagnosis(), hiding, failure)))
			.orElse(null);
	}

	private static FailureAnalysis analysis(LoginDiagnosis diagnosis, Throwable hiding, Throwable failure) {
		return new FailureAnalysis(
				String.format("%s%n%n%s only says: %s", diagnosis.description(), whoHides(hiding), hiding.getMessage()),
				diagnosis.instructions(), failure);
	}

	private static @Nullable String whoHides(Throwable cause) {
		if (cause.getClass().getName().startsWith("org.hibernate.")) {
			return "Hibernate";
		}
		boolean waitedInVain = cause instanceof SQLTransientConnectionException
				|| cause.getClass().getName().equals("org.apache.tomcat.jdbc.pool.PoolExhaustedException")
				|| (cause instanceof SQLException && cause.getCause() instanceof NoSuchElementException);
		return waitedInVain ? "The pool" : null;
	}

	// The beans are gone by now, but not those who have looked after them.
	private Optional<IamLoginException> lastFailure() {
		if (!(this.beanFactory instanceof AbstractBeanFactory factory)) {
			return Optional.empty();
		}
		return factory.getBeanPostProcessors()
			.stream()
			.filter(IamDataSourceBeanPostProcessor.class::isInstance)
			.map(IamDataSourceBeanPostProcessor.class::cast)
			.flatMap((postProcessor) -> postProcessor.getUsed().stream())
			.map((used) -> used.snapshot().lastLogin())
			.filter(Objects::nonNull)
			// Of several data sources, the one whose login was the last to fail.
			.filter((login) -> login.failure() instanceof IamLoginException)
			.max(Comparator.comparing(LoginAttempt::at))
			.map((login) -> (IamLoginException) login.failure());
	}

}

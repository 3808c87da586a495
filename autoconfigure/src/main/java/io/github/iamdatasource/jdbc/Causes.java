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
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What is said by a failure and those that have caused it.
 */
final class Causes {

	/** Causes may go round in a circle. */
	private static final int DEPTH = 10;

	private Causes() {
	}

	static boolean has(Throwable failure, Predicate<Throwable> predicate) {
		return causes(failure).anyMatch(predicate);
	}

	static boolean hasCode(Throwable failure, int code) {
		return has(failure, (cause) -> cause instanceof SQLException sql && sql.getErrorCode() == code);
	}

	static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
		return causes(failure).filter(type::isInstance).map(type::cast).findFirst().orElse(null);
	}

	private static Stream<Throwable> causes(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(DEPTH);
	}

	/**
	 * Return what a failure says, on one line: some have the SQL state, or what the
	 * server says besides, on lines of their own, and whoever is taken for the server may
	 * say anything.
	 */
	static String sentence(Throwable failure) {
		String message = String.valueOf(failure.getMessage()).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
		return message.endsWith(".") ? message : message + ".";
	}

	/**
	 * Return what a failure and its causes say, for one that nothing more is known of.
	 */
	static String all(Throwable failure) {
		return causes(failure).map((cause) -> cause.getClass().getName() + ": " + sentence(cause))
			.collect(Collectors.joining(" Caused by "));
	}

}

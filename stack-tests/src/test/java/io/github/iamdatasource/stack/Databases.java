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
package io.github.iamdatasource.stack;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import io.github.iamdatasource.emulator.EmulatorException;
import io.github.iamdatasource.emulator.Engine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.support.TypeBasedParameterResolver;
import org.opentest4j.TestAbortedException;

/**
 * The databases that all tests share, each started for the first that asks for it and
 * closed after the last.
 */
final class Databases implements AutoCloseable {

	/** What the emulator says of a server that this machine cannot run. */
	private static final Pattern CANNOT_RUN_HERE = Pattern
		.compile("on Linux on x86-64 only|no embedded My|loading shared libraries");

	private final Map<Engine, Database> started = new EnumMap<>(Engine.class);

	private final Map<Engine, String> missing = new EnumMap<>(Engine.class);

	synchronized Database of(Engine engine) {
		String reason = this.missing.get(engine);
		if (reason != null) {
			throw new TestAbortedException(reason);
		}
		return this.started.computeIfAbsent(engine, this::start);
	}

	private Database start(Engine engine) {
		try {
			return Database.start(engine);
		}
		catch (EmulatorException ex) {
			String reason = String.valueOf(ex.getMessage());
			if (!CANNOT_RUN_HERE.matcher(reason).find()) {
				throw ex;
			}
			System.out.println("Skipping what needs " + engine + ": " + reason);
			this.missing.put(engine, reason);
			throw new TestAbortedException(reason, ex);
		}
	}

	@Override
	public synchronized void close() throws IOException {
		closeAll(this.started.values().iterator());
	}

	/** One that cannot be closed shall not keep the others running. */
	private static void closeAll(Iterator<Database> databases) throws IOException {
		if (databases.hasNext()) {
			Database database = databases.next();
			try {
				database.close();
			}
			finally {
				closeAll(databases);
			}
		}
	}

	/**
	 * Gives tests the databases as a parameter, or the one with PostgreSQL.
	 */
	static final class Resolver extends TypeBasedParameterResolver<Databases> implements BeforeAllCallback {

		/** For the static methods in which Spring asks for properties. */
		private static volatile @Nullable Databases current;

		@Override
		public void beforeAll(ExtensionContext context) {
			current = databases(context);
		}

		@Override
		public Databases resolveParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
			return databases(extensionContext);
		}

		static Database postgres() {
			return Objects.requireNonNull(current).of(Engine.POSTGRESQL);
		}

		private static Databases databases(ExtensionContext context) {
			return context.getRoot()
				.getStore(ExtensionContext.Namespace.GLOBAL)
				.computeIfAbsent(Databases.class, (key) -> new Databases(), Databases.class);
		}

	}

}

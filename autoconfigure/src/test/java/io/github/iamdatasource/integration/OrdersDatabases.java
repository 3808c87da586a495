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
package io.github.iamdatasource.integration;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.iamdatasource.emulator.EmulatorException;
import io.github.iamdatasource.emulator.Engine;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.support.TypeBasedParameterResolver;
import org.opentest4j.TestAbortedException;

/**
 * An emulated RDS instance of each engine, started for the first test that asks for it.
 */
final class OrdersDatabases implements AutoCloseable {

	/** What the emulator says of a server that this machine cannot run. */
	private static final Pattern CANNOT_RUN_HERE = Pattern
		.compile("on Linux on x86-64 only|no embedded My|loading shared libraries");

	private final Map<Engine, OrdersDatabase> started = new EnumMap<>(Engine.class);

	private final Map<Engine, String> missing = new EnumMap<>(Engine.class);

	/**
	 * Return the database of an engine.
	 * @param engine the engine
	 * @return the one that all tests share
	 * @throws TestAbortedException if this machine cannot run it
	 */
	synchronized OrdersDatabase of(Engine engine) {
		String reason = this.missing.get(engine);
		if (reason != null) {
			throw new TestAbortedException(reason);
		}
		return this.started.computeIfAbsent(engine, this::start);
	}

	private OrdersDatabase start(Engine engine) {
		try {
			return OrdersDatabase.start(engine);
		}
		catch (EmulatorException ex) {
			RuntimeException skipped = skippedOr(engine, ex);
			if (skipped instanceof TestAbortedException) {
				this.missing.put(engine, String.valueOf(skipped.getMessage()));
			}
			throw skipped;
		}
	}

	/**
	 * Tell a server that this machine cannot run from one that fails.
	 * @return what to throw: that the test is skipped, or the failure
	 */
	static RuntimeException skippedOr(Engine engine, EmulatorException failure) {
		String reason = String.valueOf(failure.getMessage());
		if (!CANNOT_RUN_HERE.matcher(reason).find()) {
			return failure;
		}
		System.out.println("Skipping what needs " + engine + ": " + reason);
		return new TestAbortedException(reason, failure);
	}

	@Override
	public synchronized void close() throws IOException {
		closeAll(this.started.values().iterator());
	}

	/** One that cannot be closed shall not keep the others running. */
	private static void closeAll(Iterator<OrdersDatabase> databases) throws IOException {
		if (databases.hasNext()) {
			OrdersDatabase database = databases.next();
			try {
				database.close();
			}
			finally {
				closeAll(databases);
			}
		}
	}

	/**
	 * Gives tests the databases as a parameter.
	 */
	static final class Resolver extends TypeBasedParameterResolver<OrdersDatabases> {

		@Override
		public OrdersDatabases resolveParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
			return databases(extensionContext);
		}

		static OrdersDatabases databases(ExtensionContext context) {
			return context.getRoot()
				.getStore(ExtensionContext.Namespace.GLOBAL)
				.computeIfAbsent(OrdersDatabases.class, (key) -> new OrdersDatabases(), OrdersDatabases.class);
		}

	}

}

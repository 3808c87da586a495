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

import java.util.stream.Stream;

import io.github.iamdatasource.emulator.Engine;

/**
 * A driver with a server that it is for, under a pool.
 *
 * @param driver the driver
 * @param engine the server
 * @param pool the pool
 */
record Combination(TestedDriver driver, Engine engine, Pool pool) {

	static Stream<Combination> all() {
		return Stream.of(TestedDriver.values()).flatMap(Combination::of);
	}

	static Stream<Combination> of(TestedDriver driver) {
		return driver.engines()
			.stream()
			.flatMap((engine) -> Stream.of(Pool.values()).map((pool) -> new Combination(driver, engine, pool)));
	}

	@Override
	public String toString() {
		return this.driver + "/" + this.engine + "/" + this.pool;
	}

}
